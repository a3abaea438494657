import { describe, expect, it } from 'vitest';
import { measures } from '../../models/compare.ts';
import type { Graph, Node } from '../../models/graph.ts';
import { networkCost } from '../../models/cost.ts';
import { buildNetwork, families } from '../../models/zoo/index.ts';
import { compareColumns, type Words } from './columns.ts';
import { tableFile } from './exportTable.ts';
import type { Compared } from './useCompared.ts';

/** Keys instead of words, with what they are filled with. */
const t = ((key: string, facts?: { factor?: string }) =>
  facts?.factor ? `${key} ${facts.factor}` : key) as unknown as Words;

/** Counted anew from kernels and shapes, without the tables of `models/cost.ts` and `models/memory.ts`. */
function recount(graph: Graph) {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const size = ({ shape: [height, width, channels] }: Node) => height * width * channels;
  const sum = { params: 0, macs: 0, stored: 0 };
  for (const { op, inputs, shape } of graph.nodes) {
    const [height, width, channels] = (byId.get(inputs[0] ?? '') ?? { shape }).shape;
    if (op.kind === 'conv') {
      const planes = op.table?.flat().length ?? (op.filters * channels) / op.groups;
      const weights = planes * op.kernel[0] * op.kernel[1];
      sum.params += weights + (op.bias ? op.filters : 0);
      sum.macs += weights * shape[0] * shape[1];
    } else if (op.kind === 'dense') {
      sum.params += op.units * (height * width * channels + (op.bias ? 1 : 0));
      sum.macs += op.units * height * width * channels;
    } else if (op.kind === 'batchNorm') {
      sum.params += 2 * channels;
      sum.stored += 2 * channels;
    } else if (op.kind === 'subsample') sum.params += 2 * channels;
    else if (op.kind === 'rbf') sum.stored += op.units * height * width * channels;
  }
  // Which outputs overwrite their input is the zoo's word; how much is alive when is not.
  const { nodes } = networkCost(graph);
  const owner = new Map<string, string>();
  for (const { id, inputs } of graph.nodes) {
    owner.set(id, nodes.get(id)!.inPlace ? owner.get(inputs[0]!)! : id);
  }
  const needed = new Set([graph.output]);
  for (const { id, inputs } of [...graph.nodes].reverse())
    if (needed.has(id)) inputs.forEach((i) => needed.add(i));
  const running = graph.nodes.filter(({ id }) => needed.has(id));
  const lastUse = new Map<string, number>([[owner.get(graph.output)!, running.length]]);
  running.forEach(({ inputs }, step) => {
    for (const id of inputs) lastUse.set(owner.get(id)!, Math.max(step, lastUse.get(owner.get(id)!) ?? 0));
  });
  const peak = Math.max(
    ...running.map((_, step) =>
      running
        .slice(0, step + 1)
        .filter(({ id }, made) => owner.get(id) === id && Math.max(made, lastUse.get(id) ?? made) >= step)
        .reduce((all, node) => all + size(node), 0),
    ),
  );
  const moved = graph.nodes
    .filter(({ id, inputs }) => inputs.length > 0 && !nodes.get(id)!.inPlace)
    .reduce((all, node) => all + size(node) + node.inputs.reduce((n, id) => n + size(byId.get(id)!), 0), 0);
  const stored = sum.stored + sum.params;
  return {
    params: sum.params,
    macs: sum.macs,
    memory: 4 * (stored + peak),
    intensity: sum.macs / (4 * (moved + stored)),
  };
}

const refs = [
  ...new Set([...families.map(({ members }) => members[0]!.info.id), 'vgg-d', 'wide-resnet?depth=22&k=6']),
];
const rows: readonly Compared[] = refs.map((ref) => {
  const network = buildNetwork(ref);
  return { ref, network, measures: measures(network) };
});

describe('the totals of the table', () => {
  it.each(rows)('of $ref are those of a count from kernels and shapes', ({ network, measures: own }) => {
    const { intensity, ...exact } = recount(network.graph);
    expect(own).toMatchObject({ ...exact, depth: network.info.depth, year: network.info.year });
    expect(own.intensity).toBeCloseTo(intensity, 10);
  });

  it('stand in the saved file with their ratios to the baseline', () => {
    const base = rows.find(({ ref }) => ref === 'vgg-d')!;
    const file = JSON.parse(tableFile('json', compareColumns(t, base), rows, 'VGG D')) as {
      networks: Record<string, number>[];
    };
    const over = recount(base.network.graph);
    for (const [i, { network }] of rows.entries()) {
      const own = recount(network.graph);
      for (const key of ['params', 'macs', 'memory', 'intensity'] as const) {
        expect(file.networks[i]![key]).toBeCloseTo(own[key], 6);
        expect(file.networks[i]![`${key}Ratio`]).toBeCloseTo(own[key] / over[key], 10);
      }
    }
  });

  it('read as so many times larger or smaller, the larger over the smaller', () => {
    const base = rows[0]!;
    const shown = compareColumns(t, base).filter(({ ratio }) => ratio);
    expect(shown.map(({ id }) => id)).toEqual(['depth', 'params', 'macs', 'memory', 'intensity']);
    for (const row of rows.slice(1)) {
      const [own, other] = [row.measures.params, base.measures.params];
      const factor = Math.max(own, other) / Math.min(own, other);
      const text = shown.find(({ id }) => id === 'params')!.ratio!(row);
      expect(text).toContain(own > other ? 'ratio.larger' : 'ratio.smaller');
      expect(Number(/ ([\d.\u2009]+)$/.exec(text)![1]!.replaceAll('\u2009', ''))).toBeCloseTo(
        factor,
        factor < 10 ? 1 : -1,
      );
    }
  });
});
