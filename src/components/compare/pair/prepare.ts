import { measures } from '../../../models/compare.ts';
import { buildNetwork } from '../../../models/zoo/index.ts';
import { diagramGeometry } from '../../../viz/diagram.ts';
import { graphFigures } from '../../../viz/diagramFigures.ts';
import { firstFolding } from '../../../viz/diagramFolding.ts';
import type { Compared } from '../useCompared.ts';

/** Lets the page answer what waits before the next piece of work. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/**
 * A network with its measures and with what its diagram's first drawing looks up, made in tasks of which each is short: a deep
 * network in one would hold a slider up. Null as soon as it is no longer `wanted`.
 */
export async function prepared(ref: string, wanted: () => boolean): Promise<Compared | null> {
  const network = buildNetwork(ref);
  await turn();
  if (!wanted()) return null;
  const known = measures(network);
  await turn();
  if (!wanted()) return null;
  const unfolded = firstFolding(network.graph);
  await turn();
  if (!wanted()) return null;
  diagramGeometry(network.graph, unfolded, graphFigures(network.graph));
  await turn();
  return wanted() ? { ref: network.ref, network, measures: known } : null;
}
