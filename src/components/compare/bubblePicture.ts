import {
  chartedErrors,
  protocolClass,
  type Comparison,
  type Measures,
  type ProtocolClass,
  type Quantity,
} from '../../models/compare.ts';
import type { NetworkInfo, PublishedError, Text } from '../../models/network.ts';
import { sourceText, variantText } from '../../models/zoo/figureTexts.ts';
import { notesOf } from '../../models/zoo/notes.ts';
import type { BubbleChart } from '../../viz/chartBubble.ts';
import type { Form } from '../../viz/chartParts.ts';
import { formatBytes, formatExact, formatSi, THIN_SPACE } from '../../viz/numbers.ts';
import { written, type Words } from './columns.ts';
import type { Measured } from './useMeasures.ts';

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

/** One figure of one network: a bubble. */
export interface Seat {
  readonly id: string;
  readonly info: NetworkInfo;
  readonly error: PublishedError;
  readonly measures: Measures;
}

/** The bubbles of these networks: as many as each has figures to chart, none before it is counted. */
export function seatsOf(
  infos: readonly NetworkInfo[],
  known: ReadonlyMap<string, Measured>,
  { figures, y }: Pick<Comparison, 'figures' | 'y'>,
): readonly Seat[] {
  return infos.flatMap((info): readonly Seat[] => {
    const own = known.get(info.id);
    if (!own) return [];
    return chartedErrors(notesOf(info.id).publishedErrors, figures, y)
      .filter(({ dataset }) => dataset === 'ImageNet-1k')
      .map((error, i) => ({ id: `${info.id}#${i}`, info, error, measures: own.measures }));
  });
}

export function protocolText(t: Words, error: PublishedError): string {
  const parts = [t(`app:protocol.${error.protocol}`)];
  if (error.models !== undefined) parts.push(t('bubbles.models', { count: error.models }));
  if (error.crops !== undefined) parts.push(t('bubbles.crops', { count: error.crops }));
  return parts.join(', ');
}

const splitText = (t: Words, { split }: PublishedError) =>
  split === 'val' || split === 'test' ? `, ${t(`bubbles.split.${split}`)}` : '';

/** What the card of a bubble says: the figure as it was measured, the costs, and where the figure is from. */
export function seatText(
  t: Words,
  { info, error, measures: own }: Seat,
  { x, y, area }: Comparison,
  language: keyof Text = 'en',
) {
  return {
    name: info.name,
    lines: [
      `${t(`error.${y}`)} ${error[y]}${THIN_SPACE}%, ${protocolText(t, error)}${splitText(t, error)}`,
      ...(error.variant ? [t('bubbles.variant', { variant: variantText(error.variant, language) })] : []),
      ...[...new Set([x, area])].map((each) => `${t(`quantity.${each}`)} ${written[each](own[each])}`),
      t('bubbles.source', { source: sourceText(error.source, language) }),
      ...(error.believed ? [t('bubbles.believed')] : []),
    ],
  };
}

interface PictureOf {
  readonly comparison: Comparison;
  readonly seats: readonly Seat[];
  /** Ids of the networks of the comparison. */
  readonly chosen: ReadonlySet<string>;
  /** Settings that were visited with the sliders, oldest first. */
  readonly trace: readonly Measured[];
  /** CSS px. */
  readonly width: number;
  readonly height: number;
}

/** The chart of these bubbles by the comparison's axes, in words. */
export function bubblePicture(
  t: Words,
  { comparison, seats, chosen, trace, width, height }: PictureOf,
): BubbleChart {
  const { x, y, area, figures } = comparison;
  const quantity = (each: Quantity) => t(`quantity.${each}`);
  const protocols = new Set(seats.map(({ error }) => protocolClass(error)));
  return {
    width,
    height,
    title: t(`bubbles.title.${figures}`, { y: t(`error.${y}`), x: quantity(x), area: quantity(area) }),
    x: {
      label: quantity(x),
      kind: linear.has(x) ? 'linear' : 'log',
      format: tickText[x],
      whole: x === 'year',
    },
    y: { label: `${t(`error.${y}`)}, %`, kind: 'linear', format: String, reversed: true },
    area: {
      label: quantity(area),
      format: area === 'year' ? (value) => String(value + yearZero) : tickText[area],
    },
    trace: trace.map(({ name, measures }) => ({ x: drawn(x, measures), name })),
    bubbles: seats.map(({ id, info, error, measures: own }) => ({
      id,
      name: figures === 'papers' ? `${info.name}, ${protocolText(t, error)}` : info.name,
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
    notes: [
      t(`bubbles.note.${figures}`),
      ...(x === 'year' ? [t('bubbles.sideBySide')] : []),
      ...(trace.length > 0 ? [t('own.traceNote')] : []),
    ],
  };
}
