import { useTranslation } from 'react-i18next';
import {
  chartedErrors,
  errorAxes,
  protocolClass,
  quantities,
  type Comparison,
  type Measures,
  type ProtocolClass,
  type Quantity,
} from '../../models/compare.ts';
import type { NetworkInfo, PublishedError } from '../../models/network.ts';
import { members } from '../../models/zoo/index.ts';
import { bubbleChart } from '../../viz/chartBubble.ts';
import type { Form } from '../../viz/chartParts.ts';
import { formatBytes, formatExact, formatSi, THIN_SPACE } from '../../viz/numbers.ts';
import { useStore } from '../store/store.ts';
import { useFrame } from '../ui/useMedia.ts';
import { Segments } from '../ui/Segments.tsx';
import { ChartView } from './ChartView.tsx';
import { written } from './columns.ts';
import type { Compared } from './useCompared.ts';
import { useMeasures } from './useMeasures.ts';
import { useWidth } from './useWidth.ts';
import styles from './chart.module.css';
import page from './compare.module.css';

const imageNet = members.filter(({ dataset }) => dataset === 'ImageNet-1k');
const linear: ReadonlySet<Quantity> = new Set<Quantity>(['year']);

const formOf: Readonly<Record<ProtocolClass, Form>> = {
  single: 'circle',
  crops: 'diamond',
  ensemble: 'square',
  unknown: 'triangle',
};

/** Memory is drawn in MiB, or the ticks of its axis would not be round. */
const MiB = 2 ** 20;
const drawn = (key: Quantity, own: Measures) => (key === 'memory' ? own[key] / MiB : own[key]);
/** All years are nearly the same number: as an area they count from the year before the first network. */
const yearZero = 1997;
const areaOf = (key: Quantity, own: Measures) => (key === 'year' ? own.year - yearZero : drawn(key, own));

/** Ticks are round: no digits that say nothing. */
const tickText: Readonly<Record<Quantity, (value: number) => string>> = {
  params: (value) => formatSi(value).replace(/\.0+(?=\D|$)/, ''),
  macs: (value) => formatSi(value).replace(/\.0+(?=\D|$)/, ''),
  memory: (value) => formatBytes(value * MiB).replace(/\.0+(?=\D|$)/, ''),
  depth: (value) => formatExact(value),
  year: String,
  intensity: (value) => String(Number(value.toPrecision(3))),
};

interface Seat {
  readonly id: string;
  readonly info: NetworkInfo;
  readonly error: PublishedError;
  readonly measures: Measures;
}

interface BubblesProps {
  readonly comparison: Comparison;
  readonly networks: readonly Compared[];
  /** Settings that were visited with the sliders, oldest first. */
  readonly trace: readonly Compared[];
}

/** Error against cost with the size as area: every listed ImageNet network, the chosen ones highlighted. */
export function Bubbles({ comparison, networks, trace }: BubblesProps) {
  const { t } = useTranslation(['compare', 'app']);
  const change = useStore((s) => s.changeComparison);
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const frame = useFrame();
  const [box, width] = useWidth<HTMLDivElement>();
  const { x, y, area, figures } = comparison;
  const chosen = new Set(networks.map(({ network }) => network.ref));
  const others = networks
    .map(({ network }) => network.info)
    .filter((info) => !imageNet.some((m) => m.id === info.id));
  const infos = [...imageNet, ...others];
  const known = useMeasures(infos.map(({ id }) => id));
  const waiting = infos.length - known.size;

  const seats = infos.flatMap((info): readonly Seat[] => {
    const own = known.get(info.id);
    if (!own) return [];
    return chartedErrors(info, figures, y)
      .filter(({ dataset }) => dataset === 'ImageNet-1k')
      .map((error, i) => ({ id: `${info.id}#${i}`, info, error, measures: own }));
  });
  const apart = infos.filter((info) => known.has(info.id) && !seats.some((seat) => seat.info === info));
  const protocols = new Set(seats.map(({ error }) => protocolClass(error)));
  const quantity = (each: Quantity) => t(`quantity.${each}`);
  const title = t(`bubbles.title.${figures}`, { y: t(`error.${y}`), x: quantity(x), area: quantity(area) });
  const protocolText = (error: PublishedError) => {
    const parts = [t(`app:protocol.${error.protocol}`)];
    if (error.models !== undefined) parts.push(t('bubbles.models', { count: error.models }));
    if (error.crops !== undefined) parts.push(t('bubbles.crops', { count: error.crops }));
    return parts.join(', ');
  };
  const describe = (id: string) => {
    const seat = seats.find((each) => each.id === id);
    if (!seat) return { name: '', lines: [] };
    const { info, error } = seat;
    return {
      name: info.name,
      lines: [
        `${t(`error.${y}`)} ${error[y]}${THIN_SPACE}%, ${protocolText(error)}${error.split ? `, ${error.split}` : ''}`,
        ...[...new Set([x, area])].map((each) => `${quantity(each)} ${written[each](seat.measures[each])}`),
        t('bubbles.source', { source: error.source }),
        ...(error.believed ? [t('bubbles.believed')] : []),
      ],
    };
  };
  const picture = bubbleChart({
    width,
    height: frame === 'narrow' ? 620 : Math.min(720, Math.max(560, width * 0.56)),
    title,
    x: { label: quantity(x), kind: linear.has(x) ? 'linear' : 'log', format: tickText[x] },
    y: { label: `${t(`error.${y}`)}, %`, kind: 'linear', format: String, reversed: true },
    area: {
      label: quantity(area),
      format: area === 'year' ? (value) => String(value + yearZero) : tickText[area],
    },
    trace: trace.map((own) => ({ x: drawn(x, own.measures), name: own.network.info.name })),
    bubbles: seats.map(({ id, info, error, measures: own }) => ({
      id,
      name: figures === 'papers' ? `${info.name}, ${protocolText(error)}` : info.name,
      x: drawn(x, own),
      y: error[y]!,
      area: areaOf(area, own),
      form: formOf[protocolClass(error)],
      chosen: chosen.has(info.id),
    })),
    legend: [
      { form: 'circle', chosen: true, text: t('bubbles.chosen') },
      ...(Object.keys(formOf) as ProtocolClass[])
        .filter((each) => protocols.has(each))
        .map((each) => ({ form: formOf[each], text: t(`bubbles.protocol.${each}`) })),
    ],
    notes: [t(`bubbles.note.${figures}`), ...(trace.length > 0 ? [t('own.traceNote')] : [])],
  });

  const axis = (key: 'x' | 'area') => (
    <label>
      {t(`bubbles.${key}`)}{' '}
      <select
        className={page.select}
        value={comparison[key]}
        onChange={(event) => change({ [key]: event.currentTarget.value as Quantity })}
      >
        {quantities.map((each) => (
          <option key={each} value={each}>
            {quantity(each)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section aria-labelledby="compare-bubbles">
      <div className={page.bar}>
        <h2 id="compare-bubbles">{t('bubbles.heading')}</h2>
      </div>
      <div className={styles.controls}>
        <label>
          {t('bubbles.y')}{' '}
          <select
            className={page.select}
            value={y}
            onChange={(event) => change({ y: event.currentTarget.value as Comparison['y'] })}
          >
            {errorAxes.map((each) => (
              <option key={each} value={each}>
                {t(`error.${each}`)}
              </option>
            ))}
          </select>
        </label>
        {axis('x')}
        {axis('area')}
        <Segments
          label={t('bubbles.figures')}
          value={figures}
          options={[
            { value: 'weights', text: t('bubbles.weights') },
            { value: 'papers', text: t('bubbles.papers') },
          ]}
          onChange={(next) => change({ figures: next })}
        />
        {waiting > 0 && <span role="status">{t('bubbles.waiting', { count: waiting })}</span>}
      </div>
      <div ref={box}>
        {width > 0 && (
          <ChartView
            picture={picture}
            fileName={`${y}-${x}`}
            describe={describe}
            onOpen={(id) => {
              const seat = seats.find((each) => each.id === id);
              if (seat) chooseNetwork(seat.info.id);
            }}
          />
        )}
      </div>
      {apart.length > 0 && (
        <p className={styles.apart}>
          {t(`bubbles.apart.${figures}`)} {apart.map(({ name }) => name).join('; ')}.
        </p>
      )}
    </section>
  );
}
