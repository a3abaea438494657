import { describe, expect, it } from 'vitest';
import { networkCost } from '../cost.ts';
import type { ConvScopeError } from '../errors.ts';
import type { Graph, OpKind } from '../graph.ts';
import { logitsNode, nodeById } from '../lookup.ts';
import type { NameMap } from '../network.ts';
import { nodeParameters } from '../parameters.ts';
import { validateGraph } from '../validate.ts';
import { buildNetwork, families, members } from './index.ts';
import { notesOf } from './notes.ts';

/** What the depth of a paper counts beside the longest path, less what it leaves out. */
function countedOtherwise(id: string): number {
  // Wide ResNets for CIFAR count their three projections, but not the dense layer; FractalNets count convolutions only.
  if (/^wide-resnet-(16|28|40)-/.test(id)) return 3 - 1;
  // The name DenseNet-264 is one less than what the rule of the other names gives for its table.
  return id.startsWith('fractalnet-') || id === 'densenet-264' ? -1 : 0;
}

describe.each(members.map((member) => [member.id, member] as const))('%s', (id, member) => {
  const { graph, expect: figures, names, info } = buildNetwork(id);
  const { idea, training, deviations, publishedErrors } = notesOf(id);
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
    for (const [node, shape] of Object.entries(published.shapes ?? {}))
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
    expect(depth.get(graph.output)! + countedOtherwise(id)).toBe(info.depth);
  });

  it('speaks both languages in idea and deviations', () => {
    expect(deviations.length).toBeGreaterThan(1);
    for (const text of [idea, training, ...deviations]) {
      expect(text.en).toMatch(/^[A-Za-z0-9"].*\.$/s);
      expect(text.ko).toMatch(/[가-힣].*\.$/s);
    }
  });

  it('states errors in percent with their sources, at most one of them for a chart', () => {
    for (const { top1, top5, source, dataset } of publishedErrors) {
      const [best = 0, worst = 100] = [top5 ?? top1, top1 ?? top5];
      expect(best > 0 && best <= worst && worst < 100, source).toBe(true);
      expect([source, dataset]).not.toContain('');
    }
    expect(publishedErrors.filter(({ comparable }) => comparable).length).toBeLessThanOrEqual(1);
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
      const stored = name(node, parameter.name);
      found.set(typeof stored === 'string' ? stored : JSON.stringify(stored), parameter.shape);
    }
  }
  return found;
}

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
    expect(error('googlenet?depth=10').code).toBe('bad-parameter');
  });

  it('members stand in the order of their years', () => {
    const years = members.map((member) => member.year);
    expect(years).toEqual([...years].sort((a, b) => a - b));
    expect(new Set(members.map((member) => member.id)).size).toBe(members.length);
  });
});
