import { runForward } from '../../src/workers/forward.ts';
import { projectSignal } from '../../src/workers/project.ts';
import { prepareWeights } from '../../src/workers/weightsLayout.ts';
import type { Rule } from '../../src/workers/contract.ts';
import type { VectorNet } from '../vectors/load.ts';
import { relativeError } from './compare.ts';

/** One comparison with a reference tensor; the error is in units of the reference's largest absolute value. */
export interface Finding {
  readonly kind: 'activation' | 'switches' | 'signal' | 'projection';
  readonly label: string;
  readonly error: number;
}

export const rules: readonly Rule[] = ['deconvnet', 'guided', 'gradient'];

/** The projections to compare: all but the one that shows what overwriting in unpooling would give. */
export function summed(net: VectorNet): VectorNet['projections'] {
  return net.projections.filter(({ options }) => options.pool === 'sum');
}

/** How many findings of each kind a net must give: what its index lists. */
export function expectedCounts(net: VectorNet): Record<Finding['kind'], number> {
  const { nodes } = net.graph;
  const known = new Set(nodes.map(({ id }) => id));
  const signals = summed(net).flatMap(({ signals: byRule }) =>
    rules.flatMap((rule) => Object.keys(byRule[rule] ?? {})),
  );
  return {
    activation: nodes.length,
    switches: nodes.filter(({ op }) => op.kind === 'maxPool').length,
    signal: signals.filter((id) => known.has(id)).length,
    projection: rules.length * summed(net).length,
  };
}

/** Runs a reference net on the current backend: every activation, switch, projection and signal on the way. */
export async function checkVectors(net: VectorNet): Promise<Finding[]> {
  const findings: Finding[] = [];
  const weights = await prepareWeights(net.graph, net.raw);
  const activations = await runForward(net.graph, weights, net.volume('act/input'));
  for (const node of net.graph.nodes) {
    const got = await activations.get(node.id).data();
    const label = `${net.name} ${node.id}`;
    findings.push({
      kind: 'activation',
      label,
      error: relativeError(got, net.volume(`act/${node.id}`).values),
    });
    if (node.op.kind !== 'maxPool') continue;
    const switches = await (await activations.switches(node.id)).read();
    const wanted = net.switches(node.id);
    const same = switches.length === wanted.length && switches.every((position, i) => position === wanted[i]);
    findings.push({ kind: 'switches', label, error: same ? 0 : Infinity });
  }
  for (const projection of summed(net)) {
    for (const rule of rules) {
      const label = `${net.name} ${projection.id} ${rule}`;
      const signals = projection.signals[rule] ?? {};
      const seed = net.volume(projection.seed);
      const options = { rule, lrn: projection.options.lrn };
      const image = await projectSignal(net.graph, weights, activations, projection.target, seed, options, {
        onSignal: async (id, signal) => {
          const name = signals[id];
          if (name === undefined) return;
          const error = relativeError(await signal.data(), net.volume(name).values);
          findings.push({ kind: 'signal', label: `${label} at ${id}`, error });
        },
      });
      const error = relativeError(image.values, net.volume(projection.results[rule]).values);
      findings.push({ kind: 'projection', label, error });
    }
  }
  activations.dispose();
  weights.dispose();
  return findings;
}

/** Findings by kind, to compare with `expectedCounts`. */
export function countKinds(findings: readonly Finding[]): Record<Finding['kind'], number> {
  const counts = { activation: 0, switches: 0, signal: 0, projection: 0 };
  for (const { kind } of findings) counts[kind]++;
  return counts;
}
