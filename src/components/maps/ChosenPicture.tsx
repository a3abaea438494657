import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../store/store.ts';
import styles from './SeenImageView.module.css';

/** The picture that the network will look at, until it has; as high as that with its caption, so that nothing moves. */
export function ChosenPicture() {
  const { t } = useTranslation('maps');
  const picture = useChosenPicture();
  return (
    <div className={styles.figure}>
      {picture ? (
        <Middle of={picture} label={t('chosenAlt')} />
      ) : (
        <div className={styles.empty}>{t('noPicture')}</div>
      )}
      <div className={styles.caption}>{picture && t('chosenCaption')}</div>
    </div>
  );
}

/** The most that is drawn of a picture, px a side. */
const mostSide = 512;

/** The middle square of a picture, which is what most networks will see of it. */
function Middle({ of, label }: { readonly of: ImageBitmap; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = of;
  const edge = Math.min(width, height);
  const side = Math.min(edge, mostSide);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.imageSmoothingQuality = 'high';
    context.drawImage(of, (width - edge) / 2, (height - edge) / 2, edge, edge, 0, 0, side, side);
  }, [of, width, height, edge, side]);
  return (
    <canvas ref={canvas} width={side} height={side} className={styles.chosen} role="img" aria-label={label} />
  );
}

/** The chosen picture, decoded; null: none that can be shown. What is wrong with it is said once a network is to look at it. */
function useChosenPicture(): ImageBitmap | null {
  const image = useStore((s) => s.image);
  const tried = useStore((s) => s.tried);
  const read = useStore((s) => s.chosenPicture);
  // Before the list of weights is here nobody knows whether the network will look at anything.
  const expected = useStore((s) => s.manifest.state === 'done' && s.seen.state !== 'failed');
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const latest = useRef<{ readonly blob: Blob; readonly picture: Promise<ImageBitmap> } | null>(null);
  useEffect(() => {
    if (!expected) return;
    let wanted = true;
    const show = async (): Promise<void> => {
      const blob = await read();
      // The same picture is asked for again once it is the page's choice.
      if (blob !== (latest.current?.blob ?? null)) latest.current = blob && { blob, picture: decoded(blob) };
      const next = (await latest.current?.picture) ?? null;
      if (wanted) setPicture(next);
    };
    show().catch(() => {
      if (!wanted) return;
      // What was shown is closed: chosen again, it is decoded again.
      latest.current = null;
      setPicture(null);
    });
    return () => {
      wanted = false;
    };
  }, [image, tried, read, expected]);
  useEffect(() => () => picture?.close(), [picture]);
  return expected ? picture : null;
}

// The reader of headers comes with the first picture: the first drawing does without.
const decoded = async (blob: Blob): Promise<ImageBitmap> =>
  (await import('./decodePicture.ts')).decodePicture(blob);
