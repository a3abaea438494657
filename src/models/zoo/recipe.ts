import type { Expectation, NameMap, Network, NetworkInfo, Text } from '../network.ts';
import type { Graph } from '../graph.ts';

/** What a build of a member makes, besides its facts. */
export interface Built {
  readonly graph: Graph;
  readonly expect: Expectation;
}

/** A member of the zoo before it is built: listing all of them costs nothing. */
export interface Recipe {
  readonly info: NetworkInfo;
  readonly deviations: readonly Text[];
  readonly names: Network['names'];
  build(): Built;
}

/** Names for files of one's own: the node's id with dots, as PyTorch nests modules: `conv2_x.1.conv1.weight`. */
export const byNodeId: NameMap = (node, parameter) => `${node.id.replaceAll('/', '.')}.${parameter}`;

/** Names by a table from node id to the checkpoint's module; a node that is not in it has no parameters there. */
export function byTable(modules: Readonly<Record<string, string>>): NameMap {
  return (node, parameter) => {
    const module = modules[node.id];
    return module === undefined ? null : `${module}.${parameter}`;
  };
}
