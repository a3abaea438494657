import {
  add,
  concat,
  conv2d,
  fused,
  getBackend,
  matMul,
  mul,
  reshape,
  split,
  square,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { plainConvAdjoint } from './adjointConv.ts';
import { plainDenseAdjoint, plainLrnAdjoint, plainReluAdjoint, plainUnpool } from './adjointPlain.ts';
import type { Programs } from './forwardPrograms.ts';
import { explicitPad } from './forwardKernels.ts';
import { negativePower } from './forwardTable.ts';
import { arraySwitches, findSwitches } from './switches.ts';
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
 * The weight is the left factor: XNNPACK would otherwise pack a second copy of it. wasm with SIMD has a kernel of its own
 * (`wasmDense`) and comes here only without.
 */
function dense(x: Tensor2D, { shards, bias }: DenseLayer): Tensor2D {
  const column = reshape(x, [x.size, 1]);
  const parts = shards.map(({ weight, units }) => reshape(matMul(weight, column), [1, units]) as Tensor2D);
  const units = parts.length === 1 ? (parts[0] as Tensor2D) : concat(parts, 1);
  return bias ? add(units, bias) : units;
}

/** The programs of cpu, wasm and webgl. */
export const plainPrograms: Programs = {
  groupedConv,
  dense,
  denseAdjoint: plainDenseAdjoint,
  convAdjoint: plainConvAdjoint,
  // webgl reads back what the processor adds up: that is slower than whole maps.
  crops: () => getBackend() !== 'webgl',
  // Together they save calls; apart they stay in the processor's cache.
  groupBytes: 2 ** 20,
  async switches(x, window, output) {
    const [, height, width, channels] = x.shape;
    return arraySwitches(findSwitches(await x.data(), [height, width, channels], window, output));
  },
  unpool: plainUnpool,
  reluAdjoint: plainReluAdjoint,
  lrn: (x, op, { denominator: { kernel, k } }) => {
    const s = fused.conv2d({ x: square(x), filter: kernel, strides: 1, pad: 'valid', bias: k });
    return mul(x, negativePower(s, op.beta));
  },
  lrnAdjoint: plainLrnAdjoint,
  pace: () => undefined,
};
