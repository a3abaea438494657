import type { ConvOptions, GraphBuilder, Value } from '../build.ts';

/**
 * How the input of a residual unit reaches its sum where the shape changes: A zero channels, B a 1x1 projection there, C a
 * projection in every unit; 'none' has no shortcuts at all, the plain network that the paper compares with.
 */
export const SHORTCUTS = ['A', 'B', 'C', 'none'] as const;
export type Shortcut = (typeof SHORTCUTS)[number];

export interface UnitOptions {
  readonly shortcut: Shortcut;
  /** Which convolution of a bottleneck halves the map: the first 1x1 (the paper) or the 3x3 (torchvision). */
  readonly strideIn?: '1x1' | '3x3';
  /** Probability that stochastic depth leaves the unit out of a training step; not given: it is not trained so. */
  readonly dropPath?: number;
}

/** A convolution that keeps the size at stride 1, without bias as a normalisation follows, and the normalisation. */
export function convBn(
  b: GraphBuilder,
  names: readonly [conv: string, norm: string],
  from: Value,
  filters: number,
  kernel: number,
  options: ConvOptions = {},
): Value {
  const x = b.conv(names[0], from, filters, kernel, { pad: (kernel - 1) / 2, bias: false, ...options });
  return b.batchNorm(names[1], x);
}

/** Option A: every second row and column, then channels of zeros after the others. */
export function paddedShortcut(b: GraphBuilder, from: Value, filters: number, stride: number): Value {
  // Pooling windows of one value only leave values out.
  const x = stride === 1 ? from : b.avgPool('shortcut_pool', from, 1, { stride });
  const missing = filters - b.shapeOf(x)[2];
  return missing === 0 ? x : b.channelPad('shortcut_pad', x, 0, missing);
}

/** Option B: identity where the shapes agree, a 1x1 projection where they do not. */
export function projected(b: GraphBuilder, from: Value, filters: number, stride: number): Value {
  if (b.shapeOf(from)[2] === filters && stride === 1) return from;
  return convBn(b, ['shortcut_conv', 'shortcut_bn'], from, filters, 1, { stride });
}

function shortcutOf(b: GraphBuilder, kind: Shortcut, from: Value, filters: number, stride: number): Value {
  if (kind === 'A') return paddedShortcut(b, from, filters, stride);
  if (kind === 'B') return projected(b, from, filters, stride);
  return convBn(b, ['shortcut_conv', 'shortcut_bn'], from, filters, 1, { stride });
}

/** The sum of a unit's two paths and the ReLU after it; a plain network has the ReLU only. */
function summed(
  b: GraphBuilder,
  relu: string,
  from: Value,
  residual: Value,
  stride: number,
  { shortcut, dropPath }: UnitOptions,
): Value {
  if (shortcut === 'none') return b.relu(relu, residual);
  const filters = b.shapeOf(residual)[2];
  const kept =
    dropPath === undefined ? residual : b.dropout('drop_path', residual, dropPath, { wholePath: true });
  return b.relu(relu, b.add('add', kept, shortcutOf(b, shortcut, from, filters, stride)));
}

/** Fig. 5 left: two 3x3. */
export function basic(
  b: GraphBuilder,
  from: Value,
  width: number,
  stride: number,
  options: UnitOptions,
): Value {
  const x = b.relu('relu1', convBn(b, ['conv1', 'bn1'], from, width, 3, { stride }));
  return summed(b, 'relu2', from, convBn(b, ['conv2', 'bn2'], x, width, 3), stride, options);
}

export interface BottleneckWidths {
  /** Maps of the 3x3 convolution. */
  readonly inner: number;
  readonly outer: number;
}

/** Fig. 5 right: 1x1 down, 3x3, 1x1 up. */
export function bottleneck(
  b: GraphBuilder,
  from: Value,
  { inner, outer }: BottleneckWidths,
  stride: number,
  options: UnitOptions,
): Value {
  const [first, second] = options.strideIn === '1x1' ? [stride, 1] : [1, stride];
  let x = b.relu('relu1', convBn(b, ['conv1', 'bn1'], from, inner, 1, { stride: first }));
  x = b.relu('relu2', convBn(b, ['conv2', 'bn2'], x, inner, 3, { stride: second }));
  return summed(b, 'relu3', from, convBn(b, ['conv3', 'bn3'], x, outer, 1), stride, options);
}

/**
 * Stages of units: the first unit of every stage but the first halves the map. Block paths are `conv2_x/1`; `position`
 * counts the units of the whole network from 1.
 */
export function stages(
  b: GraphBuilder,
  from: Value,
  kind: 'residual' | 'bottleneck',
  counts: readonly number[],
  unit: (from: Value, stage: number, stride: 1 | 2, position: number) => Value,
): Value {
  let position = 0;
  return counts.reduce(
    (entering, count, stage) =>
      b.block(`conv${stage + 2}_x`, 'stage', () => {
        let x = entering;
        for (let i = 1; i <= count; i++) {
          const input = x;
          x = b.block(`${i}`, kind, () => unit(input, stage, stage > 0 && i === 1 ? 2 : 1, ++position));
        }
        return x;
      }),
    from,
  );
}

/** Convolution 7x7/2 and pooling 3x3/2, the entrance of every ImageNet form. */
export function imagenetStem(b: GraphBuilder, filters = 64): Value {
  const x = b.relu('relu1', convBn(b, ['conv1', 'bn1'], b.input, filters, 7, { stride: 2 }));
  return b.maxPool('pool1', x, 3, { stride: 2, pad: 1 });
}

/** Average over the whole map, one dense layer, probabilities. */
export function classifier(b: GraphBuilder, from: Value, classes: number): Value {
  return b.softmax('softmax', b.dense('fc', b.globalAvgPool('avgpool', from), classes));
}
