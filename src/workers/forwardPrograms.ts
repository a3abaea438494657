import { getBackend } from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Shape } from '../models/graph.ts';
import type { Switches } from './switches.ts';
import type { ConvLayer, DenseLayer } from './weightsLayout.ts';

/** The window of a max-pooling op. */
export interface PoolWindow {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly pad: readonly [number, number, number, number];
}

/**
 * What tfjs lacks, or does badly, on some backend. Two implementations: tfjs ops and typed arrays (cpu, wasm, webgl),
 * and WGSL programs (webgpu), which is its own lazily loaded module so that others do not download that backend.
 */
export interface Programs {
  /** Grouped convolution with bias. */
  groupedConv(x: Tensor4D, layer: ConvLayer, output: Shape): Tensor4D;
  /** `[1, inputs]` to `[1, units]`, without bias. */
  dense(x: Tensor2D, layer: DenseLayer): Tensor2D;
  /** The transpose of `dense`: `[1, units]` to `[1, inputs]`. */
  denseAdjoint(signal: Tensor2D, layer: DenseLayer): Tensor2D;
  /** The transpose of a convolution (bias dropped): a signal on its output scattered onto its input's shape. */
  convAdjoint(signal: Tensor4D, layer: ConvLayer, input: Shape): Promise<Tensor4D>;
  /** The input position of each window's maximum: the first in row-major order; padding never wins. */
  switches(x: Tensor4D, window: PoolWindow, output: Shape): Promise<Switches>;
  /** Each value of the signal added at its switch; overlapping windows sum. */
  unpool(signal: Tensor4D, switches: Switches, input: Shape): Promise<Tensor4D>;
  /** Awaited after work of `macs` multiply-accumulates, so that no GPU submission grows long. */
  pace(macs: number): Promise<void>;
}

/** The programs of the current backend. */
export async function loadPrograms(): Promise<Programs> {
  if (getBackend() === 'webgpu') return (await import('./webgpu/programs.ts')).webgpuPrograms();
  return (await import('./forwardPlain.ts')).plainPrograms;
}
