import { useLayoutEffect, useMemo, useState } from 'react';
import type { RefObject } from 'react';
import type { Graph } from '../../models/graph.ts';
import { diagramGeometry } from '../../viz/diagram.ts';
import type { DiagramGeometry } from '../../viz/diagram.ts';
import { firstFolding } from '../../viz/diagramFolding.ts';
import type { FiguresOf } from '../../viz/diagramLabels.ts';
import { MOST_TALLNESS, tallnessFor } from '../../viz/diagramView.ts';

/** How tall the boxes are drawn, so that the folded network fills the height of its room; see `tallnessFor`. */
export function useTallness(
  stage: RefObject<HTMLDivElement | null>,
  graph: Graph,
  figures: FiguresOf,
): number {
  const [room, setRoom] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = stage.current;
    if (element === null) return;
    const measure = (): void =>
      setRoom((before) =>
        before.width === element.clientWidth && before.height === element.clientHeight
          ? before
          : { width: element.clientWidth, height: element.clientHeight },
      );
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage]);
  const [own, tallest] = useMemo(
    () =>
      [1, MOST_TALLNESS].map((tallness) =>
        diagramGeometry(graph, firstFolding(graph), figures, tallness),
      ) as [DiagramGeometry, DiagramGeometry],
    [graph, figures],
  );
  return tallnessFor(own, tallest, room);
}
