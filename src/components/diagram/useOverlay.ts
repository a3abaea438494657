import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Graph } from '../../models/graph.ts';
import type { DiagramGeometry } from '../../viz/diagram.ts';
import {
  boxShades,
  diagramOverlay,
  formatQuantity,
  formatShare,
  nodeValues,
  withShares,
  type DiagramOverlay,
  type NodeValues,
  type OverlayQuantity,
} from '../../viz/diagramOverlay.ts';
import type { ThemeName } from '../../viz/opStyle.ts';
import type { LayerTimes } from '../../workers/contract.ts';
import type { DrawnOverlay } from './Drawing.tsx';

/** What a diagram's boxes are coloured by. */
export interface ShownQuantity {
  readonly quantity: OverlayQuantity;
  /** The measurement of the layers, where there is one. */
  readonly times: LayerTimes | null;
}

export interface LaidOverlay {
  readonly values: NodeValues;
  readonly boxes: DiagramOverlay;
  readonly drawn: DrawnOverlay;
  /** `of 1.17 G MACs`: what the scale's shares are of. */
  readonly scale: string;
}

/** A quantity laid over a drawing; null where none is asked for, or it has not been measured. */
export function useOverlay(
  graph: Graph,
  geometry: DiagramGeometry,
  shown: ShownQuantity | null,
  theme: ThemeName,
): LaidOverlay | null {
  const { t } = useTranslation('diagram');
  const values = useMemo(() => shown && nodeValues(graph, shown.quantity, shown.times), [graph, shown]);
  const boxes = useMemo(() => values && diagramOverlay(geometry, values), [geometry, values]);
  return useMemo(() => {
    if (!values || !boxes) return null;
    const drawn: DrawnOverlay = {
      shades: (box) => boxShades(boxes, box, theme),
      words: wordsOf(t, boxes),
      relabel: (stacks) => withShares(stacks, boxes),
    };
    const { quantity, total } = values;
    const scale = t(`overlay.of.${quantity}`, { total: formatQuantity(quantity, total) });
    return { values, boxes, drawn, scale };
  }, [values, boxes, theme, t]);
}

/** What is said of each box after its name: `12.3 % of the MACs`. The sentence is made once and filled for every box. */
function wordsOf(t: TFunction<'diagram'>, { quantity, boxes }: DiagramOverlay): DrawnOverlay['words'] {
  const place = '\u0000';
  const [before = '', after = ''] = t(`overlay.share.${quantity}`, { share: place }).split(place);
  return ({ id }) => `${before}${formatShare(boxes.get(id)?.share ?? 0)}${after}`;
}
