import { fieldBox, mapFieldBox, receptiveFields } from '../../models/field.ts';
import type { Graph, Node } from '../../models/graph.ts';
import { ConvScopeError } from '../../models/errors.ts';
import type { FieldBox } from '../../workers/contract.ts';
import { wholeBox, type PixelBox } from '../../viz/displayCrop.ts';

/**
 * The frame of a patch: the unit's whole receptive field, past the border too, so that the patches of one layer have
 * one size. A field as large as the picture is framed by the picture, a whole map by what its units see together.
 */
export function fieldFrame(
  graph: Graph,
  node: Node,
  box: FieldBox,
  unit: { readonly y: number; readonly x: number } | null,
): PixelBox {
  if (unit === null) return box;
  const field = receptiveFields(graph).get(node.id);
  const [height, width] = graph.nodes[0]!.shape;
  if (!field || field.whole) return box;
  if (field.size[0] >= height || field.size[1] >= width) return wholeBox(width, height);
  const top = field.start[0] + unit.y * field.jump[0];
  const left = field.start[1] + unit.x * field.jump[1];
  return { top, left, bottom: top + field.size[0] - 1, right: left + field.size[1] - 1 };
}

/** The pixels that a unit (null: the whole map) sees, clipped to the picture; null for a unit that reads padding only. */
export function seenBox(
  graph: Graph,
  node: string,
  unit: { readonly y: number; readonly x: number } | null,
  channel?: number,
): FieldBox | null {
  try {
    if (unit === null) return mapFieldBox(graph, node, channel);
    return fieldBox(graph, node, unit.y, unit.x, channel);
  } catch (error) {
    if (error instanceof ConvScopeError && error.code === 'graph-invalid') return null;
    throw error;
  }
}
