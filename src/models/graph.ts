/**
 * The graph of a network: the one structure that costs, receptive fields, the diagram, the engine and the
 * projector all read. It speaks of one image (batch 1) in height-width-channel order.
 */

/** Height, width, channels of one activation. A vector of n values is `[1, 1, n]`. */
export type Shape = readonly [height: number, width: number, channels: number];

/** A vertical and a horizontal amount (kernel, stride, dilation). */
export type Pair = readonly [vertical: number, horizontal: number];

/** Rows and columns added around the input. Always explicit: builders resolve 'same', numbers and ceil mode. */
export type Pad = readonly [top: number, bottom: number, left: number, right: number];

/** Every op kind with its hyper-parameters. A new kind here is a type error in every `OpTable` that lacks it. */
export interface OpKinds {
  input: { readonly kind: 'input' };
  /**
   * Cross-correlation. `groups === input channels` is a depthwise convolution. `table[k]` lists the input
   * channels that output map k reads (LeNet-5's Table I); its weight is then stored compactly, map after map.
   */
  conv: {
    readonly kind: 'conv';
    readonly filters: number;
    readonly kernel: Pair;
    readonly stride: Pair;
    readonly pad: Pad;
    readonly dilation: Pair;
    readonly groups: number;
    readonly bias: boolean;
    readonly table?: readonly (readonly number[])[];
  };
  /** Fully connected. A spatial input is flattened channel-major (C, H, W), as the official checkpoints store it. */
  dense: { readonly kind: 'dense'; readonly units: number; readonly bias: boolean };
  /** Floor mode; padding never wins. */
  maxPool: { readonly kind: 'maxPool'; readonly kernel: Pair; readonly stride: Pair; readonly pad: Pad };
  /**
   * Floor mode. The divisor of a window counts the positions that lie inside the input extended by `counted`
   * (all zeros: padding is not counted; equal to the explicit pad: PyTorch's count_include_pad).
   */
  avgPool: {
    readonly kind: 'avgPool';
    readonly kernel: Pair;
    readonly stride: Pair;
    readonly pad: Pad;
    readonly counted: Pad;
  };
  globalAvgPool: { readonly kind: 'globalAvgPool' };
  /** Inference form: (x - mean) / sqrt(variance + epsilon) * gamma + beta. */
  batchNorm: { readonly kind: 'batchNorm'; readonly epsilon: number };
  /** a_i / (k + (alpha or alpha/size) * sum of a_j^2 over `size` neighbouring channels)^beta. */
  lrn: {
    readonly kind: 'lrn';
    readonly size: number;
    readonly alpha: number;
    readonly beta: number;
    readonly k: number;
    readonly alphaOverSize: boolean;
  };
  /** max(0, x), capped at `cap` where there is one (ReLU6). */
  relu: { readonly kind: 'relu'; readonly cap?: number };
  sigmoid: { readonly kind: 'sigmoid' };
  /** amplitude * tanh(slope * x); LeNet-5 uses 1.7159 and 2/3. */
  tanh: { readonly kind: 'tanh'; readonly amplitude: number; readonly slope: number };
  /** LeNet-5's trainable subsampling: one coefficient a map times the window's sum, plus one bias a map. */
  subsample: { readonly kind: 'subsample'; readonly kernel: Pair; readonly stride: Pair };
  /** Squared Euclidean distance to `units` fixed prototypes (LeNet-5's output). */
  rbf: { readonly kind: 'rbf'; readonly units: number };
  /** `wholePath`: drops all values of an image at once (stochastic depth, drop-path), not single ones. */
  dropout: { readonly kind: 'dropout'; readonly rate: number; readonly wholePath?: true };
  add: { readonly kind: 'add' };
  /** Element-wise mean of the inputs (FractalNet's join). */
  mean: { readonly kind: 'mean' };
  concat: { readonly kind: 'concat' };
  /** Zero channels before and after (option-A shortcuts). */
  channelPad: { readonly kind: 'channelPad'; readonly before: number; readonly after: number };
  softmax: { readonly kind: 'softmax' };
}

export type OpKind = keyof OpKinds;
export type OpOf<K extends OpKind> = OpKinds[K];
export type Op = OpKinds[OpKind];

/** One row per op kind; `A` are the arguments that follow the op, `R` the result. */
export type OpTable<A extends readonly unknown[], R> = {
  readonly [K in OpKind]: (op: OpOf<K>, ...args: A) => R;
};

/** Calls the table's row for this op. */
export function dispatch<A extends readonly unknown[], R>(table: OpTable<A, R>, op: Op, ...args: A): R {
  // The union of rows cannot be narrowed by TypeScript through an index; the table's type guarantees the match.
  const row = table[op.kind] as (op: Op, ...args: A) => R;
  return row(op, ...args);
}

/** One operation and the activation that it makes. `group` is the path of blocks around it (`conv4_x/3`), '' at the top. */
export interface Node {
  readonly id: string;
  readonly op: Op;
  readonly inputs: readonly string[];
  readonly shape: Shape;
  readonly group: string;
}

/** What a block is to a reader of the paper; the diagram folds blocks and counts equal neighbours as `x3`. */
export type BlockKind =
  | 'stage'
  | 'residual'
  | 'bottleneck'
  | 'inception'
  | 'dense'
  | 'invertedResidual'
  | 'separable'
  | 'fractal'
  | 'branch'
  | 'auxiliary';

export interface Block {
  readonly path: string;
  readonly kind: BlockKind;
}

/** Nodes in topological order; the first is the input, `output` names the last one that inference needs. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly output: string;
  readonly blocks: readonly Block[];
}

/** The one array type that crosses the worker or reaches `viz`: row-major height, width, channel. */
export interface Volume {
  readonly shape: Shape;
  readonly values: Float32Array;
}
