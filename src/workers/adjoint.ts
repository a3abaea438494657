import {
  clone,
  conv2d,
  div,
  mul,
  relu,
  reshape,
  scalar,
  slice,
  square,
  sub,
  sum,
  tidy,
  tile,
} from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import type { Node, OpOf, OpTable, Shape } from '../models/graph.ts';
import { isWhole, patches, placed } from './adjointRegion.ts';
import type { Corner, Region } from './adjointRegion.ts';
import type { LrnRule, Rule } from './contract.ts';
import type { Activations } from './forward.ts';
import type { Programs } from './forwardPrograms.ts';
import type { ConvLayer, GraphWeights } from './weightsLayout.ts';

/**
 * What a row needs beside its op. `signal` is what arrived at the node's output, `[signals, height, width, channels]` in
 * the windows `from`; the caller disposes it. `to` are the windows of the inputs, which hold all that `from` reads.
 */
export interface AdjointContext {
  readonly node: Node;
  readonly inputShapes: readonly Shape[];
  readonly activations: Activations;
  readonly weights: GraphWeights;
  readonly programs: Programs;
  readonly signal: Tensor4D;
  readonly from: Region;
  readonly to: readonly Region[];
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
  conv: (_op, c) => convAdjoint(c, c.weights.layer(c.node, 'conv')),
  dense: (_op, c) => {
    const layer = c.weights.layer(c.node, 'dense');
    const signals = c.from.corners.length;
    const flat = reshape(c.signal, [signals, c.signal.size / signals]) as Tensor2D;
    const result = tidy(() => reshape(c.programs.denseAdjoint(flat, layer), [signals, ...inputShape(c)]));
    flat.dispose();
    return Promise.resolve([result as Tensor4D]);
  },
  maxPool: async (_op, c) => {
    const switches = await c.activations.switches(c.node.id);
    const [from, to, input, output] = [c.from, inputRegion(c), inputShape(c), c.node.shape];
    return [await c.programs.unpool(c.signal, switches, { from, to, input, output })];
  },
  avgPool: async (_op, c) => {
    const { inverseCount, window } = c.weights.layer(c.node, 'average');
    const shared = tidy((): Tensor4D => mul(c.signal, patches(inverseCount, c.from)));
    try {
      return await convAdjoint({ ...c, signal: shared }, window);
    } finally {
      shared.dispose();
    }
  },
  globalAvgPool: (_op, c) =>
    one(c, () => {
      const [height, width] = inputShape(c);
      return tile(mul(c.signal, scalar(1 / (height * width))) as Tensor4D, [1, height, width, 1]);
    }),
  batchNorm: (_op, c) => convAdjoint(c, c.weights.layer(c.node, 'conv')),
  lrn: (op, c) => one(c, () => lrnAdjoint(op, c)),
  relu: ({ cap }, c) => one(c, () => reluByRule(c, cap)),
  sigmoid: (_op, c) => one(c, () => timesSlope(c, (y) => sub(y, square(y)))),
  tanh: (op, c) =>
    one(c, () => {
      // y = A tanh(S x), so dy/dx = A S (1 - (y/A)^2).
      const slope = scalar(op.amplitude * op.slope);
      return timesSlope(c, (y) => sub(slope, mul(square(y), scalar(op.slope / op.amplitude))));
    }),
  subsample: (_op, c) => convAdjoint(c, c.weights.layer(c.node, 'conv')),
  rbf: (_op, c) =>
    one(c, () => {
      // d/dx sum_i R_u (x_i - w_ui)^2 = 2 (x sum_u R_u - W'R).
      const { prototypes } = c.weights.layer(c.node, 'rbf');
      const [units, inputs] = [c.node.shape[2], prototypes.shape[1]];
      const x = reshape(inputActivation(c), [1, 1, 1, inputs]);
      const kernel = reshape(prototypes, [1, 1, units, inputs]) as Tensor4D;
      const pulled = conv2d(c.signal, kernel, 1, 'valid');
      const total = sum(c.signal, 3, true);
      const result = mul(sub(mul(x, total), pulled), scalar(2));
      return reshape(result, [c.from.corners.length, ...inputShape(c)]) as Tensor4D;
    }),
  dropout: (_op, c) => one(c, () => c.signal),
  add: (_op, c) => each(c, () => c.signal),
  mean: (_op, c) => each(c, () => div(c.signal, scalar(c.inputShapes.length))),
  concat: (_op, c) => {
    let first = 0;
    return each(c, ([, , channels]) => {
      first += channels;
      return channelsOf(c, first - channels, channels);
    });
  },
  channelPad: (op, c) => one(c, () => channelsOf(c, op.before, inputShape(c)[2])),
  softmax: (_op, c) => {
    throw softmaxRefused(c.node.id);
  },
};

/** One signal for each input, computed in the node's own windows where the op looks at one position only. */
function each(c: AdjointContext, compute: (input: Shape, index: number) => Tensor4D): Promise<Tensor4D[]> {
  const parts = c.inputShapes.map((shape, i) =>
    tidy(() => {
      const part = placed(compute(shape, i), c.from, c.to[i] as Region);
      return part === c.signal ? clone(part) : part;
    }),
  );
  return Promise.resolve(parts);
}

const one = (c: AdjointContext, compute: () => Tensor4D): Promise<Tensor4D[]> => each(c, compute);

function channelsOf(
  { signal, from: { corners, height, width } }: AdjointContext,
  first: number,
  count: number,
) {
  return slice(signal, [0, 0, 0, first], [corners.length, height, width, count]);
}

function inputShape({ node, inputShapes }: AdjointContext): Shape {
  const [shape] = inputShapes;
  if (!shape) throw new ConvScopeError('graph-invalid', `${node.id}: has no input.`);
  return shape;
}

function inputRegion({ node, to }: AdjointContext): Region {
  const [region] = to;
  if (!region) throw new ConvScopeError('graph-invalid', `${node.id}: has no input.`);
  return region;
}

function inputActivation({ node, activations }: AdjointContext): Tensor4D {
  return activations.get(node.inputs[0] ?? '');
}

async function convAdjoint(c: AdjointContext, layer: ConvLayer): Promise<Tensor4D[]> {
  const [input, to] = [inputShape(c), inputRegion(c)];
  const { kernel, stride, pad } = layer;
  const channels = input[2];
  if ([...kernel, ...stride].every((size) => size === 1) && pad.every((side) => side === 0)) {
    const { height, width } = c.from;
    const part = await c.programs.convAdjoint(c.signal, layer, [height, width, channels], null);
    const moved = tidy(() => placed(part, c.from, to));
    if (moved !== part) part.dispose();
    return [moved];
  }
  const whole = isWhole(c.from, c.node.shape) && isWhole(to, input);
  // Between windows the same taps meet as between maps: only the padding seems to be another.
  const seeming = c.from.corners.map(([top, left], i): Corner => {
    const [inputTop, inputLeft] = to.corners[i] as Corner;
    return [pad[0] + inputTop - top * stride[0], pad[2] + inputLeft - left * stride[1]];
  });
  const shape: Shape = [to.height, to.width, channels];
  return [await c.programs.convAdjoint(c.signal, layer, shape, whole ? null : seeming)];
}

/** deconvnet rectifies the signal, gradient masks it by the forward pass, guided does both (0 < x < cap passes). */
function reluByRule(c: AdjointContext, cap: number | undefined): Tensor4D {
  if (c.rule === 'deconvnet') return relu(c.signal);
  const y = c.activations.get(c.node.id);
  return c.programs.reluAdjoint(c.signal, y, c.from, { cap, rectified: c.rule === 'guided' });
}

/** The signal times the op's slope, which its own output tells. */
function timesSlope(c: AdjointContext, slope: (y: Tensor4D) => Tensor4D): Tensor4D {
  return mul(c.signal, patches(c.activations.get(c.node.id), c.from, slope));
}

function lrnAdjoint(op: OpOf<'lrn'>, c: AdjointContext): Tensor4D {
  if (c.lrn === 'identity') return c.signal;
  const how = { op, rule: c.lrn, layer: c.weights.layer(c.node, 'lrn') };
  return c.programs.lrnAdjoint(c.signal, inputActivation(c), c.from, how);
}

export function softmaxRefused(id: string): ConvScopeError {
  return new ConvScopeError(
    'projection-undefined',
    `${id}: a softmax output mixes all classes, so its projection says little about one. Project the logit before it.`,
    { node: id, op: 'softmax' },
  );
}
