import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import type { Node, Pair } from '../models/graph.ts';

/**
 * A convolution ready to run: `kernels` holds one HWIO tensor, or one a group where groups are split (on webgpu these
 * are stacked along the first axis for our own program), or one `[kh, kw, channels, multiplier]` when depthwise. Batch normalisation and LeNet's subsampling are
 * per-channel linear maps, so they take this form too. `cache` keeps what the adjoint derives from the kernel.
 */
export interface ConvLayer {
  readonly kind: 'conv';
  readonly mode: 'full' | 'grouped' | 'depthwise';
  readonly groups: number;
  readonly kernels: readonly Tensor4D[];
  readonly bias: Tensor1D | null;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pad: readonly [top: number, bottom: number, left: number, right: number];
  readonly dilation: Pair;
  readonly cache: Map<string, Tensor>;
}

/** `weight` is `[units, inputs]` in the run's height-width-channel order, cut into blocks of rows that a buffer can hold. */
export interface DenseLayer {
  readonly kind: 'dense';
  readonly shards: readonly { readonly weight: Tensor2D; readonly first: number; readonly units: number }[];
  readonly bias: Tensor2D | null;
}

/**
 * `band[0, 0, j, i]` is 1 where channel j lies in the window of channel i. `denominator` makes k + factor * sum of squares
 * of the squares in one pass over them: its kernel is the band times the factor.
 */
export interface LrnLayer {
  readonly kind: 'lrn';
  readonly band: Tensor4D;
  readonly denominator: { readonly kernel: Tensor4D; readonly k: Tensor1D };
}

/** tfjs averages over the positions inside the input; `correction` turns that into the op's own divisor. */
export interface AverageLayer {
  readonly kind: 'average';
  readonly correction: Tensor4D | null;
  readonly inverseCount: Tensor4D;
  readonly window: ConvLayer;
}

export interface RbfLayer {
  readonly kind: 'rbf';
  readonly prototypes: Tensor2D;
}

export type Layer = ConvLayer | DenseLayer | LrnLayer | AverageLayer | RbfLayer;

/** The parameters of a graph as tensors of the current backend; whoever prepared them disposes them. */
export class GraphWeights {
  constructor(
    private readonly layers: ReadonlyMap<string, Layer>,
    /** For answers only: normalisations are in the convolutions' kernels, and what lies between cannot be looked at. */
    readonly folded = false,
  ) {}

  /** The layer of a node, of the kind that the caller's op needs. */
  layer<K extends Layer['kind']>(node: Node, kind: K): Extract<Layer, { kind: K }> {
    const layer = this.layers.get(node.id);
    if (layer?.kind !== kind) {
      throw new ConvScopeError(
        'weights-missing',
        `${node.id}: has no ${kind} weights; load the weights first.`,
        {
          node: node.id,
        },
      );
    }
    return layer as Extract<Layer, { kind: K }>;
  }

  /** The same tensors, but with room of their own for what is derived from kernels. To be disposed by `disposeDerived`. */
  withoutDerived(): GraphWeights {
    const fresh = [...this.layers].map(([id, layer]): [string, Layer] => [id, withOwnCache(layer)]);
    return new GraphWeights(new Map(fresh), this.folded);
  }

  disposeDerived(): void {
    for (const layer of this.layers.values()) {
      const conv = layer.kind === 'average' ? layer.window : layer;
      if (conv.kind === 'conv') conv.cache.forEach((tensor) => tensor.dispose());
    }
  }

  dispose(): void {
    for (const layer of this.layers.values()) tensorsOf(layer).forEach((tensor) => tensor.dispose());
  }
}

const withOwnCache = (layer: Layer): Layer =>
  layer.kind === 'conv'
    ? { ...layer, cache: new Map() }
    : layer.kind === 'average'
      ? { ...layer, window: { ...layer.window, cache: new Map() } }
      : layer;

/** Every tensor of a layer, those derived from it too. */
export function tensorsOf(layer: Layer): Tensor[] {
  const table: { [K in Layer['kind']]: (layer: Extract<Layer, { kind: K }>) => (Tensor | null)[] } = {
    conv: (l) => [...l.kernels, l.bias, ...l.cache.values()],
    dense: (l) => [...l.shards.map((shard) => shard.weight), l.bias],
    lrn: (l) => [l.band, l.denominator.kernel, l.denominator.k],
    average: (l) => [l.correction, l.inverseCount, ...tensorsOf(l.window)],
    rbf: (l) => [l.prototypes],
  };
  const row = table[layer.kind] as (layer: Layer) => (Tensor | null)[];
  return row(layer).filter((tensor) => tensor !== null);
}
