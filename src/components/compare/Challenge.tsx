import { useTranslation } from 'react-i18next';
import { ilsvrc } from '../../models/zoo/ilsvrc.ts';
import { members } from '../../models/zoo/index.ts';
import { timelineChart, type Event } from '../../viz/chartTimeline.ts';
import { THIN_SPACE } from '../../viz/numbers.ts';
import { useStore } from '../store/store.ts';
import { useFrame } from '../ui/useMedia.ts';
import { ChartView } from './ChartView.tsx';
import { useWidth } from './useWidth.ts';
import page from './compare.module.css';

/** A team's name without who was in it. */
const short = (name: string) => name.replace(/ \(.*/, '');
const human = ilsvrc.human[0]!;

const records = [
  ...ilsvrc.entries.map((entry) => ({
    ...entry,
    kind: entry.winner ? ('winner' as const) : ('entry' as const),
    name: short(entry.team),
    full: `${entry.team}: ${entry.model}`,
  })),
  ...ilsvrc.papers.map((paper) => ({
    ...paper,
    kind: 'paper' as const,
    name: short(paper.label),
    full: paper.label,
    network: undefined,
    depth: undefined,
    place: undefined,
    data: undefined,
  })),
].map((record, i) => ({ ...record, id: String(i) }));

/** ILSVRC year by year: who won, with how deep a network, and where a trained human stands. */
export function Challenge() {
  const { t } = useTranslation('compare');
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const frame = useFrame();
  const [box, width] = useWidth<HTMLDivElement>();
  const picture = timelineChart({
    width,
    height: frame === 'narrow' ? 640 : 600,
    title: t('challenge.title'),
    yLabel: t('challenge.y'),
    depthLabel: t('challenge.depth'),
    noDepth: t('challenge.noDepth'),
    events: records.map(({ id, year, top5Error, name, kind, depth }): Event => ({
      id,
      year,
      value: top5Error,
      name,
      kind,
      ...(depth === undefined ? {} : { depth }),
    })),
    level: { value: human.top5Error, name: t('challenge.human', { error: human.top5Error }) },
    legend: {
      winner: t('challenge.kind.winner'),
      entry: t('challenge.kind.entry'),
      paper: t('challenge.kind.paper'),
    },
    notes: [t('challenge.note'), t('challenge.humanNote', { source: human.source, images: human.images })],
  });
  const find = (id: string) => records.find((record) => record.id === id)!;
  const describe = (id: string) => {
    const record = find(id);
    return {
      name: `${record.year}, ${record.full}`,
      lines: [
        `${t('error.top5')} ${record.top5Error}${THIN_SPACE}%, ${t(`challenge.kind.${record.kind}`)}`,
        ...(record.data === 'external' ? [t('challenge.external')] : []),
        ...(record.depth === undefined ? [] : [`${t('quantity.depth')} ${record.depth}`]),
        ...(record.note ? [record.note] : []),
        t('bubbles.source', { source: record.source }),
      ],
    };
  };
  const open = (id: string) => {
    const { network } = find(id);
    if (network !== undefined && members.some((info) => info.id === network)) chooseNetwork(network);
  };
  return (
    <section aria-labelledby="compare-challenge">
      <div className={page.bar}>
        <h2 id="compare-challenge">{t('challenge.heading')}</h2>
      </div>
      <div ref={box}>
        {width > 0 && <ChartView picture={picture} fileName="ilsvrc" describe={describe} onOpen={open} />}
      </div>
    </section>
  );
}
