import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { Graph } from '../../../models/graph.ts';
import { diagramBounds } from '../../../viz/diagram.ts';
import { firstFolding } from '../../../viz/diagramFolding.ts';
import { MOST_TALLNESS, type Room } from '../../../viz/diagramView.ts';
import { sharedTallness } from '../../../viz/differenceView.ts';

/** An element and its size in CSS px. */
export function useRoom<T extends HTMLElement>(): readonly [RefObject<T | null>, Room] {
  const element = useRef<T>(null);
  const [room, setRoom] = useState<Room>({ width: 0, height: 0 });
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setRoom(sizeOf(entry.contentRect)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, room];
}

function sizeOf({ width, height }: DOMRectReadOnly): Room {
  return { width: Math.floor(width), height: Math.floor(height) };
}

/** How tall both diagrams are drawn, so that they fill their rooms at one scale. */
export function usePairTallness(first: Graph, second: Graph, room: Room): number {
  const drawings = useMemo(() => {
    const graphs = [first, second];
    return graphs.map((graph) => {
      const at = (tallness: number) => diagramBounds(graph, firstFolding(graph), tallness, graphs);
      return [at(1), at(MOST_TALLNESS)] as const;
    });
  }, [first, second]);
  return useMemo(() => sharedTallness(drawings, room), [drawings, room]);
}
