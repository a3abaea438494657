import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { FocusEvent, KeyboardEvent, MouseEvent, RefObject } from 'react';
import type { Graph } from '../../models/graph.ts';
import type { DiagramGeometry } from '../../viz/diagram.ts';
import { pathsAround } from '../../viz/diagramFolding.ts';
import { neighbourBox } from '../../viz/diagramWalk.ts';
import type { Direction } from '../../viz/diagramWalk.ts';

interface DiagramKeysOptions {
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly graph: Graph;
  readonly geometry: DiagramGeometry;
  readonly unfolded: ReadonlySet<string>;
  readonly selectedBox: string | null;
  readonly choose: (node: string | null) => void;
  readonly open: (path: string) => void;
  readonly close: (path: string) => void;
  readonly fit: () => void;
  readonly zoomBy: (factor: number) => void;
  readonly search: () => void;
  /** Of several diagrams on a page only the one that has the focus hears the page's keys. */
  readonly shared: boolean;
}

/** The node whose box gets the focus: as soon as it is drawn, or in another drawing than this one. */
interface Wanted {
  readonly node: string;
  readonly not?: DiagramGeometry;
}

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/**
 * Choosing by pointer and keys. Boxes are one tab stop: arrows walk along the graph and choose as they go, Enter and a double
 * click unfold, Esc folds the block around what is chosen and, at the top, chooses nothing.
 */
export function useDiagramKeys(options: DiagramKeysOptions) {
  const { svg, graph, geometry, unfolded, selectedBox, choose, open, close } = options;
  const [focused, setFocused] = useState<string | null>(null);
  const wanted = useRef<Wanted | null>(null);
  const boxIds = useMemo(() => new Set(geometry.boxes.map((box) => box.id)), [geometry]);
  const focusBox =
    (focused !== null && boxIds.has(focused) ? focused : null) ??
    selectedBox ??
    geometry.boxes[0]?.id ??
    null;

  const elementOf = (id: string): SVGGElement | null =>
    svg.current?.querySelector(`[data-box="${CSS.escape(id)}"]`) ?? null;
  // After unfolding or folding, the focus goes to what stands in the old box's place.
  useLayoutEffect(() => {
    const next = wanted.current;
    if (next === null || next.not === geometry) return;
    const id = geometry.boxOf.get(next.node);
    const element = id === undefined ? null : elementOf(id);
    // What is far away in a large drawing is drawn once it is chosen: the focus waits for it.
    if (element !== null || id === undefined) wanted.current = null;
    element?.focus({ preventScroll: true });
  });

  useEffect(() => {
    const key = (event: globalThis.KeyboardEvent): void => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      const typing = target?.matches('input, textarea, select, [contenteditable]') === true;
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return;
      if (options.shared && svg.current?.contains(target ?? document.activeElement) !== true) return;
      if (event.key === '/') options.search();
      else if (event.key === 'f') options.fit();
      else if (event.key === '+' || event.key === '=') options.zoomBy(1.3);
      else if (event.key === '-') options.zoomBy(1 / 1.3);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  });

  const box = (id: string | null) => geometry.boxes.find((candidate) => candidate.id === id);
  const unfoldBox = (id: string | null): boolean => {
    const found = box(id);
    if (found?.form !== 'block') return false;
    const [node] = found.nodes;
    wanted.current = node === undefined ? null : { node, not: geometry };
    open(found.path);
    return true;
  };
  const goUp = (id: string | null): void => {
    const around = pathsAround(graph, box(id)?.head ?? '').filter((path) => unfolded.has(path));
    const found = box(id);
    const inner = around.filter((path) => path !== found?.path).at(-1);
    if (found === undefined || inner === undefined) choose(null);
    else {
      wanted.current = { node: found.head, not: geometry };
      close(inner);
    }
  };
  const boxAt = (event: { readonly target: EventTarget }): string | null =>
    event.target instanceof Element
      ? (event.target.closest('[data-box]')?.getAttribute('data-box') ?? null)
      : null;

  const onKeyDown = (event: KeyboardEvent): void => {
    const id = boxAt(event) ?? focusBox;
    const direction = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || id === null) return;
    if (direction !== undefined) {
      const next = neighbourBox(geometry, id, direction);
      const found = box(next);
      if (found !== undefined) {
        wanted.current = { node: found.head };
        elementOf(found.id)?.focus({ preventScroll: true });
        choose(found.head);
      }
    } else if (event.key === 'Enter') {
      if (!unfoldBox(id)) choose(box(id)?.head ?? null);
    } else if (event.key === ' ') choose(box(id)?.head ?? null);
    else if (event.key === 'Escape') goUp(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (event: MouseEvent): void => {
    const id = boxAt(event);
    if (id === null) return;
    const node =
      event.target instanceof Element ? event.target.closest('[data-node]')?.getAttribute('data-node') : null;
    choose(node ?? box(id)?.head ?? null);
    elementOf(id)?.focus({ preventScroll: true });
  };
  const onDoubleClick = (event: MouseEvent): void => {
    unfoldBox(boxAt(event));
  };
  const onFocus = (event: FocusEvent): void => {
    const id = boxAt(event);
    if (id !== null) setFocused(id);
  };
  /** Moves the focus to a node's box as soon as it is drawn. */
  const focusNode = (node: string): void => {
    wanted.current = { node };
  };
  return { focusBox, focusNode, onKeyDown, onClick, onDoubleClick, onFocus };
}
