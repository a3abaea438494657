import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { nodesById } from '../../models/lookup.ts';
import type { Node } from '../../models/graph.ts';
import type { Network } from '../../models/network.ts';
import { buildNetwork } from '../zoo.ts';
import { kernelImages, type KernelImages } from '../../viz/kernels.ts';
import { packMosaic, tileBox, tileSize } from '../../viz/mosaic.ts';
import { formatValue } from '../../viz/numbers.ts';
import { useStore } from '../store/store.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { useSize } from './hooks.ts';
import { PixelCanvas } from './PixelCanvas.tsx';
import { viewRequest } from './requestView.ts';
import styles from './KernelGrid.module.css';

/** The first layer's kernels as pictures; for other layers the reason why there are none. */
export function KernelGrid() {
  const { t } = useTranslation('maps');
  const network = buildNetwork(useStore((s) => s.network));
  const layer = useStore((s) => s.layer);
  const request = useStore((s) => s.kernels);
  const retry = useStore((s) => s.retry);
  const { value, stale, failure } = viewRequest(request);
  const node = layer === null ? undefined : nodesById(network.graph).get(layer);
  const images = useMemo(() => (value && value.node === layer ? kernelImages(value) : null), [value, layer]);
  if (!node || node.op.kind === 'input') return null;
  const first = firstConvolution(network);
  if (node.id !== first?.id) {
    if (node.op.kind === 'conv') {
      const depth = node.op.table ? null : inputChannels(network, node) / node.op.groups;
      return (
        <p className={styles.note}>
          {depth === null ? t('kernelsTable') : t('kernelsDeep', { count: depth })}
        </p>
      );
    }
    return first ? <p className={styles.note}>{t('kernelsElsewhere', { node: first.id })}</p> : null;
  }
  if (failure) return <FailureNote failure={failure} onRetry={retry} />;
  if (!images) return <p className={styles.note}>{t('kernelsNotYet')}</p>;
  return (
    <div className={styles.kernels} data-stale={stale || undefined}>
      <KernelPictures images={images} />
    </div>
  );
}

function firstConvolution(network: Network): Node | undefined {
  return network.graph.nodes.find(({ op }) => op.kind === 'conv');
}

function inputChannels(network: Network, node: Node): number {
  return nodesById(network.graph).get(node.inputs[0]!)!.shape[2];
}

/** All kernels by one scale on one canvas, with their count and what the colours mean. */
export function KernelPictures({ images }: { images: KernelImages }) {
  const { t } = useTranslation('maps');
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useSize(frame);
  const { count, height: rows, width: columns, depth, s } = images;
  const mosaic = useMemo(
    () => packMosaic(count, tileSize(rows, columns, 28), width, 2),
    [count, rows, columns, width],
  );
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    element.width = Math.ceil(mosaic.width * ratio);
    element.height = Math.ceil(mosaic.height * ratio);
    context.imageSmoothingEnabled = false;
    const small = document.createElement('canvas');
    small.width = columns;
    small.height = rows;
    const smallContext = small.getContext('2d', { willReadFrequently: true });
    if (!smallContext) return;
    for (let i = 0; i < count; i += 1) {
      smallContext.putImageData(new ImageData(images.rgba(i), columns, rows), 0, 0);
      const box = tileBox(mosaic, i);
      const place = [box.left, box.top, box.width, box.height].map((v) => Math.round(v * ratio));
      context.drawImage(small, place[0]!, place[1]!, place[2]!, place[3]!);
    }
  }, [images, mosaic, width, count, rows, columns]);
  const text = t(depth === 3 ? 'kernelsColour' : 'kernelsGrey', { count, height: rows, width: columns });
  return (
    <figure className={styles.figure}>
      <div ref={frame} className={styles.frame} style={{ height: mosaic.height }}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={text}
          style={{ width: mosaic.width, height: mosaic.height }}
        />
      </div>
      <figcaption className={styles.caption}>
        <span>{text}</span>
        <KernelScale s={s} colour={depth === 3} />
      </figcaption>
    </figure>
  );
}

function KernelScale({ s, colour }: { s: number; colour: boolean }) {
  const { t } = useTranslation('maps');
  const pixels = useMemo(() => {
    const data = new Uint8ClampedArray(255 * 4);
    for (let i = 0; i < 255; i += 1) data.set([i + 1, i + 1, i + 1, 255], i * 4);
    return { width: 255, height: 1, data };
  }, []);
  const ends = { low: formatValue(-s), high: formatValue(s) };
  return (
    <span className={styles.scale}>
      <span className={styles.number}>{ends.low}</span>
      <PixelCanvas
        pixels={pixels}
        label={t(colour ? 'kernelScaleColour' : 'kernelScale', ends)}
        className={styles.ramp}
      />
      <span className={styles.number}>{ends.high}</span>
    </span>
  );
}
