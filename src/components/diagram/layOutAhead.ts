import { networkCost } from '../../models/cost.ts';
import type { Graph } from '../../models/graph.ts';
import { heightsAtFirst } from '../../viz/diagramFill.ts';
import { firstFolding } from '../../viz/diagramFolding.ts';
import type { Choices } from '../store/types.ts';
import { buildNetwork } from '../zoo.ts';

/** What a diagram is made from, in the order in which it is needed; all of it is kept with the graph. */
const steps: readonly ((graph: Graph) => unknown)[] = [networkCost, firstFolding, heightsAtFirst];

/**
 * Lays out the network of the page's first drawing, each step in a task of its own: in the drawing they would be one, which
 * a phone has 0.1 s to do with.
 */
export async function layOutAhead({ network, view }: Pick<Choices, 'network' | 'view'>): Promise<void> {
  if (view !== 'network') return;
  const { graph } = buildNetwork(network);
  for (const step of steps) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    step(graph);
  }
}
