import { startTransition, useCallback, useEffect, useState } from 'react';
import type { Network } from '../../models/network.ts';
import { createRecent } from '../../models/recent.ts';
import { allUnfolded, firstFolding, pathsAround } from '../../viz/diagramFolding.ts';

interface Left {
  readonly unfolded: ReadonlySet<string>;
  readonly selected: string | null;
}

/** How each of the last hundred networks was left, so that leaving the diagram and coming back changes nothing. */
const remembered = createRecent<Left>(100, () => 1);

export interface Folding {
  readonly unfolded: ReadonlySet<string>;
  readonly unfold: (path: string) => void;
  /** Folds a block and all in it. */
  readonly fold: (path: string) => void;
  readonly unfoldAll: () => void;
  readonly foldAll: () => void;
  /** Opens what hides a node. */
  readonly reveal: (node: string) => void;
  /** Says that the next selection is the diagram's own: it needs no unfolding. */
  readonly selectedHere: (node: string | null) => void;
}

interface State extends Left {
  readonly ref: string;
  /** A selection of the diagram's own that has not come back from the store yet. */
  readonly own?: string | null | undefined;
}

/**
 * Which blocks are open; a selection made elsewhere (table, URL, panel) opens what hides it. What is opened and closed is drawn
 * in slices between which the page goes on.
 */
export function useFolding(network: Network, selected: string | null): Folding {
  const { graph, ref } = network;
  const [state, setState] = useState<State>(() => ({ ref, unfolded: start(network, selected), selected }));
  let current = state;
  if (state.ref !== ref) {
    current = { ref, unfolded: start(network, selected), selected };
    setState(current);
  } else if (state.selected !== selected) {
    const unfolded = state.own === selected ? state.unfolded : opened(state.unfolded, network, selected);
    current = { ref, selected, unfolded };
    setState(current);
  }
  const { unfolded } = current;
  useEffect(() => {
    remembered.set(ref, { unfolded, selected });
  }, [ref, unfolded, selected]);

  const change = useCallback((next: (unfolded: ReadonlySet<string>) => ReadonlySet<string>) => {
    startTransition(() => setState((before) => ({ ...before, unfolded: next(before.unfolded) })));
  }, []);
  return {
    unfolded,
    unfold: useCallback((path) => change((before) => new Set([...before, path])), [change]),
    fold: useCallback(
      (path) =>
        change((before) => new Set([...before].filter((p) => p !== path && !p.startsWith(`${path}/`)))),
      [change],
    ),
    unfoldAll: useCallback(() => change(() => allUnfolded(graph)), [change, graph]),
    foldAll: useCallback(() => change(() => firstFolding(graph)), [change, graph]),
    reveal: useCallback(
      (node) => change((before) => new Set([...before, ...pathsAround(graph, node)])),
      [change, graph],
    ),
    selectedHere: useCallback((node) => setState((before) => ({ ...before, own: node })), []),
  };
}

function start(network: Network, selected: string | null): ReadonlySet<string> {
  const before = remembered.get(network.ref);
  if (before === undefined) return firstFolding(network.graph);
  return before.selected === selected ? before.unfolded : opened(before.unfolded, network, selected);
}

function opened(
  unfolded: ReadonlySet<string>,
  { graph }: Network,
  selected: string | null,
): ReadonlySet<string> {
  if (selected === null) return unfolded;
  const needed = pathsAround(graph, selected).filter((path) => !unfolded.has(path));
  return needed.length === 0 ? unfolded : new Set([...unfolded, ...needed]);
}
