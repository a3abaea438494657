import { measures, type Measures } from '../../models/compare.ts';
import { networkCost } from '../../models/cost.ts';
import { ingredientsOf, type Ingredient } from '../../models/ingredients.ts';
import { weightBytes } from '../../models/memory.ts';
import type { Network } from '../../models/network.ts';
import { silhouette, type Silhouette } from '../../viz/silhouette.ts';

/** What a list or a table shows of a network and only its graph can tell. */
export interface NetworkFacts {
  readonly name: string;
  readonly measures: Measures;
  readonly params: number;
  readonly macs: number;
  readonly weightBytes: number;
  readonly peakBytes: number;
  readonly ingredients: readonly Ingredient[];
  readonly silhouette: Silhouette;
}

export function factsOf(network: Network): NetworkFacts {
  const { graph, info } = network;
  const cost = networkCost(graph);
  return {
    name: info.name,
    measures: measures(network),
    params: cost.params,
    macs: cost.macs,
    weightBytes: weightBytes(cost, 'fp32'),
    peakBytes: cost.peak.elements * 4,
    ingredients: [...ingredientsOf(graph)],
    silhouette: silhouette(graph),
  };
}
