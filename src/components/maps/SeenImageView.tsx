import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Node } from '../../models/graph.ts';
import { nodesById } from '../../models/lookup.ts';
import type { Network } from '../../models/network.ts';
import { buildNetwork } from '../zoo.ts';
import type { FieldBox, SeenImage } from '../../workers/contract.ts';
import { boxSize, boxWithin, wholeBox } from '../../viz/displayCrop.ts';
import { useStore } from '../store/store.ts';
import { seenBox } from './fieldFrame.ts';
import { ChosenPicture } from './ChosenPicture.tsx';
import { useHoverUnit } from './hoverUnit.ts';
import { isVector } from './paintTiles.ts';
import { PixelCanvas } from './PixelCanvas.tsx';
import { viewRequest } from './requestView.ts';
import { placedAt } from './placedAt.ts';
import styles from './SeenImageView.module.css';

/** Whose field is outlined: the unit under the pointer, the projected one, or the layer's middle one as an example. */
export type Looking = 'hovered' | 'chosen' | 'middle' | 'map' | 'vector';

interface Field {
  readonly node: string;
  readonly looking: Looking;
  readonly unit: { readonly y: number; readonly x: number } | null;
  readonly box: FieldBox | null;
}

/** What the network saw of the picture, with the receptive field of the unit that is looked at. */
export function SeenImageView() {
  const request = useStore((s) => s.seen);
  const seen = viewRequest(request);
  const ref = useStore((s) => s.network);
  const field = useField(buildNetwork(ref));
  if (!seen.value) return <ChosenPicture />;
  // After a picture that cannot be read the last one is still what the network sees: it is not stale.
  return <SeenImageFigure seen={seen.value} stale={request.state === 'busy'} field={field} />;
}

function useField(network: Network): Field | null {
  const layer = useStore((s) => s.layer);
  const channel = useStore((s) => s.channel);
  const seed = useStore((s) => s.seed);
  const maps = viewRequest(useStore((s) => s.maps)).value;
  const hovered = useHoverUnit((s) => s.unit);
  return useMemo(() => {
    const { graph } = network;
    const node = layer === null ? undefined : nodesById(graph).get(layer);
    if (!node || node.op.kind === 'input') return null;
    if (isVector(node)) {
      const box = seenBox(graph, node.id, null);
      return { node: node.id, looking: 'vector', unit: null, box };
    }
    if (hovered?.node === node.id) {
      const { node: id, channel: map, y, x } = hovered;
      return {
        node: id,
        looking: 'hovered',
        unit: { y, x },
        box: seenBox(graph, id, { y, x }, map),
      };
    }
    const stats = channel === null || maps?.node !== node.id ? undefined : maps.stats[channel];
    const unit = seed === 'map' ? null : seed === 'strongest' ? stats : seed;
    if (channel === null || unit === undefined) {
      const middle = middleOf(node);
      return { node: node.id, looking: 'middle', unit: middle, box: seenBox(graph, node.id, middle) };
    }
    const looking = unit === null ? 'map' : 'chosen';
    return { node: node.id, looking, unit, box: seenBox(graph, node.id, unit, channel) };
  }, [network, layer, channel, seed, maps, hovered]);
}

function middleOf({ shape: [height, width] }: Node) {
  return { y: Math.floor(height / 2), x: Math.floor(width / 2) };
}

/** The picture itself, for the store above and for tests. */
export function SeenImageFigure({
  seen,
  stale,
  field,
}: {
  seen: SeenImage;
  stale: boolean;
  field: Field | null;
}) {
  const { t } = useTranslation('maps');
  const { width, height } = seen.seen;
  // A digit of 32 pixels needs no large picture: its caption stands beside it.
  const small = width < 100;
  const box = field?.box ?? null;
  const outline = box && boxWithin(box, wholeBox(width, height));
  const size = box && boxSize(box);
  return (
    <figure className={styles.figure} data-stale={stale || undefined} data-small={small || undefined}>
      <div className={styles.picture} style={{ aspectRatio: `${width} / ${height}` }}>
        <PixelCanvas
          pixels={seen.seen}
          label={t('seenAlt', { width, height })}
          className={small ? styles.coarse : styles.fine}
        />
        {outline && (
          <span
            // The field of another thing is another outline: the first does not travel there.
            key={field?.looking}
            className={styles.box}
            data-looking={field?.looking}
            style={placedAt(outline)}
          />
        )}
      </div>
      <figcaption className={styles.caption}>
        {!small && <CropSketch seen={seen} />}
        <span>
          {small && <>{t('digit.seen')} </>}
          {field && size
            ? t(`field.${field.looking}`, {
                node: field.node,
                y: field.unit?.y,
                x: field.unit?.x,
                width: size.width,
                height: size.height,
              })
            : field
              ? t('field.padding', { node: field.node })
              : t('seenCaption', { width, height })}
        </span>
      </figcaption>
    </figure>
  );
}

/** The original's outline and the part of it that the network saw, at one small size. */
function CropSketch({ seen: { original, crop } }: { seen: SeenImage }) {
  const { t } = useTranslation('maps');
  // The crop of a digit may reach past the picture: both are shown, to scale.
  const left = Math.min(0, crop.x);
  const top = Math.min(0, crop.y);
  const width = Math.max(original.width, crop.x + crop.width) - left;
  const height = Math.max(original.height, crop.y + crop.height) - top;
  const stroke = Math.max(width, height) / 32;
  const label = t('cropAlt', {
    width: original.width,
    height: original.height,
    cropWidth: Math.round(crop.width),
    cropHeight: Math.round(crop.height),
  });
  return (
    <svg
      className={styles.sketch}
      viewBox={`${left - stroke} ${top - stroke} ${width + 2 * stroke} ${height + 2 * stroke}`}
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <rect
        className={styles.original}
        width={original.width}
        height={original.height}
        style={{ strokeWidth: stroke * 0.7 }}
      />
      <rect
        className={styles.crop}
        x={crop.x}
        y={crop.y}
        width={crop.width}
        height={crop.height}
        style={{ strokeWidth: stroke * 1.3 }}
      />
    </svg>
  );
}
