import { dispatch } from './graph.ts';
import type { Graph, Node, OpTable, Shape } from './graph.ts';
import { inputShapes } from './lookup.ts';
import { elements } from './shape.ts';

/**
 * What a parameter is for: 'weight' and 'bias' of filters and units, 'normalisation' (gamma and beta), all trained;
 * 'statistic' (running mean and variance) and 'fixed' (RBF prototypes), stored but not trained.
 */
export type ParameterRole = 'weight' | 'bias' | 'normalisation' | 'statistic' | 'fixed';

export interface Parameter {
  readonly name: 'weight' | 'bias' | 'running_mean' | 'running_var';
  /**
   * As PyTorch stores it: conv `[filters, in / groups, kernel height, kernel width]`, dense `[units, in]`. A conv with
   * a connection table stores one plane a connected pair, map after map: `[pairs, 1, kernel height, kernel width]`.
   */
  readonly shape: readonly number[];
  readonly role: ParameterRole;
}

const none = (): readonly Parameter[] => [];

const parameters: OpTable<[input: Shape], readonly Parameter[]> = {
  input: none,
  conv: (op, [, , channels]) => {
    const planes: readonly [number, number] = op.table
      ? [op.table.reduce((sum, reads) => sum + reads.length, 0), 1]
      : [op.filters, channels / op.groups];
    const weight: Parameter = { name: 'weight', shape: [...planes, ...op.kernel], role: 'weight' };
    return op.bias ? [weight, { name: 'bias', shape: [op.filters], role: 'bias' }] : [weight];
  },
  dense: (op, input) => {
    const weight: Parameter = { name: 'weight', shape: [op.units, elements(input)], role: 'weight' };
    return op.bias ? [weight, { name: 'bias', shape: [op.units], role: 'bias' }] : [weight];
  },
  maxPool: none,
  avgPool: none,
  globalAvgPool: none,
  batchNorm: (_op, [, , channels]) => [
    { name: 'weight', shape: [channels], role: 'normalisation' },
    { name: 'bias', shape: [channels], role: 'normalisation' },
    { name: 'running_mean', shape: [channels], role: 'statistic' },
    { name: 'running_var', shape: [channels], role: 'statistic' },
  ],
  lrn: none,
  relu: none,
  sigmoid: none,
  tanh: none,
  subsample: (_op, [, , channels]) => [
    { name: 'weight', shape: [channels], role: 'weight' },
    { name: 'bias', shape: [channels], role: 'bias' },
  ],
  rbf: (op, input) => [{ name: 'weight', shape: [op.units, elements(input)], role: 'fixed' }],
  dropout: none,
  add: none,
  mean: none,
  concat: none,
  channelPad: none,
  softmax: none,
};

/** The parameters of a node, in the order in which checkpoints list them; empty where it has none. */
export function nodeParameters(graph: Graph, node: Node): readonly Parameter[] {
  return dispatch(parameters, node.op, inputShapes(graph, node)[0] ?? node.shape);
}

/** How many numbers a parameter holds. */
export function parameterSize(parameter: Parameter): number {
  return elements(parameter.shape);
}
