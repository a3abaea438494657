import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './build.ts';
import { ancestors, foldable, type Fold } from './foldable.ts';
import type { Graph } from './graph.ts';
import { buildNetwork } from './zoo/index.ts';

/** 'conv + bn + relu -> last', by the layer that is computed. */
const told = (graph: Graph): string[] =>
  [...foldable(graph).values()].map(
    ({ layer, normalisation, activation, last }: Fold) =>
      `${layer}${normalisation ? ` * ${normalisation}` : ''} ${activation} -> ${last}`,
  );

function built(body: (b: GraphBuilder) => string): Graph {
  const b = new GraphBuilder([8, 8, 4]);
  return b.build(body(b));
}

describe('what is folded', () => {
  it('is a normalisation and a ReLU that alone read a convolution', () => {
    const graph = built((b) =>
      b.globalAvgPool('pool', b.relu('r', b.batchNorm('n', b.conv('c', b.input, 4, 3)))),
    );
    expect(told(graph)).toEqual(['c * n relu -> r']);
  });

  it('is a ReLU capped at 6, and none with another cap', () => {
    const capped = (cap: number) =>
      built((b) => b.globalAvgPool('pool', b.relu('r', b.conv('c', b.input, 4, 3), { cap })));
    expect(told(capped(6))).toEqual(['c relu6 -> r']);
    expect(told(capped(1))).toEqual([]);
  });

  it('passes over dropout, of values and of whole paths', () => {
    const graph = built((b) => {
      const x = b.dropout('d1', b.conv('c', b.input, 4, 3, { pad: 1 }), 0.5);
      const y = b.dropout('d2', b.batchNorm('n', x), 0.5, { wholePath: true });
      return b.globalAvgPool('pool', b.add('sum', b.dropout('d3', b.relu('r', y), 0.5), b.input));
    });
    expect(told(graph)).toEqual(['c * n relu -> d3']);
  });

  it('is the ReLU behind a normalisation that no convolution can take in', () => {
    const graph = built((b) => {
      const first = b.conv('c1', b.relu('r1', b.batchNorm('n1', b.maxPool('p', b.input, 2))), 4, 3, {
        pad: 1,
      });
      const second = b.conv('c2', b.relu('r2', b.batchNorm('n2', first)), 4, 3, { pad: 1 });
      return b.globalAvgPool('pool', b.add('sum', second, first));
    });
    // Two nodes read c1: its own values are needed too.
    expect(told(graph)).toEqual(['n1 relu -> r1', 'n2 relu -> r2']);
  });

  it('ends before a second normalisation, and behind a ReLU', () => {
    const twice = built((b) =>
      b.globalAvgPool('pool', b.batchNorm('n2', b.batchNorm('n1', b.conv('c', b.input, 4, 3)))),
    );
    expect(told(twice)).toEqual(['c * n1 linear -> n1']);
    const after = built((b) =>
      b.globalAvgPool('pool', b.batchNorm('n', b.relu('r', b.conv('c', b.input, 4, 3)))),
    );
    expect(told(after)).toEqual(['c relu -> r']);
  });

  it('is nothing behind a value that two nodes read', () => {
    const graph = built((b) => {
      const c = b.conv('c', b.input, 4, 3, { pad: 1 });
      const n = b.batchNorm('n', c);
      return b.globalAvgPool('pool', b.concat('both', b.relu('r', n), n));
    });
    expect(told(graph)).toEqual(['c * n linear -> n']);
  });

  it('is not the output, nor what lies behind it', () => {
    const graph = built((b) => {
      const c = b.conv('c', b.input, 4, 3);
      b.relu('r', c);
      return c;
    });
    expect(told(graph)).toEqual([]);
  });

  it('does not count readers on which the output does not depend', () => {
    const graph = built((b) => {
      const c = b.conv('c', b.input, 4, 3);
      b.dense('auxiliary', c, 2);
      return b.softmax('s', b.dense('fc', b.relu('r', c), 2));
    });
    expect(told(graph)).toEqual(['c relu -> r']);
    expect(ancestors(graph, graph.output).map(({ id }) => id)).toEqual(['input', 'c', 'r', 'fc', 's']);
  });

  it.each([
    // Every normalisation but none of the additions: 53 of each.
    ['resnet-50', 53, 53],
    ['mobilenet-v1-100', 27, 27],
    ['efficientnet-lite0', 49, 49],
    // A normalisation reads a concatenation: only those within a bottleneck, and the stem's, have their convolution.
    ['densenet-121', 59, 121],
  ])('in %s are %i normalisations of %i', (ref, folded, all) => {
    const { graph } = buildNetwork(ref);
    expect(graph.nodes.filter(({ op }) => op.kind === 'batchNorm')).toHaveLength(all);
    expect([...foldable(graph).values()].filter(({ normalisation }) => normalisation)).toHaveLength(folded);
  });
});
