import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { layersOf, stagesOf, type Stage } from '../../models/compare.ts';
import { barChart, type BarRow } from '../../viz/chartBars.ts';
import { formatBytes, formatExact, formatSi } from '../../viz/numbers.ts';
import { useStore } from '../store/store.ts';
import { Segments } from '../ui/Segments.tsx';
import { ChartView } from './ChartView.tsx';
import { Preview } from './pair/Preview.tsx';
import { useNear } from './pair/useNear.ts';
import type { Compared } from './useCompared.ts';
import { useWidth } from './useWidth.ts';
import page from './compare.module.css';
import styles from './stages.module.css';

type Detail = 'stages' | 'layers';

/** Whole numbers of a unit need no digits behind the point on an axis. */
const short = (text: string) => text.replace(/\.0+(?=\D|$)/, '');
/** Bytes are drawn in MiB, or the ticks of their axis would not be round. */
const MiB = 2 ** 20;
const panels = [
  { id: 'params', format: (value: number) => short(formatSi(value)) },
  { id: 'macs', format: (value: number) => short(formatSi(value)) },
  { id: 'activations', format: (value: number) => short(formatBytes(value * MiB)) },
] as const;

interface Found {
  readonly of: Compared;
  readonly stage: Stage;
}

/** A target is a segment on one of the panels. */
const segmentOf = (target: string): string => target.split(':')[1]!;
const behind = (found: ReadonlyMap<string, Found>, target: string): Found => found.get(segmentOf(target))!;

/** Where parameters, work and activations sit along the depth of every chosen network. */
export function Stages({ networks }: { readonly networks: readonly Compared[] }) {
  const { t } = useTranslation('compare');
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const chooseLayer = useStore((s) => s.chooseLayer);
  const [detail, setDetail] = useState<Detail>('stages');
  const [box, width] = useWidth<HTMLDivElement>();
  const section = useRef<HTMLElement>(null);
  const near = useNear(section);
  /** The last segment that was pointed at: its diagram stays, so that nothing moves under the hand. */
  const [pointed, setPointed] = useState<string | null>(null);
  // The switch answers at once; hundreds of bars are drawn in slices.
  const shown = useDeferredValue(detail);
  const { rows, found } = useMemo(() => {
    const known = new Map<string, Found>();
    const bars = networks.map((of, place): BarRow => {
      const { graph, info } = of.network;
      const stages = stagesOf(graph).flatMap((stage) =>
        shown === 'layers' ? layersOf(graph, stage) : [stage],
      );
      return {
        name: info.name,
        segments: stages.map((stage, i) => {
          const id = `${place}.${i}`;
          known.set(id, { of, stage });
          const { name, kind, params, macs, activationBytes } = stage;
          return { id, name, kind, values: [params, macs, activationBytes / MiB] };
        }),
      };
    });
    return { rows: bars, found: known };
  }, [networks, shown]);
  const picture = useMemo(
    () =>
      barChart({
        width,
        title: t('stages.title'),
        panels: panels.map(({ id, format }) => ({ label: t(`stages.panel.${id}`), format })),
        rows,
        legend: {
          conv: t('stages.kind.conv'),
          dense: t('stages.kind.dense'),
          other: t('stages.kind.other'),
        },
        notes: [t('stages.note')],
      }),
    [t, width, rows],
  );
  const seen = (pointed === null ? undefined : found.get(pointed)) ?? largest(found);
  // Bars answer at once; the diagram follows in a render that the next segment may interrupt.
  const preview = useDeferredValue(seen);
  const describe = useMemo(() => {
    const words = [t('quantity.params'), t('quantity.macs'), t('stages.panel.activations')];
    return (target: string) => {
      const { of, stage } = behind(found, target);
      const count = stage.nodes.length;
      const numbers = [
        formatExact(stage.params),
        formatExact(stage.macs),
        formatBytes(stage.activationBytes),
      ];
      return {
        name: `${of.network.info.name}, ${stage.name}`,
        lines: [
          ...(count > 1 ? [t('stages.nodes', { count })] : []),
          ...words.map((word, i) => `${word} ${numbers[i]}`),
        ],
      };
    };
  }, [t, found]);
  /** Opens the network at the first layer of the stage. */
  const open = useCallback(
    (target: string) => {
      const { of, stage } = behind(found, target);
      chooseNetwork(of.ref);
      chooseLayer(stage.nodes[0] ?? null);
    },
    [found, chooseNetwork, chooseLayer],
  );
  const point = useCallback((target: string | null) => target !== null && setPointed(segmentOf(target)), []);
  return (
    <section aria-labelledby="compare-stages" ref={section} data-follows>
      <div className={page.bar}>
        <h2 id="compare-stages">{t('stages.heading')}</h2>
        <Segments
          label={t('stages.detail')}
          value={detail}
          options={[
            { value: 'stages', text: t('stages.by.stages') },
            { value: 'layers', text: t('stages.by.layers') },
          ]}
          onChange={setDetail}
        />
      </div>
      {preview !== undefined && (
        <figure className={styles.preview}>
          <figcaption>
            <strong>{preview.of.network.info.name}</strong>
            {`, ${preview.stage.name} `}
            <span>{t('stages.preview')}</span>
          </figcaption>
          {/* A picture of what the bars say: nothing to operate, nothing for a screen reader to read twice. */}
          <div className={styles.room} inert>
            {near && <Preview network={preview.of.network} nodes={preview.stage.nodes} />}
          </div>
        </figure>
      )}
      <div ref={box} className={page.chart}>
        {width > 0 && (
          <ChartView
            picture={picture}
            fileName="where-the-size-sits"
            describe={describe}
            onOpen={open}
            onPoint={point}
          />
        )}
      </div>
    </section>
  );
}

/** Where most of the parameters sit: what is shown before anything was pointed at. */
function largest(found: ReadonlyMap<string, Found>): Found | undefined {
  const all = [...found.values()];
  return all.reduce<Found | undefined>(
    (best, each) => (best && best.stage.params >= each.stage.params ? best : each),
    undefined,
  );
}
