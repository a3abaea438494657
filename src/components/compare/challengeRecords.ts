import { sourceText } from '../../models/zoo/figureTexts.ts';
import { ilsvrc } from '../../models/zoo/ilsvrc.ts';
import type { Text } from '../../models/network.ts';
import { members } from '../../models/zoo/index.ts';
import type { Event, Timeline } from '../../viz/chartTimeline.ts';
import { THIN_SPACE } from '../../viz/numbers.ts';
import { challengeNotes } from './challengeNotes.ts';
import type { Words } from './columns.ts';

/** One mark of the timeline: an entry of a year's challenge, or a paper's figure on its test set. */
export interface ChallengeRecord extends Pick<Event, 'id' | 'year' | 'kind' | 'name' | 'depth'> {
  readonly full: string;
  readonly top5Error: number;
  readonly external: boolean;
  readonly note?: string;
  readonly source: string;
  /** The listed network that it was made of. */
  readonly network?: string;
}

/** A team's name without who was in it. */
const short = (name: string) => name.replace(/ \(.*/, '');
/** A winner is known by its network, where that has a name of its own. */
const nameOf = (team: string, model: string, winner: boolean | undefined) => {
  const [network] = /^[A-Z][A-Za-z]*Net\b/.exec(model) ?? [];
  const by = short(team);
  return winner && network !== undefined && network !== by ? `${network} (${by})` : by;
};
const listed = (id: string | undefined) => members.some((info) => info.id === id);

export const challengeRecords: readonly ChallengeRecord[] = [
  ...ilsvrc.entries.map(
    ({
      year,
      team,
      model,
      depth,
      top5Error,
      data,
      winner,
      note,
      source,
      network,
    }): Omit<ChallengeRecord, 'id'> => ({
      year,
      kind: winner ? 'winner' : 'entry',
      name: nameOf(team, model, winner),
      full: `${team}: ${model}`,
      top5Error,
      external: data === 'external',
      source,
      ...(depth !== undefined && { depth }),
      ...(note !== undefined && { note }),
      ...(network !== undefined && listed(network) && { network }),
    }),
  ),
  ...ilsvrc.papers.map(({ year, label, top5Error, note, source }): Omit<ChallengeRecord, 'id'> => ({
    year,
    kind: 'paper',
    name: short(label),
    full: label,
    top5Error,
    external: false,
    source,
    ...(note !== undefined && { note }),
  })),
].map((record, i) => ({ ...record, id: String(i) }));

/** What the card of a mark says. */
export function challengeText(t: Words, record: ChallengeRecord, language: keyof Text = 'en') {
  return {
    name: `${record.year}, ${record.full}`,
    lines: [
      `${t('error.top5')} ${record.top5Error}${THIN_SPACE}%, ${t(`challenge.kind.${record.kind}`)}`,
      ...(record.external ? [t('challenge.external')] : []),
      ...(record.depth === undefined ? [] : [`${t('quantity.depth')} ${record.depth}`]),
      ...(record.note ? [challengeNotes[record.note]![language]] : []),
      t('bubbles.source', { source: sourceText(record.source, language) }),
    ],
    still: record.network === undefined,
  };
}

const [first, second] = ilsvrc.human;
if (!first || !second) throw new Error('ilsvrc.json lacks an estimate of a human error');
/** The level of the chart, and what somebody of less practice reached. */
export const human = first;
export const secondHuman = second;

const events = challengeRecords.map(({ id, year, top5Error, name, kind, depth }): Event => ({
  id,
  year,
  value: top5Error,
  name,
  kind,
  ...(depth === undefined ? {} : { depth }),
}));

/** The timeline of these records in words, for a room of so many CSS px. */
export const challengePicture = (
  t: Words,
  width: number,
  height: number,
  language: keyof Text = 'en',
): Timeline => ({
  width,
  height,
  title: t('challenge.title'),
  yLabel: t('challenge.y'),
  depthLabel: t('challenge.depth'),
  noDepth: t('challenge.noDepth'),
  events,
  level: { value: human.top5Error, name: t('challenge.human', { error: human.top5Error }) },
  legend: {
    winner: t('challenge.kind.winner'),
    entry: t('challenge.kind.entry'),
    paper: t('challenge.kind.paper'),
  },
  notes: [
    t('challenge.note'),
    t('challenge.humanNote', {
      source: sourceText(human.source, language),
      images: human.images,
      second: secondHuman.top5Error,
      secondImages: secondHuman.images,
    }),
  ],
});
