import { networkCost } from '../models/cost.ts';
import type { Graph } from '../models/graph.ts';
import type { FiguresOf } from './diagramLabels.ts';

/** Bytes of one activation value in fp32. */
const VALUE_BYTES = 4;

/** Parameters and activation memory of the nodes under a box; in-place results take no memory of their own. */
export function graphFigures(graph: Graph): FiguresOf {
  const { nodes } = networkCost(graph);
  return (ids) => {
    let parameters = 0;
    let bytes = 0;
    for (const id of ids) {
      const cost = nodes.get(id);
      if (cost === undefined) continue;
      parameters += cost.params;
      bytes += cost.inPlace ? 0 : cost.outputElements * VALUE_BYTES;
    }
    return { parameters, bytes };
  };
}
