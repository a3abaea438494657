import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Node, Volume } from '../../models/graph.ts';
import type { Network } from '../../models/network.ts';
import type { LrnRule, Projection, Rule, SeenImage } from '../../workers/contract.ts';
import type { RampTheme } from '../../viz/ramps.ts';
import type { ValueRange } from '../../viz/scale.ts';
import { formatPercent, formatValue } from '../../viz/numbers.ts';
import { boxSize, wholeBox, type PixelBox } from '../../viz/displayCrop.ts';
import type { Choices, Failure, Request } from '../store/types.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import ui from '../ui/ui.module.css';
import { ChannelMapView, type Unit } from './ChannelMapView.tsx';
import { Choice } from './Choice.tsx';
import { FieldPicture } from './FieldPicture.tsx';
import { fieldFrame, seenBox } from './fieldFrame.ts';
import { projectionPicture, saveFigure, type Contrast } from './projectionPicture.ts';
import { viewRequest } from './requestView.ts';
import { fileName } from './savePng.ts';
import styles from './ProjectionPanel.module.css';

export interface ProjectionPanelProps {
  readonly network: Network;
  readonly node: Node;
  readonly channel: number;
  readonly seed: Choices['seed'];
  /** Where the chosen map is largest: what the seed 'strongest' means. */
  readonly strongest: Unit;
  readonly rule: Rule;
  readonly lrn: LrnRule | null;
  readonly seen: SeenImage | null;
  readonly projection: Request<Projection>;
  readonly channelMap: Request<Volume>;
  readonly range: ValueRange;
  readonly theme: RampTheme;
  readonly onSeed: (seed: Choices['seed']) => void;
  readonly onRule: (rule: Rule) => void;
  readonly onLrn: (lrn: LrnRule | null) => void;
  readonly onHoverUnit: (unit: Unit | null) => void;
  readonly onCancel: () => void;
  readonly onRetry: () => void;
}

const rules: readonly Rule[] = ['deconvnet', 'guided', 'gradient'];
const lrnRules: readonly LrnRule[] = ['identity', 'vjp', 'scale'];

/** One chosen map: the map itself, the patch that its unit sees, and what the rule brings back to the pixels. */
export function ProjectionPanel(props: ProjectionPanelProps) {
  const { node, channel, rule, projection } = props;
  const { t } = useTranslation('maps');
  const { value, failure } = viewRequest(projection);
  return (
    <section className={styles.panel} aria-label={t('projectionOf', { node: node.id, channel })}>
      <Pictures {...props} />
      <ProgressLine request={projection} label={t('projecting')} onCancel={props.onCancel} />
      {failure && <ProjectionFailure failure={failure} {...props} />}
      {failure?.code !== 'projection-undefined' && <Notes rule={rule} projection={value} node={node} />}
    </section>
  );
}

/** Why there is no picture. What no second try can change offers another way instead. */
function ProjectionFailure({ failure, onRule, onRetry }: ProjectionPanelProps & { failure: Failure }) {
  const { t } = useTranslation('maps');
  if (failure.code === 'unit-inactive') return <FailureNote failure={failure} />;
  if (failure.code !== 'projection-undefined') return <FailureNote failure={failure} onRetry={onRetry} />;
  return (
    <FailureNote failure={failure}>
      <button type="button" className={ui.button} onClick={() => onRule('gradient')}>
        {t('useGradient')}
      </button>
    </FailureNote>
  );
}

function SeedChoice({ seed, strongest, onSeed }: ProjectionPanelProps) {
  const { t } = useTranslation('maps');
  const picked = typeof seed === 'object' ? seed : null;
  return (
    <Choice
      label={t('seed')}
      value={typeof seed === 'object' ? 'unit' : seed}
      options={[
        { value: 'strongest', text: t('seeds.strongest') },
        { value: 'unit', text: picked ? t('seeds.unitAt', picked) : t('seeds.unit') },
        { value: 'map', text: t('seeds.map') },
      ]}
      onChange={(next) => {
        onSeed(next === 'unit' ? strongest : next);
      }}
    />
  );
}

function LrnChoice({ lrn, rule, onLrn }: ProjectionPanelProps) {
  const { t } = useTranslation('maps');
  return (
    <span className={styles.lrn} title={t('lrnHint')}>
      <span aria-hidden="true">{t('lrn')}</span>
      <Choice
        quiet
        label={t('lrn')}
        value={lrn ?? (rule === 'deconvnet' ? 'identity' : 'vjp')}
        options={lrnRules.map((each) => ({ value: each, text: t(`lrnRules.${each}`) }))}
        onChange={onLrn}
      />
    </span>
  );
}

function Pictures(props: ProjectionPanelProps) {
  const { network, node, channel, rule, seen, range, theme } = props;
  const { t } = useTranslation('maps');
  const projection = viewRequest(props.projection);
  const channelMap = viewRequest(props.channelMap);
  const [whole, setWhole] = useState(false);
  const [pointed, setPointed] = useState<Unit | null>(null);
  const [contrast, setContrast] = useState<Contrast>('max');
  const shown = projection.value;
  const picture = useMemo(() => shown && projectionPicture(shown, contrast), [shown, contrast]);
  const vector = node.shape[0] * node.shape[1] === 1;
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

  const hasLrn = network.graph.nodes.some(({ op }) => op.kind === 'lrn');
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
          <Choice
            label={t('rule')}
            value={rule}
            options={rules.map((each) => ({ value: each, text: t(`rules.${each}`) }))}
            onChange={props.onRule}
          />
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
      {current && (
        <div className={styles.under}>
          {hasLrn && <LrnChoice {...props} />}
          <label className={styles.check} title={t('percentileHint')}>
            <input
              type="checkbox"
              checked={contrast !== 'max'}
              onChange={(event) => setContrast(event.target.checked ? 'p99.5' : 'max')}
            />
            {t('percentile')}
          </label>
          <button type="button" className={styles.save} onClick={save}>
            <Download size={14} aria-hidden="true" />
            {t('savePng')}
          </button>
        </div>
      )}
    </>
  );
}

function sameBox(a: PixelBox, b: PixelBox): boolean {
  return a.top === b.top && a.left === b.left && a.bottom === b.bottom && a.right === b.right;
}

function unitText(t: TFunction<'maps'>, map: Volume | null, unit: Unit | null): string {
  if (!map) return '';
  if (!unit) return t('wholeMap');
  const value = map.values[unit.y * map.shape[1] + unit.x];
  return value === undefined ? '' : t('unitReading', { ...unit, value: formatValue(value) });
}

function Notes({ rule, projection, node }: { rule: Rule; projection: Projection | null; node: Node }) {
  const { t } = useTranslation('maps');
  const mine = projection !== null && projection.request.node === node.id ? projection : null;
  return (
    <div className={styles.notes}>
      {mine && rule === 'deconvnet' && mine.switches === 0 && (
        <p className={styles.warning} role="note">
          {t('noSwitches')}
        </p>
      )}
      <p>
        {t(`ruleShows.${rule}`)}
        {mine && mine.switches > 0 && <> {t('switches', { count: mine.switches })}</>}
        {mine && rule !== 'deconvnet' && mine.switches === 0 && <> {t('switches', { count: 0 })}</>}
      </p>
      {node.op.kind === 'softmax' && <p>{t('softmaxNote')}</p>}
      <p>{t('normalised')}</p>
    </div>
  );
}
