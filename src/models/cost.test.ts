import { describe, expect, it } from 'vitest';
import { otherArithmetic } from './arithmetic.ts';
import { GraphBuilder } from './build.ts';
import type { Value } from './build.ts';
import { networkCost } from './cost.ts';
import { formulaText, nodeFormulas } from './formula.ts';
import type { Quantity } from './formula.ts';
import type { Graph, OpKind } from './graph.ts';
import { nodeById } from './lookup.ts';
import { trainingBytes, weightBytes } from './memory.ts';
import { buildNetwork, members } from './zoo/index.ts';

function build(input: readonly [number, number, number], body: (b: GraphBuilder) => Value): Graph {
  const b = new GraphBuilder(input);
  return b.build(body(b));
}

const costOf = (graph: Graph, id: string) => networkCost(graph).nodes.get(id)!;

describe('one op by hand', () => {
  it('convolution in groups: 8 filters of 3x2 over 4/2 channels on a 5x6 map', () => {
    const graph = build([5, 6, 4], (b) => b.conv('c', b.input, 8, [3, 2], { groups: 2 }));
    // 8 * 3 * 2 * 2 weights, each used at 3 x 5 places.
    expect(costOf(graph, 'c')).toMatchObject({ weights: 96, biases: 8, params: 104, macs: 1440 });
    expect(costOf(graph, 'c').connections).toBe(1440 + 8 * 15);
    expect(costOf(graph, 'c').otherOperations).toBe(8 * 15);
  });

  it('convolution with a connection table reads only its pairs', () => {
    const graph = build([4, 4, 3], (b) => b.conv('c', b.input, 2, 3, { table: [[0], [0, 2]], bias: false }));
    expect(costOf(graph, 'c')).toMatchObject({ weights: 27, biases: 0, macs: 27 * 4, connections: 27 * 4 });
  });

  it('dense layer flattens its input', () => {
    const graph = build([2, 3, 4], (b) => b.dense('d', b.input, 5));
    expect(costOf(graph, 'd')).toMatchObject({ weights: 120, biases: 5, macs: 120, connections: 125 });
  });

  it('batch normalisation: two trained and two stored numbers a channel', () => {
    const graph = build([2, 2, 7], (b) => b.batchNorm('n', b.input));
    expect(costOf(graph, 'n')).toMatchObject({
      normalisation: 14,
      statistics: 14,
      params: 14,
      stored: 28,
      macs: 0,
    });
  });

  it('RBF units are fixed: stored, connected, not trained', () => {
    const graph = build([1, 1, 84], (b) => b.rbf('r', b.input, 10));
    expect(costOf(graph, 'r')).toMatchObject({
      params: 0,
      fixed: 840,
      stored: 840,
      macs: 0,
      connections: 840,
    });
    // 84 subtractions, 84 squares, 83 additions a unit.
    expect(costOf(graph, 'r').otherOperations).toBe(10 * 251);
  });

  it('other arithmetic, op by op on a 4x4x2 map', () => {
    const lrn = { size: 5, alpha: 1, beta: 1, k: 1, alphaOverSize: false };
    const cases: Partial<Record<OpKind, readonly [(b: GraphBuilder) => Value, number]>> = {
      maxPool: [(b) => b.maxPool('x', b.input, 2), 8 * 3],
      avgPool: [(b) => b.avgPool('x', b.input, 2), 8 * 4],
      globalAvgPool: [(b) => b.globalAvgPool('x', b.input), 2 * 16],
      subsample: [(b) => b.subsample('x', b.input, 2), 8 * 5],
      lrn: [(b) => b.lrn('x', b.input, lrn), 32 * 9],
      relu: [(b) => b.relu('x', b.input), 32],
      sigmoid: [(b) => b.sigmoid('x', b.input), 96],
      tanh: [(b) => b.tanh('x', b.input, { amplitude: 2, slope: 3 }), 96],
      dropout: [(b) => b.dropout('x', b.input, 0.5), 0],
      add: [(b) => b.add('x', b.input, b.input, b.input), 64],
      mean: [(b) => b.mean('x', b.input, b.input), 64],
      concat: [(b) => b.concat('x', b.input, b.input), 0],
      channelPad: [(b) => b.channelPad('x', b.input, 1, 1), 0],
      softmax: [(b) => b.softmax('x', b.input), 160],
    };
    for (const [kind, [body, operations]] of Object.entries(cases)) {
      const graph = build([4, 4, 2], body);
      const other = otherArithmetic(graph, nodeById(graph, 'x'));
      expect([kind, other.operations]).toEqual([kind, operations]);
      expect(other.rule.en.length * other.rule.ko.length).toBeGreaterThan(0);
    }
  });
});

describe('memory', () => {
  /** conv 10 -> relu -> two readers, one of them element-wise -> sum. */
  const branched = build([1, 10, 1], (b) => {
    const stem = b.relu('relu', b.conv('conv', b.input, 1, 1));
    return b.add('add', b.relu('branch', stem), stem);
  });

  it('an element-wise op overwrites its input only where nothing else reads it', () => {
    expect(costOf(branched, 'relu').inPlace).toBe(true);
    expect(costOf(branched, 'branch').inPlace).toBe(false);
  });

  it('the image is never overwritten', () => {
    const graph = build([2, 2, 1], (b) => b.relu('r', b.input));
    expect(costOf(graph, 'r').inPlace).toBe(false);
  });

  it('two conventions of activations: layer outputs, and all outputs that are not in place', () => {
    const cost = networkCost(branched);
    expect(cost.layerOutputElements).toBe(10);
    // conv (the first ReLU is in it), branch, add.
    expect(cost.allOutputElements).toBe(30);
  });

  it('the peak is what is alive together: stem, branch and sum', () => {
    expect(networkCost(branched).peak).toEqual({ elements: 30, node: 'add' });
  });

  it('a chain holds two neighbours at most', () => {
    const graph = build([4, 4, 1], (b) => {
      const wide = b.relu('relu', b.conv('wide', b.input, 8, 1));
      return b.conv('narrow', b.conv('middle', wide, 2, 1), 1, 1);
    });
    // wide (8 x 16) with middle (2 x 16); the ReLU runs in place and the image is freed after its reader.
    expect(networkCost(graph).peak).toEqual({ elements: 160, node: 'middle' });
  });

  it('a shortcut stays alive until its sum', () => {
    const graph = build([1, 1, 4], (b) => {
      const x = b.conv('x', b.input, 4, 1);
      const inner = b.conv('c', b.conv('b', b.conv('a', x, 4, 1), 6, 1), 4, 1);
      return b.add('add', inner, x);
    });
    // x (4), b (6) and c (4) while c runs; a is freed.
    expect(networkCost(graph).peak).toEqual({ elements: 14, node: 'b' });
  });

  it('nodes that the output does not need are not run', () => {
    const b = new GraphBuilder([1, 1, 1]);
    const out = b.conv('out', b.input, 2, 1);
    b.block('aux', 'auxiliary', () => b.conv('huge', out, 1000, 1));
    expect(networkCost(b.build(out)).peak.elements).toBe(3);
  });

  it('weights take 4, 2 or 1 bytes, statistics and fixed values included', () => {
    const cost = networkCost(buildNetwork('lenet-5-modern').graph);
    expect(weightBytes(cost, 'fp32')).toBe(246_824);
    expect(weightBytes(cost, 'fp16')).toBe(123_412);
    expect(weightBytes(cost, 'int8')).toBe(61_706);
    const resnet = networkCost(buildNetwork('resnet-18').graph);
    expect(weightBytes(resnet, 'fp32')).toBe(4 * (11_689_512 + 9_600));
  });

  it('training: weights, gradients, momentum and the kept activations of the batch', () => {
    const cost = networkCost(buildNetwork('lenet-5-modern').graph);
    // Kept: image 1,024; conv1 4,704; pool1 1,176; conv2 1,600; pool2 400; 120 + 84 + 10; softmax 10.
    const kept = 1024 + 4704 + 1176 + 1600 + 400 + 120 + 84 + 10 + 10;
    expect(trainingBytes(cost, 32)).toEqual({
      weights: 246_824,
      gradients: 246_824,
      momentum: 246_824,
      activations: 32 * kept * 4,
      total: 3 * 246_824 + 32 * kept * 4,
    });
  });

  it('a chain of 4,000 residual blocks is built and counted within the time of a test', () => {
    const b = new GraphBuilder([8, 8, 4]);
    let x = b.input;
    for (let i = 0; i < 4000; i++) {
      x = b.block(`${i}`, 'residual', () => b.add('add', b.conv('conv', x, 4, 3, { pad: 1 }), x));
    }
    const cost = networkCost(b.build(x));
    expect(cost.params).toBe(4000 * 148);
    // The running sum, the convolution's output and the next sum.
    expect(cost.peak.elements).toBe(3 * 256);
  });
});

describe('formulas', () => {
  /** The expressions are plain arithmetic: digits, operators, brackets and floor. */
  function evaluate(expression: string): number {
    expect(expression).toMatch(/^(floor|[-+*/() \d])+$/);
    return new Function('floor', `return ${expression}`)(Math.floor) as number;
  }

  it.each(members.map((member) => member.id))('%s: every formula computes to the cost', (ref) => {
    const { graph } = buildNetwork(ref);
    let checked = 0;
    for (const node of graph.nodes) {
      const cost = costOf(graph, node.id);
      const wanted: Record<Quantity, number> = {
        params: cost.params,
        fixed: cost.fixed + cost.statistics,
        macs: cost.macs,
        connections: cost.connections,
        height: node.shape[0],
        width: node.shape[1],
      };
      const given = new Set<Quantity>();
      for (const { quantity, expression, value } of nodeFormulas(graph, node)) {
        expect([node.id, quantity, value]).toEqual([node.id, quantity, wanted[quantity]]);
        expect(evaluate(expression), `${node.id} ${quantity}`).toBe(value);
        given.add(quantity);
        checked++;
      }
      for (const quantity of ['params', 'fixed', 'macs', 'connections'] as const) {
        expect([node.id, quantity, given.has(quantity)]).toEqual([node.id, quantity, wanted[quantity] > 0]);
      }
    }
    expect(checked).toBeGreaterThan(10);
  });

  it("reads as the paper's arithmetic", () => {
    const text = (ref: string, id: string, quantity: Quantity): string => {
      const { graph } = buildNetwork(ref);
      const formula = nodeFormulas(graph, nodeById(graph, id)).find((each) => each.quantity === quantity);
      return formulaText(formula!);
    };
    expect(text('alexnet-2012', 'conv1', 'params')).toBe('(11*11*3 + 1) * 96 = 34,944');
    expect(text('alexnet-2012', 'conv1', 'connections')).toBe('(11*11*3 + 1) * 96 * 55*55 = 105,705,600');
    expect(text('alexnet-2012', 'conv2', 'params')).toBe('(5*5*96/2 + 1) * 256 = 307,456');
    expect(text('lenet-5', 'c3', 'params')).toBe('6*(5*5*3 + 1) + 9*(5*5*4 + 1) + 1*(5*5*6 + 1) = 1,516');
    expect(text('lenet-5', 's2', 'connections')).toBe('(2*2 + 1) * 6 * 14*14 = 5,880');
    expect(text('zfnet', 'pool1', 'height')).toBe('floor((110 + 0 + 1 - 3) / 2) + 1 = 55');
  });

  it('takes dilation and unequal sides into the size', () => {
    const graph = build([12, 20, 1], (b) => b.conv('c', b.input, 1, 3, { dilation: [4, 1], stride: [1, 2] }));
    const [height, width] = nodeFormulas(graph, nodeById(graph, 'c')).slice(-2);
    expect(formulaText(height!)).toBe('floor((12 - (4*(3 - 1) + 1)) / 1) + 1 = 4');
    expect(formulaText(width!)).toBe('floor((20 - 3) / 2) + 1 = 9');
  });
});
