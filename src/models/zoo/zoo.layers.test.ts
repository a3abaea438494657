import { describe, expect, it } from 'vitest';
import { forms, notInZoo } from '../../../tests/reference/forms.ts';
import {
  efficientNetReference,
  lenetReference,
  networkReference,
  referenceKeys,
  stateKeys,
  stateReference,
} from '../../../tests/reference/load.ts';
import { comparable, graphRows } from '../../../tests/reference/rows.ts';
import { networkCost } from '../cost.ts';
import type { Graph } from '../graph.ts';
import { nodeById } from '../lookup.ts';
import type { NameMap } from '../network.ts';
import { nodeParameters } from '../parameters.ts';
import { shapeText } from '../shape.ts';
import { buildNetwork, members } from './index.ts';
import { c3Table } from './lenet.ts';
import { knownNetworks } from './published.ts';

function parameterShapes(graph: Graph, name: NameMap): Record<string, readonly number[]> {
  const found: Record<string, readonly number[]> = {};
  for (const node of graph.nodes) {
    for (const parameter of nodeParameters(graph, node)) {
      found[String(name(node, parameter.name))] = parameter.shape;
    }
  }
  return found;
}

describe.each(forms)('$ref equals $reference', ({ ref, reference, state, without, anyOrder }) => {
  const { graph, names } = buildNetwork(ref);
  const wanted = networkReference(reference);

  const { rows } = wanted;
  if (rows)
    it('in every layer', () => {
      const own = graphRows(graph).filter((row) => !without?.test(row));
      if (anyOrder) expect(comparable(own.toSorted(), rows).toSorted()).toEqual(rows.toSorted());
      else expect(comparable(own, rows)).toEqual(rows);
    });

  it('in its totals', () => {
    const cost = networkCost(graph);
    expect([cost.params, cost.macs]).toEqual([wanted.params, wanted.macs]);
    if (wanted.activations_conv_linear !== undefined)
      expect(cost.layerOutputElements).toBe(wanted.activations_conv_linear);
    if (wanted.params_bn !== undefined) expect(cost.normalisation).toBe(wanted.params_bn);
    if (wanted.params_weights_only !== undefined) expect(cost.weights).toBe(wanted.params_weights_only);
  });

  if (state)
    it('in the names and shapes of its official state dict', () => {
      const [source, key] = state;
      expect(parameterShapes(graph, names[source]!)).toEqual(stateReference(key));
    });
});

describe('the reference is used up', () => {
  it('every network of it is a form of the zoo, or is left out for a reason', () => {
    const used = new Set([...forms.map(({ reference }) => reference), ...Object.keys(notInZoo)]);
    expect(referenceKeys().filter((key) => !used.has(key))).toEqual([]);
    expect(Object.keys(notInZoo).filter((key) => !referenceKeys().includes(key))).toEqual([]);
  });

  it('every official state dict is named', () => {
    const named = new Set(forms.map(({ state }) => state?.[1]));
    expect(stateKeys().filter((key) => !named.has(key))).toEqual([]);
  });

  it('every network of the bibliography is listed', () => {
    const ids = new Set(members.map(({ id }) => id));
    expect(knownNetworks.filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe('lenet-5 equals the paper', () => {
  const { graph } = buildNetwork('lenet-5');
  const cost = networkCost(graph);
  const wanted = lenetReference();

  it.each(wanted.layers)('$name: parameters, connections and MACs', (row) => {
    const id = row.name.toLowerCase();
    const { params, connections, macs } = cost.nodes.get(id)!;
    const shape = shapeText(nodeById(graph, id).shape);
    expect({ name: row.name, shape, params, connections, macs }).toEqual(row);
  });

  it('in totals', () => {
    expect([cost.params, cost.connections, cost.fixed]).toEqual([60_000, 340_908, 840]);
    expect([wanted.params, wanted.connections, wanted.fixed]).toEqual([60_000, 340_908, 840]);
  });

  it("Table I: 60 of 96 pairs, each of S2's maps read by ten of C3's", () => {
    expect(c3Table.flat()).toHaveLength(60);
    for (let map = 0; map < 6; map++) expect(c3Table.filter((row) => row.includes(map))).toHaveLength(10);
    expect(new Set(c3Table.map(String)).size).toBe(16);
  });
});

describe('EfficientNet-Lite0 equals the package as PyTorch counts it', () => {
  const wanted = efficientNetReference();
  const { graph, names } = buildNetwork('efficientnet-lite0');
  const cost = networkCost(graph);
  const name = names['efficientnet-lite-pytorch']!;
  const weighted = graph.nodes.filter(({ op }) => op.kind === 'conv' || op.kind === 'dense');

  it('in every layer', () => {
    const got = weighted.map((node) => {
      const { weights, biases, macs } = cost.nodes.get(node.id)!;
      const [height, width, channels] = node.shape;
      const out = node.op.kind === 'dense' ? [channels] : [channels, height, width];
      return { name: name(node, 'weight'), out, weight: weights, bias: biases, macs };
    });
    expect(got).toEqual(
      wanted.layers.map(({ name: module, out, weight, bias, macs }) => ({
        name: `${module}.weight`,
        out,
        weight,
        bias,
        macs,
      })),
    );
  });

  it('in paddings, strides and epsilon', () => {
    const got = weighted.flatMap(({ id, op }) =>
      op.kind === 'conv'
        ? [{ name: name(nodeById(graph, id), 'weight'), stride: op.stride, pad: op.pad }]
        : [],
    );
    expect(got).toEqual(wanted.strides_and_pads.map((row) => ({ ...row, name: `${row.name}.weight` })));
    const epsilons = graph.nodes.flatMap(({ op }) => (op.kind === 'batchNorm' ? [op.epsilon] : []));
    expect([...new Set(epsilons)]).toEqual(wanted.epsilons);
  });

  it('in totals', () => {
    expect([cost.params, cost.macs, cost.normalisation]).toEqual([
      wanted.params,
      wanted.macs,
      wanted.normalisation,
    ]);
  });

  it('in the names and shapes of its state dict', () => {
    expect(parameterShapes(graph, name)).toEqual(wanted.state);
  });
});
