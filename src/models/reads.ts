import type { Marks } from './field.ts';
import { dispatch } from './graph.ts';
import type { Op, OpTable, Pad, Pair, Shape } from './graph.ts';

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pad: Pad;
  readonly dilation: Pair;
}

/** Marks in `target` the input channels that the marked output channels read of the input at `index`. */
type MarkChannels = [
  read: Uint8Array,
  target: Uint8Array,
  index: number,
  shapes: readonly Shape[],
  channels: number,
];

const allOf = (_op: Op, read: Uint8Array, target: Uint8Array): void => {
  if (read.includes(1)) target.fill(1);
};
const alike = (_op: Op, read: Uint8Array, target: Uint8Array): void => {
  read.forEach((mark, channel) => {
    if (mark) target[channel] = 1;
  });
};

const channelReads: OpTable<MarkChannels, void> = {
  input: () => {},
  conv: (op, read, target, _index, _shapes, channels) => {
    const perGroupOut = op.filters / op.groups;
    const perGroupIn = channels / op.groups;
    const whole = new Set<number>();
    read.forEach((mark, map) => {
      if (!mark) return;
      if (op.table) for (const channel of op.table[map]!) target[channel] = 1;
      else whole.add(Math.floor(map / perGroupOut));
    });
    for (const group of whole) target.fill(1, group * perGroupIn, (group + 1) * perGroupIn);
  },
  dense: allOf,
  maxPool: alike,
  avgPool: alike,
  globalAvgPool: alike,
  batchNorm: alike,
  lrn: (op, read, target) => {
    // The neighbourhood of channel c begins at c - floor(size / 2) and has `size` channels.
    const before = Math.floor(op.size / 2);
    read.forEach((mark, channel) => {
      if (mark) target.fill(1, Math.max(0, channel - before), Math.max(0, channel - before + op.size));
    });
  },
  relu: alike,
  sigmoid: alike,
  tanh: alike,
  subsample: alike,
  rbf: allOf,
  dropout: alike,
  add: alike,
  mean: alike,
  concat: (_op, read, target, index, shapes) => {
    const offset = shapes.slice(0, index).reduce((sum, shape) => sum + shape[2], 0);
    for (let channel = 0; channel < target.length; channel++) {
      if (read[offset + channel]) target[channel] = 1;
    }
  },
  channelPad: (op, read, target) => {
    for (let channel = 0; channel < target.length; channel++) {
      if (read[op.before + channel]) target[channel] = 1;
    }
  },
  softmax: allOf,
};

function markLine(read: Uint8Array, target: Uint8Array, window: Window | null, axis: 0 | 1): void {
  if (window === null) {
    target.fill(1);
    return;
  }
  const before = axis === 0 ? window.pad[0] : window.pad[2];
  for (let unit = 0; unit < read.length; unit++) {
    if (!read[unit]) continue;
    for (let tap = 0; tap < window.kernel[axis]; tap++) {
      const position = unit * window.stride[axis] - before + tap * window.dilation[axis];
      if (position >= 0 && position < target.length) target[position] = 1;
    }
  }
}

/**
 * Adds to `target` what the marked units of a node read of its input at `index`; false where they read none of its
 * channels (another branch of a concat), and then `target` is left as it was.
 */
export function markReads(
  op: Op,
  window: Window | null,
  shapes: readonly Shape[],
  index: number,
  read: Marks,
  target: Marks,
): boolean {
  const channels = new Uint8Array(target.channels.length);
  dispatch(channelReads, op, read.channels, channels, index, shapes, channels.length);
  if (!channels.includes(1)) return false;
  channels.forEach((mark, channel) => {
    if (mark) target.channels[channel] = 1;
  });
  markLine(read.rows, target.rows, window, 0);
  markLine(read.columns, target.columns, window, 1);
  return true;
}
