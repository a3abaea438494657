import { getBackend } from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { OpOf, Shape } from '../models/graph.ts';
import type { PictureInput } from '../models/preprocess.ts';
import type { Corner, Region } from './adjointRegion.ts';
import type { Switches } from './switches.ts';
import type { ConvLayer, DenseLayer } from './weightsLayout.ts';
import type { LrnLayer } from './weightsLayoutLayers.ts';

/** The window of a max-pooling op. */
export interface PoolWindow {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly pad: readonly [number, number, number, number];
}

/** The windows of a pool's output and of its input that signals pass between, and the maps that these lie in. */
export interface PoolPlace {
  readonly from: Region;
  readonly to: Region;
  readonly input: Shape;
  readonly output: Shape;
}

/**
 * What tfjs lacks, or does badly, on some backend. Two implementations: tfjs ops and typed arrays (cpu, wasm, webgl),
 * and WGSL programs (webgpu), which is its own lazily loaded module so that others do not download that backend.
 */
export interface Programs {
  /** A picture as the network's input, from its bytes; null, or left out, where its values are no more work. */
  picture?(input: PictureInput): Tensor4D | null;
  /** Grouped convolution with bias. */
  groupedConv(x: Tensor4D, layer: ConvLayer, output: Shape): Tensor4D;
  /** `[1, inputs]` to `[1, units]`, with bias. */
  dense(x: Tensor2D, layer: DenseLayer): Tensor2D;
  /** The transpose of `dense`: `[signals, units]` to `[signals, inputs]`. */
  denseAdjoint(signals: Tensor2D, layer: DenseLayer): Tensor2D;
  /**
   * The transpose of a convolution (bias dropped): signals on windows of its output, scattered onto windows of the shape
   * `input`. `pads` says for each signal how far above and left of its input window its output window begins to read;
   * null: both are whole maps, with the layer's own padding.
   */
  convAdjoint(
    signals: Tensor4D,
    layer: ConvLayer,
    input: Shape,
    pads: readonly Corner[] | null,
  ): Promise<Tensor4D>;
  /** The input position of each window's maximum: the first in row-major order; padding never wins. */
  switches(x: Tensor4D, window: PoolWindow, output: Shape): Promise<Switches>;
  /** Each value of a signal added at its switch; overlapping windows sum. */
  unpool(signals: Tensor4D, switches: Switches, place: PoolPlace): Promise<Tensor4D>;
  /**
   * The way back through a ReLU with the whole output `y`: the signal where y is positive and below the cap. `rectified`:
   * of the signal only what is positive.
   */
  reluAdjoint(
    signals: Tensor4D,
    y: Tensor4D,
    from: Region,
    how: { readonly cap: number | undefined; readonly rectified: boolean },
  ): Tensor4D;
  lrn(x: Tensor4D, op: OpOf<'lrn'>, layer: LrnLayer): Tensor4D;
  /** The way back through it; `a` is the whole input. */
  lrnAdjoint(
    signals: Tensor4D,
    a: Tensor4D,
    from: Region,
    how: { readonly op: OpOf<'lrn'>; readonly rule: 'vjp' | 'scale'; readonly layer: LrnLayer },
  ): Tensor4D;
  /** Whether windows of maps cost less than whole maps. */
  crops(): boolean;
  /** Bytes of signals that had better walk together; more than that walk one group after the other. */
  readonly groupBytes: number;
  /** Awaited after work of `macs` multiply-accumulates, so that no GPU submission grows long; nothing where there is none. */
  pace(macs: number): Promise<void> | void;
}

const loaded = new Map<'webgpu' | 'plain', Programs>();

/** The programs of the current backend. A module is asked for once: a bundler's import costs more than a small layer. */
export async function loadPrograms(): Promise<Programs> {
  const kind = getBackend() === 'webgpu' ? 'webgpu' : 'plain';
  const known = loaded.get(kind);
  if (known) return known;
  const programs =
    kind === 'webgpu'
      ? (await import('./webgpu/programs.ts')).webgpuPrograms()
      : (await import('./forwardPlain.ts')).plainPrograms;
  loaded.set(kind, programs);
  return programs;
}
