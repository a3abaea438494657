import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpKind, Pad, Pair, Shape } from '../../src/models/graph.ts';

/** One layer of a reference network, in order of execution. */
export interface ReferenceRow {
  readonly name: string;
  readonly kind: OpKind;
  readonly shape: Shape;
  readonly params: number;
  readonly weight?: number;
  readonly bias?: number;
  readonly macs?: number;
  readonly connections?: number;
  readonly kernel?: Pair;
  readonly stride?: Pair;
  readonly groups?: number;
}

export interface ReferenceTotals {
  readonly source: string;
  readonly params: number;
  readonly macs: number;
  readonly macs_conv?: number;
  readonly params_bn?: number;
  readonly params_weights_only?: number;
  readonly activations_leaf?: number;
  readonly activations_conv_linear?: number;
}

export interface ReferenceNetwork extends ReferenceTotals {
  readonly layers: readonly ReferenceRow[];
}

export interface ZooReference extends Readonly<
  Record<'lenet-5-modern' | 'alexnet-2012' | 'zfnet' | 'googlenet' | 'resnet-18', ReferenceNetwork>
> {
  readonly 'lenet-5': {
    readonly params: number;
    readonly connections: number;
    readonly fixed: number;
    readonly layers: readonly Required<
      Pick<ReferenceRow, 'name' | 'shape' | 'params' | 'connections' | 'macs'>
    >[];
  };
  readonly 'zfnet-imagenette': ReferenceTotals;
  readonly resnets: Readonly<Record<string, ReferenceTotals>>;
  readonly states: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

export interface EfficientNetReference {
  readonly params: number;
  readonly macs: number;
  readonly normalisation: number;
  readonly epsilons: readonly number[];
  readonly strides_and_pads: readonly { readonly name: string; readonly stride: Pair; readonly pad: Pad }[];
  readonly layers: readonly {
    readonly name: string;
    readonly type: string;
    readonly out: readonly number[];
    readonly weight: number;
    readonly bias: number;
    readonly macs: number;
  }[];
  readonly state: Readonly<Record<string, readonly number[]>>;
}

export type PoolingRow = readonly [
  size: number,
  kernel: number,
  stride: number,
  padding: number,
  ceil: 0 | 1,
  countsPadding: 0 | 1,
  outputs: readonly number[],
];

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8')) as T;

export const zooReference = (): ZooReference => read('zoo');
export const efficientNetReference = (): EfficientNetReference => read('efficientnet-lite0');
export const poolingReference = (): readonly PoolingRow[] => read('pooling');
