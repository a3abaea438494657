import { matchNames } from './checkpoint.ts';
import type { CheckpointDifferences, CheckpointMatch, CheckpointTensors } from './checkpoint.ts';
import type { Network } from './network.ts';

/** The naming schemes that a file may follow for this network; try each, in this order. */
export function sourcesFor(network: Pick<Network, 'names'>): readonly string[] {
  return Object.keys(network.names);
}

/** A file's tensors as the parameters of a network by one source's names, or all that is wrong with them by that source. */
export function matchCheckpoint(
  network: Pick<Network, 'graph' | 'names'>,
  source: string,
  file: CheckpointTensors,
): CheckpointMatch | CheckpointDifferences {
  return matchNames(network, source, file);
}
