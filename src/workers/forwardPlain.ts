import {
  add,
  backend,
  concat,
  conv2d,
  getBackend,
  matMul,
  reshape,
  slice,
  split,
  tensor2d,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Shape } from '../models/graph.ts';
import { plainConvAdjoint } from './adjointConv.ts';
import { addWeightedRows } from './adjointScatter.ts';
import type { Programs } from './forwardPrograms.ts';
import { explicitPad } from './forwardTable.ts';
import { arraySwitches, findSwitches, unpoolBySwitches } from './switches.ts';
import type { ConvLayer, DenseLayer } from './weightsLayout.ts';

/** tfjs has no grouped convolution on any backend: split, convolve, concatenate. */
function groupedConv(x: Tensor4D, layer: ConvLayer): Tensor4D {
  return tidy(() => {
    const parts: Tensor4D[] = split<Tensor4D>(x, layer.groups, 3).map((part, group) =>
      conv2d(
        part,
        layer.kernels[group] as Tensor4D,
        layer.stride as [number, number],
        explicitPad(layer.pad),
        'NHWC',
        layer.dilation as [number, number],
      ),
    );
    const joined = concat(parts, 3);
    return layer.bias ? add(joined, layer.bias) : joined;
  });
}

/**
 * The weight is the left factor: wasm would otherwise pack a second copy of it (0.5 s and 150 MB for 9216x4096,
 * to save 10 ms a run).
 */
function dense(x: Tensor2D, { shards }: DenseLayer): Tensor2D {
  const column = reshape(x, [x.size, 1]);
  const parts = shards.map(({ weight, units }) => reshape(matMul(weight, column), [1, units]) as Tensor2D);
  return parts.length === 1 ? (parts[0] as Tensor2D) : concat(parts, 1);
}

/** A tensor's values without a copy where the backend has them at hand: read only, until the next tensor is made. */
function borrowed(tensor: Tensor2D): Float32Array {
  const wasm = backend() as { typedArrayFromHeap?: (tensor: Tensor2D) => Float32Array };
  return wasm.typedArrayFromHeap?.(tensor) ?? tensor.dataSync<'float32'>();
}

function denseAdjoint(signal: Tensor2D, { shards }: DenseLayer): Tensor2D {
  if (getBackend() === 'webgl') {
    return shards
      .map(({ weight, first, units }) => matMul(slice(signal, [0, first], [1, units]), weight) as Tensor2D)
      .reduce((sum, part) => add(sum, part));
  }
  // A product with the weight on the right would make wasm pack a copy of it, with its transpose take the slow path.
  const factors = signal.dataSync<'float32'>();
  const out = new Float32Array(shards[0]?.weight.shape[1] ?? 0);
  for (const { weight, first, units } of shards) {
    addWeightedRows(borrowed(weight), factors.subarray(first, first + units), out);
  }
  return tensor2d(out, [1, out.length]);
}

const size = (shape: Shape): [number, number, number, number] => [1, ...shape];

/** The programs of cpu, wasm and webgl. */
export const plainPrograms: Programs = {
  groupedConv,
  dense,
  denseAdjoint,
  convAdjoint: plainConvAdjoint,
  async switches(x, window, output) {
    const [, height, width, channels] = x.shape;
    return arraySwitches(findSwitches(await x.data(), [height, width, channels], window, output));
  },
  async unpool(signal, switches, input) {
    const [values, positions] = await Promise.all([signal.data(), switches.read()]);
    return tensor4d(unpoolBySwitches(values, positions, input), size(input));
  },
  pace: () => Promise.resolve(),
};
