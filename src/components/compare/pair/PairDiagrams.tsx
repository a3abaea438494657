import { ChevronsDownUp, ChevronsUpDown, Maximize, Minus, Plus } from 'lucide-react';
import { useId, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { differenceGroups } from '../../../models/differenceGroups.ts';
import type { Network } from '../../../models/network.ts';
import type { Side } from '../../../viz/differenceMarks.ts';
import { OP_GROUPS, opGroup } from '../../../viz/opStyle.ts';
import { useTheme } from '../../app/useTheme.ts';
import { Diagram } from '../../diagram/Diagram.tsx';
import { Legend } from '../../diagram/DiagramBar.tsx';
import { SaveMenu } from '../../diagram/SaveMenu.tsx';
import type { SaveAs } from '../../diagram/saveDiagram.ts';
import { toFailure } from '../../store/requests.ts';
import type { Failure } from '../../store/types.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { Tip } from '../../ui/Tip.tsx';
import ui from '../../ui/ui.module.css';
import { useFrame } from '../../ui/useMedia.ts';
import { DifferenceList } from './DifferenceList.tsx';
import { chosenWords } from './differenceWords.ts';
import { MarkLegend } from './MarkLegend.tsx';
import { savePair } from './savePair.ts';
import { usePairTallness, useRoom } from './usePairTallness.ts';
import { usePairDiagrams } from './usePairDiagrams.ts';
import styles from './pair.module.css';

interface PairDiagramsProps {
  readonly first: Network;
  readonly second: Network;
}

/** Two diagrams that zoom, pan, fold and choose as one, what differs marked on them, and the differences in words. */
export function PairDiagrams({ first, second }: PairDiagramsProps) {
  const { t } = useTranslation(['pair', 'diagram']);
  const theme = useTheme();
  const frame = useFrame();
  const headings = useId();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [arrangement, setArrangement] = useState<'beside' | 'below' | null>(null);
  const [room, size] = useRoom<HTMLDivElement>();
  const tallness = usePairTallness(first.graph, second.graph, size);
  const pair = usePairDiagrams(first, second, tallness);
  // Half of anything but a wide page is too little for a network's width.
  const placed = frame === 'narrow' ? 'below' : (arrangement ?? (frame === 'wide' ? 'beside' : 'below'));
  const { difference, link, chosen, hovered, handlers, among, foldings } = pair;
  const networks = { first, second };
  const graphs = useMemo(() => [first.graph, second.graph] as const, [first, second]);
  const groups = useMemo(() => differenceGroups(...graphs, difference), [graphs, difference]);
  const ops = useMemo(() => {
    const used = new Set(graphs.flatMap(({ nodes }) => nodes.map(({ op }) => opGroup(op))));
    return OP_GROUPS.filter((group) => used.has(group));
  }, [graphs]);
  const status = chosenWords(t, pair, networks);
  const save = (as: SaveAs): void => {
    const drawings = link.drawings();
    if (drawings === null) return;
    const [a, b] = drawings;
    setFailure(null);
    savePair(
      t,
      [
        { network: first, geometry: a, among: among.first },
        { network: second, geometry: b, among: among.second },
      ],
      { theme, arrangement: placed },
      as,
    ).catch((error: unknown) => setFailure(toFailure(error)));
  };
  const side = (which: Side): ReactNode => (
    <section className={styles.side} aria-labelledby={`${headings}-${which}`}>
      <h3 id={`${headings}-${which}`}>{networks[which].info.name}</h3>
      <div className={styles.room} ref={which === 'first' ? room : undefined}>
        <Diagram
          network={networks[which]}
          selected={chosen[which]}
          hovered={hovered[which]}
          faces={null}
          answer={null}
          theme={theme}
          among={among[which]}
          {...handlers[which]}
        />
      </div>
    </section>
  );
  return (
    <>
      <div className={styles.tools}>
        <Handle text={t('zoomIn')} onClick={() => link.zoomBy(1.3)} icon={<Plus size={15} aria-hidden />} />
        <Handle
          text={t('zoomOut')}
          onClick={() => link.zoomBy(1 / 1.3)}
          icon={<Minus size={15} aria-hidden />}
        />
        <Handle text={t('fit')} onClick={link.fit} icon={<Maximize size={15} aria-hidden />} />
        {graphs.some(({ blocks }) => blocks.length > 0) && (
          <>
            <Handle
              text={t('unfoldAll')}
              onClick={foldings.first.unfoldAll}
              icon={<ChevronsUpDown size={15} aria-hidden />}
            />
            <Handle
              text={t('foldAll')}
              onClick={foldings.first.foldAll}
              icon={<ChevronsDownUp size={15} aria-hidden />}
            />
          </>
        )}
        {frame !== 'narrow' && (
          <Segments
            label={t('arrange')}
            value={placed}
            options={[
              { value: 'beside', text: t('beside') },
              { value: 'below', text: t('below') },
            ]}
            onChange={setArrangement}
          />
        )}
        <SaveMenu className={ui.iconButton} label={t('save')} onSave={save} />
        <MarkLegend />
      </div>
      {failure !== null && <FailureNote failure={failure} onDismiss={() => setFailure(null)} />}
      <div className={styles.pair} data-arrangement={placed}>
        {side('first')}
        {side('second')}
      </div>
      <div className={styles.legend}>
        <Legend groups={ops} />
      </div>
      <p role="status" className={styles.status}>
        {status}
      </p>
      <DifferenceList
        networks={networks}
        groups={groups}
        same={difference.pairs.filter(({ aspects }) => aspects.length === 0).length}
        chosen={chosen}
        onChoose={pair.show}
      />
    </>
  );
}

function Handle(props: { readonly text: string; readonly onClick: () => void; readonly icon: ReactNode }) {
  return (
    <Tip text={props.text} side="top">
      <button type="button" className={ui.iconButton} aria-label={props.text} onClick={props.onClick}>
        {props.icon}
      </button>
    </Tip>
  );
}
