import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Volume } from '../../models/graph.ts';
import { formatPercent, formatValue } from '../../viz/numbers.ts';
import { boxSize, sameBox, wholeBox } from '../../viz/displayCrop.ts';
import { ChannelMapView } from './ChannelMapView.tsx';
import { Choice } from './Choice.tsx';
import { FieldPicture } from './FieldPicture.tsx';
import { fieldFrame, seenBox } from './fieldFrame.ts';
import { LrnChoice, RuleChoice, SeedChoice } from './ProjectionChoices.tsx';
import { isVector } from './paintTiles.ts';
import { projectionPicture, saveFigure, type Contrast } from './projectionPicture.ts';
import type { ProjectionPanelProps, Unit } from './projectionProps.ts';
import { viewRequest } from './requestView.ts';
import { fileName } from './savePng.ts';
import styles from './ProjectionPanel.module.css';

/** Map, patch and projection side by side at one size, each under the choice that makes it. */
export function ProjectionPictures(props: ProjectionPanelProps) {
  const { network, node, channel, seen, range, theme } = props;
  const { t } = useTranslation('maps');
  const projection = viewRequest(props.projection);
  const channelMap = viewRequest(props.channelMap);
  const [whole, setWhole] = useState(false);
  const [pointed, setPointed] = useState<Unit | null>(null);
  const [contrast, setContrast] = useState<Contrast>('max');
  const shown = projection.value;
  const picture = useMemo(() => shown && projectionPicture(shown, contrast), [shown, contrast]);
  const vector = isVector(node);
  // Another layer's projection is no previous state of this one.
  const current = shown && picture && shown.request.node === node.id ? { shown, picture } : null;
  const stale = projection.stale || (current !== null && current.shown.request.channel !== channel);

  const { graph } = network;
  const unit = props.seed === 'map' ? null : props.seed === 'strongest' ? props.strongest : props.seed;
  const box = seenBox(graph, node.id, unit, channel);
  const input = graph.nodes[0]!.shape;
  const image = wholeBox(input[1], input[0]);
  const field = box ? fieldFrame(graph, node, box, unit) : image;
  const same = sameBox(field, image);
  const frame = whole ? image : field;
  const scale = current?.picture.scale;
  const scaleText = !scale
    ? ''
    : scale.allZero
      ? t('allZero')
      : scale.s === 0
        ? t('percentileZero')
        : t('scaleLine', {
            s: formatValue(scale.s),
            clipped: scale.clippedShare === 0 ? '0' : formatPercent(scale.clippedShare),
          });
  const place = unit ? t('seeds.unitAt', unit) : t('seeds.map');

  const save = () => {
    if (!current || !seen) return;
    const { shown: done, picture: drawn } = current;
    const head = t('figureHead', { network: network.info.name, node: node.id, channel, place });
    const how = t('figureHow', { rule: t(`rules.${done.request.rule}`), scale: scaleText });
    void saveFigure(
      {
        seen: seen.seen,
        projection: drawn.pixels,
        frame,
        box: done.box,
        captions: [head, how, t('figureSpace')],
      },
      fileName([network.ref, node.id, channel, done.request.rule], 'png'),
    );
  };

  const size = boxSize(frame);
  return (
    <>
      <div className={styles.trio} data-vector={vector || undefined}>
        {!vector && (
          <figure className={styles.figure}>
            <SeedChoice {...props} />
            <div className={styles.frame} data-stale={channelMap.stale || undefined}>
              {channelMap.value && (
                <ChannelMapView
                  map={channelMap.value}
                  range={range}
                  theme={theme}
                  unit={unit}
                  onPoint={(unit) => {
                    setPointed(unit);
                    props.onHoverUnit(unit);
                  }}
                  onPick={props.onSeed}
                />
              )}
            </div>
            <figcaption>
              {t('mapCaption', { channel, height: node.shape[0], width: node.shape[1] })}
              <br />
              <span className={styles.number} id="maps-unit-reading" aria-live="polite">
                {unitText(t, channelMap.value, pointed ?? unit)}
              </span>
            </figcaption>
          </figure>
        )}
        <figure className={styles.figure}>
          <Choice
            label={t('show')}
            value={whole || same ? 'image' : 'field'}
            options={[
              ...(same ? [] : [{ value: 'field' as const, text: t('showField') }]),
              { value: 'image' as const, text: t('showImage') },
            ]}
            onChange={(next) => setWhole(next === 'image')}
          />
          <div className={styles.frame}>
            {seen && (
              <FieldPicture pixels={seen.seen} frame={frame} box={box ?? frame} label={t('patchAlt')} />
            )}
          </div>
          <figcaption>
            {whole || same ? t('imageCaption') : t('patchCaption')}
            <br />
            <span className={styles.number}>{t('pixels', size)}</span>
          </figcaption>
        </figure>
        <figure className={styles.figure}>
          <RuleChoice {...props} />
          <div className={styles.frame} data-stale={stale || undefined}>
            {current && (
              <FieldPicture
                pixels={current.picture.pixels}
                frame={frame}
                box={current.shown.box}
                label={t('projectionAlt', {
                  rule: t(`rules.${current.shown.request.rule}`),
                  channel,
                  place,
                })}
              />
            )}
          </div>
          <figcaption>
            {t('projectionCaption')}
            <br />
            <span className={styles.number} data-zero={scale?.s === 0 || undefined}>
              {scaleText}
            </span>
          </figcaption>
        </figure>
      </div>
      {(current || !projection.failure) && (
        <div className={styles.under}>
          <LrnChoice {...props} />
          <label className={styles.check} title={t('percentileHint')}>
            <input
              type="checkbox"
              disabled={!current}
              checked={contrast !== 'max'}
              onChange={(event) => setContrast(event.target.checked ? 'p99.5' : 'max')}
            />
            {t('percentile')}
          </label>
          <button type="button" className={styles.save} disabled={!current} onClick={save}>
            <Download size={14} aria-hidden="true" />
            {t('savePng')}
          </button>
        </div>
      )}
    </>
  );
}

function unitText(t: TFunction<'maps'>, map: Volume | null, unit: Unit | null): string {
  if (!map) return '';
  if (!unit) return t('wholeMap');
  const value = map.values[unit.y * map.shape[1] + unit.x];
  return value === undefined ? '' : t('unitReading', { ...unit, value: formatValue(value) });
}
