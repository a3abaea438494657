import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../store/store.ts';
import styles from './SeenImageView.module.css';

/** The picture that the network will look at, until it has; as high as that with its caption, so that nothing moves. */
export function ChosenPicture() {
  const { t } = useTranslation('maps');
  const picture = useChosenPicture();
  const [broken, setBroken] = useState<string | null>(null);
  const shown = picture !== null && picture !== broken;
  return (
    <div className={styles.figure}>
      {shown ? (
        // What is wrong with a picture is said once it is read for the network.
        <img
          className={styles.chosen}
          src={picture}
          alt={t('chosenAlt')}
          onError={() => setBroken(picture)}
        />
      ) : (
        <div className={styles.empty}>{t('noPicture')}</div>
      )}
      <div className={styles.caption}>{shown && t('chosenCaption')}</div>
    </div>
  );
}

/** An address of the chosen picture; null: none that can be shown. */
function useChosenPicture(): string | null {
  const image = useStore((s) => s.image);
  const tried = useStore((s) => s.tried);
  const read = useStore((s) => s.chosenPicture);
  // Before the list of weights is here nobody knows whether the network will look at anything.
  const expected = useStore((s) => s.manifest.state === 'done' && s.seen.state !== 'failed');
  const [address, setAddress] = useState<string | null>(null);
  const held = useRef<{ readonly blob: Blob; readonly address: string } | null>(null);
  useEffect(() => {
    if (!expected) return;
    let wanted = true;
    const show = (blob: Blob | null) => {
      // The same picture is asked for again once it is the page's choice.
      if (!wanted || blob === (held.current?.blob ?? null)) return;
      if (held.current) URL.revokeObjectURL(held.current.address);
      held.current = blob && { blob, address: URL.createObjectURL(blob) };
      setAddress(held.current?.address ?? null);
    };
    // A picture that cannot be had is told by the request that wants it for the network.
    void read()
      .catch(() => null)
      .then(show);
    return () => {
      wanted = false;
    };
  }, [image, tried, read, expected]);
  useEffect(
    () => () => {
      if (held.current) URL.revokeObjectURL(held.current.address);
      held.current = null;
    },
    [],
  );
  return expected ? address : null;
}
