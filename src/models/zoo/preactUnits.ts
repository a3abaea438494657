import type { GraphBuilder, Value } from '../build.ts';
import { paddedShortcut } from './residual.ts';

/**
 * Units that normalise and activate before each convolution, so that nothing stands on the way of the sums. Where the
 * shape changes, a projection (option B) reads the first activation, as the released code has it.
 */
export interface PreactOptions {
  readonly shortcut: 'A' | 'B';
  /** Which convolution of a bottleneck halves the map. */
  readonly strideIn?: '1x1' | '3x3';
  /** Rate of the dropout between the convolutions, a Wide ResNet's. */
  readonly dropout?: number;
}

function activated(b: GraphBuilder, position: number, from: Value): Value {
  return b.relu(`relu${position}`, b.batchNorm(`bn${position}`, from));
}

function convolution(
  b: GraphBuilder,
  name: string,
  from: Value,
  filters: number,
  kernel: number,
  stride = 1,
): Value {
  return b.conv(name, from, filters, kernel, { stride, pad: (kernel - 1) / 2, bias: false });
}

function shortcutOf(
  b: GraphBuilder,
  from: Value,
  active: Value,
  filters: number,
  stride: number,
  { shortcut }: PreactOptions,
): Value {
  const same = b.shapeOf(from)[2] === filters && stride === 1;
  if (same) return from;
  if (shortcut === 'A') return paddedShortcut(b, from, filters, stride);
  return convolution(b, 'shortcut_conv', active, filters, 1, stride);
}

/** Two 3x3. */
export function preactBasic(
  b: GraphBuilder,
  from: Value,
  width: number,
  stride: number,
  options: PreactOptions,
): Value {
  const active = activated(b, 1, from);
  const other = shortcutOf(b, from, active, width, stride, options);
  let x = activated(b, 2, convolution(b, 'conv1', active, width, 3, stride));
  if (options.dropout !== undefined) x = b.dropout('drop', x, options.dropout);
  return b.add('add', convolution(b, 'conv2', x, width, 3), other);
}

/** 1x1 down, 3x3, 1x1 up to four times the width. */
export function preactBottleneck(
  b: GraphBuilder,
  from: Value,
  width: number,
  stride: number,
  options: PreactOptions,
): Value {
  const active = activated(b, 1, from);
  const other = shortcutOf(b, from, active, 4 * width, stride, options);
  const [first, second] = options.strideIn === '1x1' ? [stride, 1] : [1, stride];
  let x = activated(b, 2, convolution(b, 'conv1', active, width, 1, first));
  x = activated(b, 3, convolution(b, 'conv2', x, width, 3, second));
  return b.add('add', convolution(b, 'conv3', x, 4 * width, 1), other);
}

/** After the last sum, which nothing has activated yet. */
export function lastActivation(b: GraphBuilder, from: Value): Value {
  return b.relu('relu_last', b.batchNorm('bn_last', from));
}
