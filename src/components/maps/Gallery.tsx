import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Node } from '../../models/graph.ts';
import type { Network } from '../../models/network.ts';
import type { Projections } from '../../workers/contract.ts';
import { formatValue } from '../../viz/numbers.ts';
import { useStore } from '../store/store.ts';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import ui from '../ui/ui.module.css';
import { Choice } from './Choice.tsx';
import { saveGallery } from './galleryPicture.ts';
import { galleryTiles, type GalleryTile } from './galleryTiles.ts';
import { isVector } from './paintTiles.ts';
import { PixelCanvas } from './PixelCanvas.tsx';
import { RuleChoice } from './ProjectionChoices.tsx';
import { ProjectionFailure } from './ProjectionPanel.tsx';
import { viewRequest } from './requestView.ts';
import { fileName } from './savePng.ts';
import notes from './notes.module.css';
import styles from './Gallery.module.css';

/** The layer's strongest channels for this picture, each projected beside what it saw: figure 2 of the ZFNet paper. */
export function Gallery({ network, node }: { network: Network; node: Node }) {
  const { t } = useTranslation('maps');
  const request = useStore((s) => s.gallery);
  const seen = useStore((s) => s.seen);
  const channel = useStore((s) => s.channel);
  const rule = useStore((s) => s.rule);
  const chooseChannel = useStore((s) => s.chooseChannel);
  const chooseRule = useStore((s) => s.chooseRule);
  const cancel = useStore((s) => s.cancel);
  const retry = useStore((s) => s.retry);
  const [show, setShow] = useState<'field' | 'image'>('field');
  const { value, stale, failure } = viewRequest(request);
  const mine = value?.request.node === node.id ? value : null;
  const pixels = viewRequest(seen).value?.seen;
  const tiles = useMemo(
    () => (mine && pixels ? galleryTiles(network, node, mine, pixels, show) : null),
    [network, node, mine, pixels, show],
  );
  const vector = isVector(node);

  return (
    <div className={styles.gallery}>
      <div className={styles.controls}>
        <RuleChoice rule={rule} onRule={chooseRule} />
        {!vector && (
          <Choice
            label={t('show')}
            value={show}
            options={[
              { value: 'field', text: t('showField') },
              { value: 'image', text: t('showImage') },
            ]}
            onChange={setShow}
          />
        )}
        {mine && tiles && tiles.length > 0 && (
          <button
            type="button"
            className={ui.iconButton}
            aria-label={t('gallery.save')}
            title={t('gallery.save')}
            onClick={() => void save(t, network, node, mine, tiles)}
          >
            <Download size={16} aria-hidden="true" />
          </button>
        )}
      </div>
      <ProgressLine request={request} label={t('gallery.projecting')} onCancel={cancel} />
      {failure && <ProjectionFailure failure={failure} onRule={chooseRule} onRetry={retry} />}
      {mine && tiles && (
        <>
          <p className="visually-hidden" role="status">
            {request.state === 'done' && t('gallery.done', { count: tiles.length, node: node.id })}
          </p>
          <ul
            className={styles.tiles}
            aria-label={t('gallery.label', { node: node.id })}
            data-stale={stale || undefined}
          >
            {tiles.map((tile) => (
              <li key={tile.channel}>
                <Tile
                  tile={tile}
                  vector={vector}
                  chosen={tile.channel === channel}
                  onChoose={() => chooseChannel(tile.channel)}
                />
              </li>
            ))}
          </ul>
          <Notes projections={mine} vector={vector} />
        </>
      )}
    </div>
  );
}

function Tile({
  tile: { channel, value, unit, patch, projection, full },
  vector,
  chosen,
  onChoose,
}: {
  tile: GalleryTile;
  vector: boolean;
  chosen: boolean;
  onChoose: () => void;
}) {
  const { t } = useTranslation('maps');
  return (
    <button
      type="button"
      className={styles.tile}
      aria-pressed={chosen}
      title={full === 0 ? t('allZero') : t('gallery.scale', { s: formatValue(full) })}
      data-channel={channel}
      onClick={onChoose}
    >
      <span className={styles.pair}>
        <PixelCanvas pixels={patch} className={styles.picture} />
        <PixelCanvas pixels={projection} className={styles.picture} />
      </span>
      <span className={styles.caption}>
        <span>{t(vector ? 'gallery.unitName' : 'gallery.mapName', { channel })}</span>{' '}
        <span className={styles.value}>{formatValue(value)}</span>
      </span>{' '}
      <span className="visually-hidden">
        {vector ? t('gallery.unitTile') : t('gallery.tile', { y: unit?.y, x: unit?.x })}
      </span>
    </button>
  );
}

/** What the pictures are, and what is not among them. */
function Notes({
  projections: { projections, missing, request },
  vector,
}: {
  projections: Projections;
  vector: boolean;
}) {
  const { t } = useTranslation('maps');
  const blind = request.rule === 'deconvnet' && projections[0]?.switches === 0;
  return (
    <div className={notes.notes}>
      {missing.length > 0 && (
        <p>
          {projections.length === 0
            ? t('gallery.none')
            : t(vector ? 'gallery.fewerUnits' : 'gallery.fewer', { count: projections.length })}
        </p>
      )}
      {blind && <p className={notes.warning}>{t('noSwitches')}</p>}
      {projections.length > 0 && <p>{t('gallery.how')}</p>}
    </div>
  );
}

function save(
  t: TFunction<'maps'>,
  network: Network,
  node: Node,
  { request: { rule } }: Projections,
  tiles: readonly GalleryTile[],
): Promise<void> {
  const head = t('gallery.head', { network: network.info.name, node: node.id, count: tiles.length });
  const how = t('gallery.figureHow', { rule: t(`rules.${rule}`) });
  const vector = isVector(node);
  const captions = tiles.map(
    ({ channel, value }) =>
      `${t(vector ? 'gallery.unitName' : 'gallery.mapName', { channel })}  ${formatValue(value)}`,
  );
  return saveGallery(
    { tiles, captions, head, notes: [how, t('figureSpace')] },
    fileName([network.ref, node.id, 'strongest', rule], 'png'),
  );
}
