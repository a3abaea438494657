import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphDifference } from '../../../models/difference.ts';
import type { Network } from '../../../models/network.ts';
import type { DiagramBox } from '../../../viz/diagram.ts';
import { differenceMark, nodeMarks } from '../../../viz/differenceMarks.ts';
import type { MarkWords, Side } from '../../../viz/differenceMarks.ts';
import type { DiagramAmong } from '../../diagram/Diagram.tsx';
import { pathsAround } from '../../../viz/diagramFolding.ts';
import { useFolding } from '../../diagram/useFolding.ts';
import type { Folding } from '../../diagram/useFolding.ts';
import { pairLink } from './pairLink.ts';

/** A node of each network, or of one. */
export interface Chosen {
  readonly first: string | null;
  readonly second: string | null;
}
export const nothing: Chosen = { first: null, second: null };

/** All that two linked diagrams share: what differs, one view, one folding, one choice. */
export function usePairDiagrams(first: Network, second: Network, tallness: number) {
  const difference = useMemo(() => graphDifference(first.graph, second.graph), [first, second]);
  const link = useMemo(() => pairLink(difference), [difference]);
  const partners = useMemo(
    () => ({
      first: new Map(difference.pairs.map((pair) => [pair.first, pair.second])),
      second: new Map(difference.pairs.map((pair) => [pair.second, pair.first])),
    }),
    [difference],
  );
  const [chosen, setChosen] = useState(nothing);
  const [hovered, setHovered] = useState(nothing);
  /** A node of one network with the one that stands for it. */
  const bothOf = useCallback(
    (side: Side, node: string | null): Chosen => {
      const other = node === null ? null : (partners[side].get(node) ?? null);
      return side === 'first' ? { first: node, second: other } : { first: other, second: node };
    },
    [partners],
  );
  const handlers = useMemo(() => {
    const of = (side: Side) => ({
      onSelect: (node: string | null) => setChosen(bothOf(side, node)),
      onHover: (node: string | null) => setHovered(bothOf(side, node)),
    });
    return { first: of('first'), second: of('second') };
  }, [bothOf]);

  const foldings = useLinkedFoldings(first, second, chosen, difference.blocks, partners);
  const words = useMarkWords();
  const amongs = useMemo(() => {
    const graphs = [first.graph, second.graph] as const;
    const of = (side: Side): Omit<DiagramAmong, 'folding'> => {
      const marks = nodeMarks(difference, side);
      return {
        link: link[side],
        scale: { graphs, tallness },
        markOf: (box: DiagramBox) => differenceMark(box, marks, graphs, words),
      };
    };
    return { first: of('first'), second: of('second') };
  }, [first, second, difference, link, tallness, words]);
  const among = {
    first: useMemo((): DiagramAmong => ({ ...amongs.first, folding: foldings.first }), [amongs, foldings]),
    second: useMemo((): DiagramAmong => ({ ...amongs.second, folding: foldings.second }), [amongs, foldings]),
  };
  /** Chooses from outside the diagrams: both open what hides the place, also the one that has nothing there. */
  const show = useCallback(
    (next: Chosen) => {
      setChosen(next);
      if (next.first !== null && next.second !== null) return;
      const [own, node] = next.first !== null ? [first, next.first] : [second, next.second!];
      const folding = next.first !== null ? foldings.first : foldings.second;
      for (const path of pathsAround(own.graph, node)) folding.unfold(path);
    },
    [first, second, foldings],
  );
  return { difference, link, chosen, show, hovered, handlers, among, foldings };
}

/** Blocks that stand for each other open and close together. */
function useLinkedFoldings(
  first: Network,
  second: Network,
  chosen: Chosen,
  blocks: ReadonlyMap<string, string>,
  partners: { readonly [S in Side]: ReadonlyMap<string, string> },
): { readonly first: Folding; readonly second: Folding } {
  const a = useFolding(first, chosen.first);
  const b = useFolding(second, chosen.second);
  // Their functions keep their identity; what changes is only which blocks are open.
  const [openA, openB] = [a.unfolded, b.unfolded];
  const { unfold, fold, unfoldAll, foldAll, reveal, selectedHere } = a;
  const { unfold: unfoldB, fold: foldB, unfoldAll: unfoldAllB, foldAll: foldAllB } = b;
  const { reveal: revealB, selectedHere: selectedHereB } = b;
  return useMemo(() => {
    const back = new Map([...blocks].map(([from, to]) => [to, from]));
    const both = <T>(
      own: (value: T) => void,
      other: (value: T) => void,
      map: (value: T) => T | undefined,
    ) => {
      return (value: T): void => {
        own(value);
        const there = map(value);
        if (there !== undefined) other(there);
      };
    };
    const one = {
      unfoldAll: () => (unfoldAll(), unfoldAllB()),
      foldAll: () => (foldAll(), foldAllB()),
    };
    const forwards = (path: string) => blocks.get(path);
    const backwards = (path: string) => back.get(path);
    const node = (side: Side) => (id: string) => partners[side].get(id);
    const nodeOrNull = (side: Side) => (id: string | null) =>
      id === null ? null : (partners[side].get(id) ?? null);
    return {
      first: {
        ...one,
        unfolded: openA,
        unfold: both(unfold, unfoldB, forwards),
        fold: both(fold, foldB, forwards),
        reveal: both(reveal, revealB, node('first')),
        selectedHere: both<string | null>(selectedHere, selectedHereB, nodeOrNull('first')),
      },
      second: {
        ...one,
        unfolded: openB,
        unfold: both(unfoldB, unfold, backwards),
        fold: both(foldB, fold, backwards),
        reveal: both(revealB, reveal, node('second')),
        selectedHere: both<string | null>(selectedHereB, selectedHere, nodeOrNull('second')),
      },
    };
  }, [
    blocks,
    partners,
    openA,
    openB,
    unfold,
    unfoldB,
    fold,
    foldB,
    unfoldAll,
    unfoldAllB,
    foldAll,
    foldAllB,
    reveal,
    revealB,
    selectedHere,
    selectedHereB,
  ]);
}

function useMarkWords(): MarkWords {
  const { t } = useTranslation('pair');
  return useMemo(
    (): MarkWords => ({
      counts: ({ changed, only }) =>
        only === 0
          ? t('mark.counts.changed', { changed })
          : t(changed === 0 ? 'mark.counts.only' : 'mark.counts.both', { changed, only }),
      whole: t('mark.here'),
      short: ({ changed, only }) => (changed + only > 1 ? [`≠ ${changed + only}`, '≠'] : ['≠']),
      spoken: ({ changed, only }, figures, whole) => {
        if (changed + only === 0) return t('mark.spokenFollows');
        if (whole) return t('mark.spokenOnly');
        return figures === null
          ? t('mark.spokenCounts', { changed, only })
          : t('mark.spokenFigures', { figures });
      },
    }),
    [t],
  );
}
