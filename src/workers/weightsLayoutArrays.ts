import type { OpOf, Pad, Pair, Shape } from '../models/graph.ts';

/** Pure rearrangements from the checkpoints' layouts to the run's; no tensors here. */

export interface ArrangedKernel {
  readonly shape: [number, number, number, number];
  readonly values: Float32Array;
}

export type ConvMode = 'full' | 'grouped' | 'depthwise';

/**
 * Turns OIHW (or LeNet's compact table, map after map) into HWIO: one kernel a group, or one
 * `[kh, kw, channels, multiplier]` when depthwise. `spread` puts zeros between the taps (1: none). The values come in
 * pieces of whole filters, in order, so that a checkpoint's copy need never be in memory as a whole.
 */
export class ConvArrangement {
  readonly parts: readonly ArrangedKernel[];
  private readonly inner: Pair;
  private readonly perGroup: number;
  private readonly width: number;
  private filter = 0;

  constructor(
    private readonly op: OpOf<'conv'>,
    channels: number,
    private readonly spread: Pair,
    private readonly mode: ConvMode,
    /** What each filter's values are multiplied by: a normalisation folded into them. Left out: nothing. */
    private readonly scale?: Float32Array,
  ) {
    const [kh, kw] = op.kernel;
    const height = (kh - 1) * spread[0] + 1;
    const width = (kw - 1) * spread[1] + 1;
    const filtersPerGroup = op.filters / op.groups;
    this.perGroup = channels / op.groups;
    this.width = width;
    // Within a depthwise kernel the output channel is c * multiplier + m, as in PyTorch.
    const inner: Pair = mode === 'depthwise' ? [channels, filtersPerGroup] : [this.perGroup, filtersPerGroup];
    this.inner = inner;
    this.parts = Array.from({ length: mode === 'grouped' ? op.groups : 1 }, () => ({
      shape: [height, width, inner[0], inner[1]] as [number, number, number, number],
      values: new Float32Array(height * width * inner[0] * inner[1]),
    }));
  }

  /** The next filters' values. */
  add(values: Float32Array): void {
    for (let source = 0; source < values.length; this.filter++) source = this.addFilter(values, source);
  }

  private addFilter(values: Float32Array, start: number): number {
    const { op, spread, mode, inner, filter } = this;
    const [kh, kw] = op.kernel;
    const filtersPerGroup = op.filters / op.groups;
    const group = Math.floor(filter / filtersPerGroup);
    const within = filter % filtersPerGroup;
    const target = this.parts[mode === 'grouped' ? group : 0]!.values;
    const inputs = op.table?.[filter];
    const count = inputs?.length ?? this.perGroup;
    const factor = this.scale?.[filter] ?? 1;
    let source = start;
    for (let i = 0; i < count; i++) {
      const row = mode === 'depthwise' ? group : (inputs?.[i] ?? i);
      for (let y = 0; y < kh; y++) {
        for (let x = 0; x < kw; x++) {
          const at = (y * spread[0] * this.width + x * spread[1]) * inner[0] + row;
          target[at * inner[1] + within] = factor * values[source++]!;
        }
      }
    }
    return source;
  }
}

/** Kernels of equal shape one after the other, as one kernel whose first axis is longer. */
export function stackKernels(parts: readonly ArrangedKernel[]): ArrangedKernel {
  const [first] = parts;
  if (!first || parts.length === 1) return first ?? { shape: [0, 0, 0, 0], values: new Float32Array() };
  const values = new Float32Array(first.values.length * parts.length);
  parts.forEach((part, i) => values.set(part.values, i * first.values.length));
  const [height, width, inputs, filters] = first.shape;
  return { shape: [height * parts.length, width, inputs, filters], values };
}

/** `[units, C*H*W]` to `[units, H*W*C]`; the same array where the input is a plain vector. */
export function arrangeDenseWeight(values: Float32Array, units: number, input: Shape): Float32Array {
  const [height, width, channels] = input;
  const area = height * width;
  if (area === 1) return values;
  const inputs = area * channels;
  const out = new Float32Array(values.length);
  for (let unit = 0; unit < units; unit++) {
    const row = unit * inputs;
    for (let channel = 0; channel < channels; channel++) {
      const plane = row + channel * area;
      for (let at = 0; at < area; at++) out[row + at * channels + channel] = values[plane + at] ?? 0;
    }
  }
  return out;
}

/** How many positions of each output window lie inside the input extended by `extension` (row-major). */
export function windowCounts(
  op: Pick<OpOf<'avgPool'>, 'kernel' | 'stride' | 'pad'>,
  input: Shape,
  output: Shape,
  extension: Pad,
): number[] {
  const along = (size: number, outputs: number, axis: 0 | 1) => {
    const [before, after] = axis === 0 ? [extension[0], extension[1]] : [extension[2], extension[3]];
    const start = axis === 0 ? op.pad[0] : op.pad[2];
    return Array.from({ length: outputs }, (_, i) => {
      const first = i * op.stride[axis] - start;
      return Math.min(first + op.kernel[axis], size + after) - Math.max(first, -before);
    });
  };
  const rows = along(input[0], output[0], 0);
  const columns = along(input[1], output[1], 1);
  return rows.flatMap((row) => columns.map((column) => row * column));
}

/**
 * `[channels, channels]` of zeros and ones: row j, column i is 1 where channel j is in the normalisation window of i.
 * The window reaches floor(size/2) below and floor((size-1)/2) above: PyTorch's choice for even sizes.
 */
export function channelBand(channels: number, size: number): Float32Array {
  const below = Math.floor(size / 2);
  const above = Math.floor((size - 1) / 2);
  const band = new Float32Array(channels * channels);
  for (let i = 0; i < channels; i++) {
    for (let j = Math.max(0, i - below); j <= Math.min(channels - 1, i + above); j++)
      band[j * channels + i] = 1;
  }
  return band;
}
