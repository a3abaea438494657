import { otherArithmetic } from './arithmetic.ts';
import { dispatch } from './graph.ts';
import type { Graph, Node, OpTable, Shape } from './graph.ts';
import { inputNode, inputShapes } from './lookup.ts';
import { inPlaceNodes, peakLive } from './memory.ts';
import type { PeakLive } from './memory.ts';
import { nodeParameters, parameterSize } from './parameters.ts';
import type { ParameterRole } from './parameters.ts';
import { elements } from './shape.ts';

/** Numbers of parameters by what they are for. */
export interface ParameterCounts {
  readonly weights: number;
  readonly biases: number;
  /** Gamma and beta of batch normalisation. */
  readonly normalisation: number;
  /** Running means and variances: stored, not trained, not in `params`. */
  readonly statistics: number;
  /** RBF prototypes: stored, not trained, not in `params`. */
  readonly fixed: number;
  /** What papers count: weights, biases and normalisation. */
  readonly params: number;
  /** Everything that a weight file holds: `params`, statistics and fixed values. */
  readonly stored: number;
}

export interface Work {
  /** Multiply-accumulates of convolutions and dense layers; biases, normalisation and pooling are not counted. */
  readonly macs: number;
  /**
   * LeCun's connections: for every unit of a layer with coefficients (convolution, dense, trainable subsampling, RBF)
   * the values that it reads and its bias. Pooling without coefficients and activations count none.
   */
  readonly connections: number;
  /** Additions, comparisons and the like that are not MACs; `otherArithmetic` states the rule of each op. */
  readonly otherOperations: number;
}

export interface NodeCost extends ParameterCounts, Work {
  /** Values of the output. */
  readonly outputElements: number;
  /** Whether the output overwrites the input (ReLU, normalisation, dropout ... with no other reader of the input). */
  readonly inPlace: boolean;
}

export interface NetworkCost extends ParameterCounts, Work {
  readonly nodes: ReadonlyMap<string, NodeCost>;
  readonly inputElements: number;
  /** First convention: outputs of convolutions and dense layers only. */
  readonly layerOutputElements: number;
  /** Second convention: outputs of all nodes but those computed in place, without the input image. */
  readonly allOutputElements: number;
  /** The most that is alive at once in inference when every buffer is freed after its last reader. */
  readonly peak: PeakLive;
}

const noMacs = (): number => 0;

/** Weights read for all outputs at one position of a convolution: a MAC each. */
const macs: OpTable<[output: Shape, input: Shape], number> = {
  input: noMacs,
  conv: (op, output, [, , channels]) => {
    const reads = op.table
      ? op.table.reduce((sum, row) => sum + row.length, 0)
      : op.filters * (channels / op.groups);
    return reads * op.kernel[0] * op.kernel[1] * output[0] * output[1];
  },
  dense: (op, _output, input) => op.units * elements(input),
  maxPool: noMacs,
  avgPool: noMacs,
  globalAvgPool: noMacs,
  batchNorm: noMacs,
  lrn: noMacs,
  relu: noMacs,
  sigmoid: noMacs,
  tanh: noMacs,
  subsample: noMacs,
  rbf: noMacs,
  dropout: noMacs,
  add: noMacs,
  mean: noMacs,
  concat: noMacs,
  channelPad: noMacs,
  softmax: noMacs,
};

/** Values and biases read by all units of a node. */
const connections: OpTable<[output: Shape, input: Shape], number> = {
  ...macs,
  conv: (op, output, input) => macs.conv(op, output, input) + (op.bias ? elements(output) : 0),
  dense: (op, output, input) => macs.dense(op, output, input) + (op.bias ? elements(output) : 0),
  subsample: (op, output) => elements(output) * (op.kernel[0] * op.kernel[1] + 1),
  rbf: (op, _output, input) => op.units * elements(input),
};

function countParameters(graph: Graph, node: Node): ParameterCounts {
  const by: Record<ParameterRole, number> = { weight: 0, bias: 0, normalisation: 0, statistic: 0, fixed: 0 };
  for (const parameter of nodeParameters(graph, node)) by[parameter.role] += parameterSize(parameter);
  const params = by.weight + by.bias + by.normalisation;
  return {
    weights: by.weight,
    biases: by.bias,
    normalisation: by.normalisation,
    statistics: by.statistic,
    fixed: by.fixed,
    params,
    stored: params + by.statistic + by.fixed,
  };
}

function nodeCost(graph: Graph, node: Node, inPlace: boolean): NodeCost {
  const input = inputShapes(graph, node)[0] ?? node.shape;
  const counts = countParameters(graph, node);
  return {
    // Named one by one: spreading them costs more than all the counting in a network of ten thousand nodes.
    weights: counts.weights,
    biases: counts.biases,
    normalisation: counts.normalisation,
    statistics: counts.statistics,
    fixed: counts.fixed,
    params: counts.params,
    stored: counts.stored,
    macs: dispatch(macs, node.op, node.shape, input),
    connections: dispatch(connections, node.op, node.shape, input),
    otherOperations: otherArithmetic(graph, node).operations,
    outputElements: elements(node.shape),
    inPlace,
  };
}

const costs = new WeakMap<Graph, NetworkCost>();

/** Every cost of a network and of its nodes, for one image; computed once a graph, in time linear in its nodes. */
export function networkCost(graph: Graph): NetworkCost {
  let cost = costs.get(graph);
  if (!cost) {
    cost = computeCost(graph);
    costs.set(graph, cost);
  }
  return cost;
}

function computeCost(graph: Graph): NetworkCost {
  const inPlace = inPlaceNodes(graph);
  const nodes = new Map(graph.nodes.map((node) => [node.id, nodeCost(graph, node, inPlace.has(node.id))]));
  const total = (key: keyof ParameterCounts | keyof Work): number =>
    [...nodes.values()].reduce((sum, each) => sum + each[key], 0);
  const outputs = (counts: (node: Node) => boolean): number =>
    graph.nodes.reduce((sum, node) => (counts(node) ? sum + elements(node.shape) : sum), 0);
  return {
    nodes,
    weights: total('weights'),
    biases: total('biases'),
    normalisation: total('normalisation'),
    statistics: total('statistics'),
    fixed: total('fixed'),
    params: total('params'),
    stored: total('stored'),
    macs: total('macs'),
    connections: total('connections'),
    otherOperations: total('otherOperations'),
    inputElements: elements(inputNode(graph).shape),
    layerOutputElements: outputs(({ op }) => op.kind === 'conv' || op.kind === 'dense'),
    allOutputElements: outputs(({ id, op }) => op.kind !== 'input' && !inPlace.has(id)),
    peak: peakLive(graph, inPlace),
  };
}
