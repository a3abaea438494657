import { describe, expect, it } from 'vitest';
import { efficientNetReference, zooReference } from '../../../tests/reference/load.ts';
import { networkCost } from '../cost.ts';
import type { ConvScopeError } from '../errors.ts';
import { elements } from '../shape.ts';
import type { Graph, Node, OpKind, OpOf } from '../graph.ts';
import { logitsNode, nodeById } from '../lookup.ts';
import type { NameMap } from '../network.ts';
import { nodeParameters } from '../parameters.ts';
import { validateGraph } from '../validate.ts';
import { c3Table } from './lenet.ts';
import { buildNetwork, families, members } from './index.ts';
import { resnetGraph, torchvisionNames } from './resnet.ts';

const reference = zooReference();

describe.each(members.map((member) => [member.id, member] as const))('%s', (id, member) => {
  const { graph, expect: figures, deviations, names, info } = buildNetwork(id);
  const published = figures!;

  it('is valid and is built once', () => {
    validateGraph(graph);
    expect(buildNetwork(id).graph).toBe(graph);
    expect(info).toBe(member);
  });

  it('has the published parameters, MACs and shapes', () => {
    const cost = networkCost(graph);
    expect(cost.params).toBe(published.params);
    expect(cost.macs).toBe(published.macs);
    if (published.connections !== undefined) expect(cost.connections).toBe(published.connections);
    const shapes = published.shapes ?? {};
    expect(Object.keys(shapes).length).toBeGreaterThan(3);
    for (const [node, shape] of Object.entries(shapes))
      expect(nodeById(graph, node).shape, node).toEqual(shape);
  });

  it('scores as many classes as it says', () => {
    expect(logitsNode(graph).shape).toEqual([1, 1, info.classes]);
  });

  it('has as many convolutions and dense layers on its longest path as its depth says', () => {
    // LeNet-5 of 1998 counts its subsampling layers and its RBF output too, as its paper does.
    const counted: readonly OpKind[] =
      id === 'lenet-5' ? ['conv', 'dense', 'subsample', 'rbf'] : ['conv', 'dense'];
    const depth = new Map<string, number>();
    for (const node of graph.nodes) {
      const below = Math.max(0, ...node.inputs.map((input) => depth.get(input)!));
      depth.set(node.id, below + (counted.includes(node.op.kind) ? 1 : 0));
    }
    expect(depth.get(graph.output)).toBe(info.depth);
  });

  it('speaks both languages in idea and deviations', () => {
    expect(deviations.length).toBeGreaterThan(1);
    for (const text of [info.idea, ...deviations]) {
      expect(text.en).toMatch(/^[A-Z0-9c].*\.$/s);
      expect(text.ko).toMatch(/[가-힣].*\.$/s);
    }
  });

  it('names every parameter once in every checkpoint that it knows', () => {
    const sources = Object.entries(names);
    expect(sources.length).toBeGreaterThan(0);
    for (const [source, name] of sources) {
      const all = parameterNames(graph, name);
      expect(all.has('null'), source).toBe(false);
      expect(all.size, source).toBe(
        graph.nodes.reduce((sum, node) => sum + nodeParameters(graph, node).length, 0),
      );
    }
  });
});

function parameterNames(graph: Graph, name: NameMap): Map<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  for (const node of graph.nodes) {
    for (const parameter of nodeParameters(graph, node)) {
      found.set(String(name(node, parameter.name)), parameter.shape);
    }
  }
  return found;
}

/** Nodes that the reference has rows for: it lists modules, so neither the input nor sums. */
const rowNodes = (graph: Graph, without: readonly OpKind[]): Node[] =>
  graph.nodes.filter((node) => node.op.kind !== 'input' && !without.includes(node.op.kind));

describe('layer by layer', () => {
  const cases: readonly (readonly [
    'lenet-5-modern' | 'alexnet-2012' | 'zfnet' | 'googlenet' | 'resnet-18',
    readonly OpKind[],
  ])[] = [
    ['lenet-5-modern', ['softmax']],
    ['alexnet-2012', ['softmax']],
    ['zfnet', ['softmax']],
    ['googlenet', []],
    ['resnet-18', ['softmax', 'add']],
  ];

  it.each(cases)('%s equals its reference rows', (id, without) => {
    const { graph } = buildNetwork(id);
    const cost = networkCost(graph);
    const { layers, ...totals } = reference[id];
    const nodes = rowNodes(graph, without);
    expect(nodes.map((node) => node.op.kind)).toEqual(layers.map((row) => row.kind));
    layers.forEach((row, i) => {
      const node = nodes[i]!;
      const got = cost.nodes.get(node.id)!;
      expect([node.id, ...node.shape, got.params]).toEqual([node.id, ...row.shape, row.params]);
      expect(got.macs, node.id).toBe(row.macs ?? 0);
      if (row.kind === 'conv' || row.kind === 'dense') {
        expect([got.weights, got.biases], node.id).toEqual([row.weight, row.bias]);
      }
      if (row.kind === 'conv') {
        const { kernel, stride, groups } = node.op as OpOf<'conv'>;
        expect({ kernel, stride, groups }, node.id).toEqual({
          kernel: row.kernel,
          stride: row.stride,
          groups: row.groups,
        });
      }
    });
    expect(cost.params).toBe(totals.params);
    expect(cost.macs).toBe(totals.macs);
    expect(cost.layerOutputElements).toBe(totals.activations_conv_linear);
    if (totals.params_bn !== undefined) expect(cost.normalisation).toBe(totals.params_bn);
    if (totals.params_weights_only !== undefined) expect(cost.weights).toBe(totals.params_weights_only);
    if (totals.activations_leaf !== undefined) {
      expect(nodes.reduce((sum, node) => sum + elements(node.shape), 0) + flattened(id)).toBe(
        totals.activations_leaf,
      );
    }
  });

  /** The reference counts the output of a flatten module; here a dense layer flattens by itself. */
  function flattened(id: string): number {
    return { 'lenet-5-modern': 400, 'alexnet-2012': 9216, zfnet: 9216 }[id] ?? 0;
  }

  it('lenet-5 equals the paper: parameters, connections and MACs of every layer', () => {
    const { graph } = buildNetwork('lenet-5');
    const cost = networkCost(graph);
    for (const row of reference['lenet-5'].layers) {
      const id = row.name.toLowerCase();
      const { params, connections, macs } = cost.nodes.get(id)!;
      expect({ id, params, connections, macs, shape: nodeById(graph, id).shape }).toEqual({
        id,
        params: row.params,
        connections: row.connections,
        macs: row.macs,
        shape: row.shape,
      });
    }
    expect(cost.params).toBe(60_000);
    expect(cost.connections).toBe(340_908);
    expect(cost.fixed).toBe(reference['lenet-5'].fixed);
  });

  it("Table I: 60 of 96 pairs, each of S2's maps read by ten of C3's", () => {
    expect(c3Table.flat()).toHaveLength(60);
    for (let map = 0; map < 6; map++) expect(c3Table.filter((row) => row.includes(map))).toHaveLength(10);
    expect(new Set(c3Table.map(String)).size).toBe(16);
  });

  it('zfnet-imagenette equals its reference totals', () => {
    const cost = networkCost(buildNetwork('zfnet-imagenette').graph);
    expect(cost.params).toBe(reference['zfnet-imagenette'].params);
    expect(cost.macs).toBe(reference['zfnet-imagenette'].macs);
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
    expect(Object.fromEntries(parameterNames(graph, name))).toEqual(wanted.state);
  });
});

describe('ResNets from one table', () => {
  const depths = [34, 50, 101, 152] as const;

  it.each(depths)('ResNet-%i equals torchvision', (depth) => {
    const cost = networkCost(resnetGraph({ depth }));
    const totals = reference.resnets[`${depth} stride in 3x3`]!;
    expect([cost.params, cost.macs, cost.layerOutputElements]).toEqual([
      totals.params,
      totals.macs,
      totals.activations_conv_linear,
    ]);
  });

  it.each([50, 101, 152] as const)('ResNet-%i with the stride in the 1x1 equals the paper', (depth) => {
    const cost = networkCost(resnetGraph({ depth, strideIn: '1x1' }));
    const totals = reference.resnets[`${depth} stride in 1x1`]!;
    expect([cost.params, cost.macs]).toEqual([totals.params, totals.macs]);
  });

  it.each([18, 50] as const)("ResNet-%i has torchvision's names and shapes", (depth) => {
    const got = parameterNames(resnetGraph({ depth }), torchvisionNames);
    expect(Object.fromEntries(got)).toEqual(reference.states[depth]);
  });
});

describe('zfnet-imagenette', () => {
  it('names the tensors of its weight file', () => {
    const { graph, names } = buildNetwork('zfnet-imagenette');
    const got = parameterNames(graph, names['convscope']!);
    const convolutions = [0, 4, 8, 10, 12].map((i) => `features.${i}`);
    const dense = [0, 3, 6].map((i) => `classifier.${i}`);
    expect([...got.keys()]).toEqual(
      [...convolutions, ...dense].flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]),
    );
    expect(got.get('features.4.weight')).toEqual([256, 96, 5, 5]);
    expect(got.get('classifier.0.weight')).toEqual([512, 9216]);
  });
});

describe('references', () => {
  const error = (ref: string): ConvScopeError => {
    try {
      buildNetwork(ref);
    } catch (caught) {
      return caught as ConvScopeError;
    }
    throw new Error('it was built');
  };

  it('unknown networks are refused with the nearest and all ids', () => {
    const { code, message, details } = error('resnet18');
    expect(code).toBe('unknown-network');
    expect(message).toMatch(/^There is no network 'resnet18'\. Nearest: resnet-18, /);
    const ids = [...members, ...families].map(({ id }) => id);
    expect(details['possible']).toEqual([...new Set(ids)]);
  });

  it('parameters that a member does not take are refused', () => {
    expect(error('googlenet?classes=10').code).toBe('bad-parameter');
  });

  it('members stand in the order of their years', () => {
    const years = members.map((member) => member.year);
    expect(years).toEqual([...years].sort((a, b) => a - b));
    expect(members.map((member) => member.id)).toEqual([
      'lenet-5',
      'lenet-5-modern',
      'alexnet-2012',
      'zfnet',
      'zfnet-imagenette',
      'googlenet',
      'resnet-18',
      'efficientnet-lite0',
    ]);
  });
});
