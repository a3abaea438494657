import {
  add,
  backend,
  conv2d,
  div,
  getBackend,
  matMul,
  mul,
  relu,
  scalar,
  slice,
  step,
  sub,
  tensor2d,
  tensor4d,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { isWhole, patches } from './adjointRegion.ts';
import { addWeightedRows } from './adjointScatter.ts';
import type { PoolPlace, Programs } from './forwardPrograms.ts';
import { lrnDenominator, negativePower } from './forwardTable.ts';
import { unpoolBySwitches, unpoolWindow } from './switches.ts';
import type { Switches } from './switches.ts';
import { wasmDenseAdjoint } from './wasmDense.ts';
import type { DenseLayer } from './weightsLayout.ts';

/** A tensor's values without a copy where the backend has them at hand: read only, until the next tensor is made. */
function borrowed(tensor: Tensor2D): Float32Array {
  const wasm = backend() as { typedArrayFromHeap?: (tensor: Tensor2D) => Float32Array };
  return wasm.typedArrayFromHeap?.(tensor) ?? tensor.dataSync<'float32'>();
}

/** The transpose of a dense layer on cpu, wasm and webgl: `[signals, units]` to `[signals, inputs]`. */
export function plainDenseAdjoint(signals: Tensor2D, layer: DenseLayer): Tensor2D {
  const own = wasmDenseAdjoint(signals, layer);
  if (own) return own;
  const { shards } = layer;
  const [count, units] = signals.shape;
  if (getBackend() === 'webgl') {
    return shards
      .map(
        (shard) => matMul(slice(signals, [0, shard.first], [count, shard.units]), shard.weight) as Tensor2D,
      )
      .reduce((sum, part) => add(sum, part));
  }
  const factors = signals.dataSync<'float32'>();
  const inputs = shards[0]?.weight.shape[1] ?? 0;
  const out = new Float32Array(count * inputs);
  for (const { weight, first, units: rows } of shards) {
    const matrix = borrowed(weight);
    for (let which = 0; which < count; which++) {
      const from = which * units + first;
      addWeightedRows(
        matrix,
        factors.subarray(from, from + rows),
        out.subarray(which * inputs, (which + 1) * inputs),
      );
    }
  }
  return tensor2d(out, [count, inputs]);
}

/** Unpooling on cpu, wasm and webgl. */
export async function plainUnpool(
  signals: Tensor4D,
  switches: Switches,
  place: PoolPlace,
): Promise<Tensor4D> {
  const [values, positions] = await Promise.all([signals.data(), switches.read()]);
  const { from, to, input, output } = place;
  const whole = isWhole(from, output) && isWhole(to, input);
  const count = from.corners.length;
  const size = to.height * to.width * input[2];
  const out = new Float32Array(count * size);
  for (let which = 0; which < count; which++) {
    const signal = values.subarray((which * values.length) / count, ((which + 1) * values.length) / count);
    const target = out.subarray(which * size, (which + 1) * size);
    if (whole) unpoolBySwitches(signal, positions, input, target);
    else unpoolWindow(signal, positions, place, which, target);
  }
  return tensor4d(out, [count, to.height, to.width, input[2]]);
}

export const plainReluAdjoint: Programs['reluAdjoint'] = (signals, y, from, { cap, rectified }) => {
  // Where the output is positive and below its cap, so was the input: no need to keep the input for this.
  const open = (part: Tensor4D): Tensor4D =>
    cap === undefined ? step(part) : mul(step(part), step(sub(scalar(cap), part)));
  return mul(rectified ? relu(signals) : signals, patches(y, from, open));
};

/** R s^-beta - 2 factor beta a * (sum over the windows that hold a of R a s^(-beta-1)); see projection rules, LRN. */
export const plainLrnAdjoint: Programs['lrnAdjoint'] = (signals, input, from, { op, rule, layer }) => {
  const s = patches(input, from, (a) => lrnDenominator(op, a, layer.band));
  const direct: Tensor4D = mul(signals, negativePower(s, op.beta));
  if (rule === 'scale') return direct;
  const a = patches(input, from);
  const factor = op.alphaOverSize ? op.alpha / op.size : op.alpha;
  // Even windows are lopsided, so the way back needs the transposed band.
  const back = op.size % 2 === 1 ? layer.band : (transpose(layer.band, [0, 1, 3, 2]) as Tensor4D);
  const gathered = conv2d(div(mul(direct, a), s) as Tensor4D, back, 1, 'valid');
  return add(direct, mul(mul(a, gathered), scalar(-2 * factor * op.beta))) as Tensor4D;
};
