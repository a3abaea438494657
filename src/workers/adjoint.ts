import {
  add,
  clone,
  conv2d,
  div,
  fill,
  mul,
  relu,
  reshape,
  scalar,
  slice,
  square,
  step,
  sub,
  sum,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import type { Node, OpOf, OpTable, Shape } from '../models/graph.ts';
import type { LrnRule, Rule } from './contract.ts';
import type { Activations } from './forward.ts';
import type { Programs } from './forwardPrograms.ts';
import { batched, lrnDenominator, negativePower } from './forwardTable.ts';
import type { GraphWeights } from './weightsLayout.ts';

/** What a row needs beside its op. `signal` is what arrived at the node's output; the caller disposes it. */
export interface AdjointContext {
  readonly node: Node;
  readonly inputShapes: readonly Shape[];
  readonly activations: Activations;
  readonly weights: GraphWeights;
  readonly programs: Programs;
  readonly signal: Tensor4D;
  readonly rule: Rule;
  readonly lrn: LrnRule;
}

/**
 * Backward pass, one row an op: the signal on the node's output to one new signal for each of its inputs. Every row is
 * the op's transpose (its vector-Jacobian product) and the same for all rules; only `relu` differs by rule.
 */
export const adjointTable: OpTable<[AdjointContext], Promise<Tensor4D[]>> = {
  input: (_op, { node }) => {
    throw new ConvScopeError('graph-invalid', `${node.id}: the walk ends at the input.`);
  },
  conv: (_op, c) => convAdjoint(c),
  dense: (_op, c) => {
    const layer = c.weights.layer(c.node, 'dense');
    const signal = reshape(c.signal, [1, c.signal.size]) as Tensor2D;
    const result = tidy(() => reshape(c.programs.denseAdjoint(signal, layer), batched(inputShape(c))));
    signal.dispose();
    return Promise.resolve([result as Tensor4D]);
  },
  maxPool: async (_op, c) => {
    const switches = await c.activations.switches(c.node.id);
    return [await c.programs.unpool(c.signal, switches, inputShape(c))];
  },
  avgPool: async (_op, c) => {
    const { inverseCount, window } = c.weights.layer(c.node, 'average');
    const shared: Tensor4D = mul(c.signal, inverseCount);
    try {
      return [await c.programs.convAdjoint(shared, window, inputShape(c))];
    } finally {
      shared.dispose();
    }
  },
  globalAvgPool: (_op, c) =>
    one(() => {
      const shape = inputShape(c);
      const share = fill(batched(shape), 1 / (shape[0] * shape[1])) as Tensor4D;
      return mul(share, reshape(c.signal, [shape[2]]) as Tensor1D);
    }),
  batchNorm: (_op, c) => convAdjoint(c),
  lrn: (op, c) => one(() => lrnAdjoint(op, c)),
  relu: ({ cap }, c) => one(() => reluByRule(c, cap)),
  sigmoid: (_op, c) =>
    one(() => {
      const y = c.activations.get(c.node.id);
      return mul(c.signal, sub(y, square(y)));
    }),
  tanh: (op, c) =>
    one(() => {
      // y = A tanh(S x), so dy/dx = A S (1 - (y/A)^2).
      const y = c.activations.get(c.node.id);
      const slope = scalar(op.amplitude * op.slope);
      return mul(c.signal, sub(slope, mul(square(y), scalar(op.slope / op.amplitude))));
    }),
  subsample: (_op, c) => convAdjoint(c),
  rbf: (_op, c) =>
    one(() => {
      // d/dx sum_i R_u (x_i - w_ui)^2 = 2 (x sum_u R_u - W'R).
      const { prototypes } = c.weights.layer(c.node, 'rbf');
      const units = c.node.shape[2];
      const inputs = prototypes.shape[1];
      const x = reshape(inputActivation(c), [1, inputs]);
      const weights = reshape(c.signal, [1, 1, 1, units]) as Tensor4D;
      const kernel = reshape(prototypes, [1, 1, units, inputs]) as Tensor4D;
      const pulled = reshape(conv2d(weights, kernel, 1, 'valid'), [1, inputs]);
      const total = reshape(sum(weights), []);
      return reshape(mul(sub(mul(x, total), pulled), scalar(2)), batched(inputShape(c))) as Tensor4D;
    }),
  dropout: (_op, c) => one(() => clone(c.signal)),
  add: (_op, c) => Promise.resolve(c.inputShapes.map(() => clone(c.signal))),
  mean: (_op, c) =>
    Promise.resolve(
      c.inputShapes.map(() => tidy(() => div(c.signal, scalar(c.inputShapes.length)) as Tensor4D)),
    ),
  concat: (_op, c) => {
    let first = 0;
    return Promise.resolve(
      c.inputShapes.map(([height, width, channels]) => {
        const part = slice(c.signal, [0, 0, 0, first], [1, height, width, channels]);
        first += channels;
        return part;
      }),
    );
  },
  channelPad: (op, c) => one(() => slice(c.signal, [0, 0, 0, op.before], batched(inputShape(c)))),
  softmax: (_op, c) => {
    throw softmaxRefused(c.node.id);
  },
};

const one = (compute: () => Tensor4D): Promise<Tensor4D[]> => Promise.resolve([tidy(compute)]);

function inputShape({ node, inputShapes }: AdjointContext): Shape {
  const [shape] = inputShapes;
  if (!shape) throw new ConvScopeError('graph-invalid', `${node.id}: has no input.`);
  return shape;
}

function inputActivation({ node, activations }: AdjointContext): Tensor4D {
  return activations.get(node.inputs[0] ?? '');
}

async function convAdjoint(c: AdjointContext): Promise<Tensor4D[]> {
  return [await c.programs.convAdjoint(c.signal, c.weights.layer(c.node, 'conv'), inputShape(c))];
}

/** deconvnet rectifies the signal, gradient masks it by the forward pass, guided does both (0 < x < cap passes). */
function reluByRule(c: AdjointContext, cap: number | undefined): Tensor4D {
  if (c.rule === 'deconvnet') return relu(c.signal);
  // Where the output is positive and below its cap, so was the input: no need to keep the input for this.
  const y = c.activations.get(c.node.id);
  const open = cap === undefined ? step(y) : mul(step(y), step(sub(scalar(cap), y)));
  return mul(c.rule === 'guided' ? relu(c.signal) : c.signal, open as Tensor4D);
}

/** R s^-beta - 2 factor beta a * (sum over the windows that hold a of R a s^(-beta-1)); see projection rules, LRN. */
function lrnAdjoint(op: OpOf<'lrn'>, c: AdjointContext): Tensor4D {
  if (c.lrn === 'identity') return clone(c.signal);
  const a = inputActivation(c);
  const { band } = c.weights.layer(c.node, 'lrn');
  const s = lrnDenominator(op, a, band);
  const direct = mul(c.signal, negativePower(s, op.beta)) as Tensor4D;
  if (c.lrn === 'scale') return direct;
  const factor = op.alphaOverSize ? op.alpha / op.size : op.alpha;
  // Even windows are lopsided, so the way back needs the transposed band.
  const back = op.size % 2 === 1 ? band : (transpose(band, [0, 1, 3, 2]) as Tensor4D);
  const gathered = conv2d(div(mul(direct, a), s) as Tensor4D, back, 1, 'valid');
  return add(direct, mul(mul(a, gathered), scalar(-2 * factor * op.beta))) as Tensor4D;
}

export function softmaxRefused(id: string): ConvScopeError {
  return new ConvScopeError(
    'projection-undefined',
    `${id}: a softmax output mixes all classes, so its projection says little about one. Project the logit before it.`,
    { node: id, op: 'softmax' },
  );
}
