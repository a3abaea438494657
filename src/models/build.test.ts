import { describe, expect, it } from 'vitest';
import { poolingReference } from '../../tests/reference/load.ts';
import { GraphBuilder } from './build.ts';
import type { AvgPoolOptions } from './build.ts';
import { ConvScopeError } from './errors.ts';
import type { Graph, OpOf } from './graph.ts';
import { nodeById } from './lookup.ts';
import { windowCount } from './shape.ts';
import { validateGraph } from './validate.ts';

function failure(run: () => unknown): ConvScopeError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConvScopeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('pooling at the edges', () => {
  const rows = poolingReference();

  it(`equals PyTorch's windows and divisors in ${rows.length} cases`, () => {
    for (const row of rows) {
      const [size, kernel, stride, padding, ceil, counts, outputs] = row;
      const b = new GraphBuilder([size, 1, 1]);
      const options: AvgPoolOptions = {
        stride: [stride, 1],
        pad: [padding, 0],
        ceil: ceil === 1,
        countPadding: counts === 1,
      };
      const pooled = b.avgPool('pool', b.input, [kernel, 1], options);
      const op = nodeById(b.build(pooled), 'pool').op as OpOf<'avgPool'>;
      const [top, bottom] = op.pad;
      const count = windowCount(size, kernel, stride, top + bottom);
      const values = Array.from({ length: count }, (_, window) => {
        let inside = 0;
        let divisor = 0;
        for (let tap = 0; tap < kernel; tap++) {
          const at = window * stride - top + tap;
          if (at >= 0 && at < size) inside++;
          if (at >= -op.counted[0] && at < size + op.counted[1]) divisor++;
        }
        return inside / divisor;
      });
      expect(values.length, String(row)).toBe(outputs.length);
      values.forEach((value, i) => expect(value, String(row)).toBeCloseTo(outputs[i]!, 5));
    }
  });

  it('gives max pooling the same explicit padding', () => {
    const b = new GraphBuilder([110, 110, 2]);
    const op = nodeById(b.build(b.maxPool('pool', b.input, 3, { stride: 2, ceil: true })), 'pool');
    expect(op.op).toEqual({ kind: 'maxPool', kernel: [3, 3], stride: [2, 2], pad: [0, 1, 0, 1] });
    expect(op.shape).toEqual([55, 55, 2]);
  });

  it('counts no padding of a "same" average, as TensorFlow does', () => {
    const b = new GraphBuilder([5, 4, 1]);
    const { op, shape } = nodeById(
      b.build(b.avgPool('pool', b.input, 3, { stride: 2, pad: 'same' })),
      'pool',
    );
    expect(op).toMatchObject({ pad: [1, 1, 0, 1], counted: [0, 0, 0, 0] });
    expect(shape).toEqual([3, 2, 1]);
  });
});

describe('convolutions', () => {
  it('makes every padding explicit', () => {
    const b = new GraphBuilder([9, 12, 4]);
    const pads = [3, [2, 1], [0, 1, 2, 3], 'same'] as const;
    const got = pads.map((pad, i) => b.conv(`c${i}`, b.input, 4, [4, 5], { pad, stride: [2, 3] }));
    const graph = b.build(
      b.concat('all', got[0]!, b.conv('c4', b.input, 4, [4, 5], { pad: 3, stride: [2, 3] })),
    );
    const pad = (id: string) => (nodeById(graph, id).op as OpOf<'conv'>).pad;
    expect(pad('c0')).toEqual([3, 3, 3, 3]);
    expect(pad('c1')).toEqual([2, 2, 1, 1]);
    expect(pad('c2')).toEqual([0, 1, 2, 3]);
    // ceil(9 / 2) = 5 rows reach 4 * 2 + 4 = 12: 3 more; ceil(12 / 3) = 4 columns reach 3 * 3 + 5 = 14: 2 more.
    expect(pad('c3')).toEqual([1, 2, 1, 1]);
    expect(nodeById(graph, 'c3').shape).toEqual([5, 4, 4]);
  });

  it('takes dilation into the shape: a 3-tap kernel at dilation 4 reaches 9', () => {
    const b = new GraphBuilder([12, 12, 1]);
    expect(b.shapeOf(b.conv('c', b.input, 1, 3, { dilation: 4 }))).toEqual([4, 4, 1]);
  });

  it('makes a depthwise convolution of as many groups as channels', () => {
    const b = new GraphBuilder([8, 8, 6]);
    const graph = b.build(b.depthwise('d', b.input, 3, { pad: 1 }));
    expect(nodeById(graph, 'd').op).toMatchObject({ groups: 6, filters: 6 });
  });
});

describe('blocks', () => {
  it('nest, and their path begins the ids of their nodes', () => {
    const b = new GraphBuilder([4, 4, 1]);
    const out = b.block('conv2_x', 'stage', () => b.block('1', 'residual', () => b.relu('relu', b.input)));
    const graph = b.build(out);
    expect(out).toBe('conv2_x/1/relu');
    expect(nodeById(graph, out).group).toBe('conv2_x/1');
    expect(graph.blocks).toEqual([
      { path: 'conv2_x', kind: 'stage' },
      { path: 'conv2_x/1', kind: 'residual' },
    ]);
  });
});

describe('mistakes name the node and the fact', () => {
  const cases: readonly (readonly [name: string, message: string, build: (b: GraphBuilder) => unknown])[] = [
    [
      'a sum of unequal shapes',
      'conv2_x/1/add: add needs equal shapes, got 56x56x256 and 56x56x64',
      (b) =>
        b.block('conv2_x', 'stage', () =>
          b.block('1', 'residual', () => {
            const wide = b.conv('conv3', b.input, 256, 1);
            return b.add('add', wide, b.conv('shortcut', b.input, 64, 1));
          }),
        ),
    ],
    [
      'a join of unequal maps',
      'join: concat needs equal heights and widths, got 56x56x3 and 28x28x3',
      (b) => b.concat('join', b.input, b.maxPool('pool', b.input, 2)),
    ],
    [
      'groups that do not divide',
      'c: conv groups 2 must divide 3 input channels and 4 filters',
      (b) => b.conv('c', b.input, 4, 1, { groups: 2 }),
    ],
    [
      'a window that does not fit',
      'c: conv window 57x57 does not fit into its padded input 56x56',
      (b) => b.conv('c', b.input, 4, 57),
    ],
    [
      'a padding as large as the window',
      'p: maxPool padding 2, 2, 2, 2 would let a 2x2 window lie wholly outside the input',
      (b) => b.maxPool('p', b.input, 2, { pad: 2 }),
    ],
    [
      'a missing input',
      "c: it reads 'conv9', which is not in the graph yet",
      (b) => b.conv('c', 'conv9', 4, 1),
    ],
    [
      'a name used twice',
      'r: there is already such a node',
      (b) => [b.relu('r', b.input), b.relu('r', b.input)],
    ],
    [
      'a block used twice',
      's: there is already such a block',
      (b) => [b.block('s', 'stage', () => 0), b.block('s', 'stage', () => 0)],
    ],
    [
      'a connection table of the wrong length',
      'c: conv table has 1 rows for 2 filters',
      (b) => b.conv('c', b.input, 2, 1, { table: [[0]] }),
    ],
    [
      'a connection to a channel that is not there',
      'c: conv table row 0 reads channel 3, the input has 3',
      (b) => b.conv('c', b.input, 1, 1, { table: [[0, 3]] }),
    ],
    ['a sum of one', 'a: add needs at least 2 inputs, got 1', (b) => b.add('a', b.input)],
    ['no filters', 'c: conv filters needs whole numbers above 0, got 0', (b) => b.conv('c', b.input, 0, 1)],
    [
      'a stride of 0',
      'c: conv stride needs whole numbers above 0, got 0x0',
      (b) => b.conv('c', b.input, 1, 1, { stride: 0 }),
    ],
    [
      'a dropout of everything',
      'd: dropout rate needs 0 <= rate < 1, got 1',
      (b) => b.dropout('d', b.input, 1),
    ],
    [
      'an output that is not there',
      'logits: the output is not a node of the graph',
      (b) => b.build('logits'),
    ],
  ];

  it.each(cases)('%s', (_name, message, build) => {
    const error = failure(() => build(new GraphBuilder([56, 56, 3])));
    expect(error.code).toBe('graph-invalid');
    expect(error.message).toBe(message);
  });

  it('a block goes on after another node', () => {
    const b = new GraphBuilder([4, 4, 1]);
    const graph = b.build(b.relu('c', b.relu('b', b.relu('a', b.input))));
    const [input, first, second, third] = graph.nodes as [Graph['nodes'][0], ...Graph['nodes'][0][]];
    const broken: Graph = {
      ...graph,
      blocks: [{ path: 's', kind: 'stage' }],
      nodes: [input, { ...first!, group: 's' }, second!, { ...third!, group: 's' }],
    };
    expect(failure(() => validateGraph(broken)).message).toBe("c: block 's' is not contiguous");
  });

  it('a shape that its op does not make', () => {
    const b = new GraphBuilder([4, 4, 1]);
    const graph = b.build(b.relu('a', b.input));
    const broken: Graph = { ...graph, nodes: [graph.nodes[0]!, { ...graph.nodes[1]!, shape: [4, 4, 2] }] };
    expect(failure(() => validateGraph(broken)).message).toBe('a: it claims 4x4x2, its op makes 4x4x1');
  });

  it('a node before its input', () => {
    const b = new GraphBuilder([4, 4, 1]);
    const graph = b.build(b.relu('b', b.relu('a', b.input)));
    const [input, first, second] = graph.nodes;
    const broken: Graph = { ...graph, nodes: [input!, second!, first!] };
    expect(failure(() => validateGraph(broken)).message).toBe(
      "b: it reads 'a', which does not stand before it",
    );
  });
});

describe('looking a node up', () => {
  it('offers the nearest ids', () => {
    const b = new GraphBuilder([4, 4, 1]);
    const graph = b.build(b.relu('relu2', b.conv('conv1', b.input, 1, 1)));
    const error = failure(() => nodeById(graph, 'Conv2'));
    expect(error.code).toBe('unknown-layer');
    expect(error.details['nearest']).toEqual(['conv1', 'relu2', 'input']);
  });
});
