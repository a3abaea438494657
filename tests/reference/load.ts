import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pad, Pair } from '../../src/models/graph.ts';

/** Figures of a whole network; what the source does not say is left out. */
export interface ReferenceTotals {
  readonly source: string;
  readonly params: number;
  readonly macs: number;
  readonly params_bn?: number;
  readonly params_weights_only?: number;
  readonly activations_conv_linear?: number;
}

export interface ReferenceNetwork extends ReferenceTotals {
  /** One text a layer, in order of execution, as extract.py writes it; null where the reference has totals only. */
  readonly rows: readonly string[] | null;
}

export interface LeNetReference {
  readonly params: number;
  readonly connections: number;
  readonly fixed: number;
  readonly layers: readonly {
    readonly name: string;
    readonly shape: string;
    readonly params: number;
    readonly connections: number;
    readonly macs: number;
  }[];
}

interface LayersFile {
  readonly 'lenet-5': LeNetReference;
  readonly rows: readonly string[];
  readonly networks: Readonly<Record<string, ReferenceTotals & { readonly layers?: readonly number[] }>>;
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

let layersFile: LayersFile | undefined;
const layers = (): LayersFile => (layersFile ??= read<LayersFile>('layers'));

export const lenetReference = (): LeNetReference => layers()['lenet-5'];
export const referenceKeys = (): readonly string[] => Object.keys(layers().networks);

/** A network of layers.json, or of efficientnet-lite.json, which has the same form. */
export function networkReference(key: string): ReferenceNetwork {
  const file = key.startsWith('efficientnet_lite') ? read<LayersFile>('efficientnet-lite') : layers();
  const { networks, rows } = file;
  const entry = networks[key];
  if (!entry) throw new Error(`there are no reference figures of '${key}'`);
  const { layers: indices, ...totals } = entry;
  return { ...totals, rows: indices ? indices.map((index) => rows[index]!) : null };
}

type StatesFile = Readonly<
  Record<string, Readonly<Record<string, readonly [shape: readonly number[], rest: 0 | 1 | 2]>>>
>;

export const stateKeys = (): readonly string[] => Object.keys(read<StatesFile>('states'));

/** Names and shapes of an official state dict, without the counters of batch normalisation. */
export function stateReference(key: string): Readonly<Record<string, readonly number[]>> {
  const modules = read<StatesFile>('states')[key];
  if (!modules) throw new Error(`states.json has no network '${key}'`);
  const state: Record<string, readonly number[]> = {};
  for (const [module, [shape, rest]] of Object.entries(modules)) {
    state[`${module}.weight`] = shape;
    if (rest > 0) state[`${module}.bias`] = [shape[0]!];
    if (rest === 2)
      for (const name of ['running_mean', 'running_var']) state[`${module}.${name}`] = [shape[0]!];
  }
  return state;
}

export const efficientNetReference = (): EfficientNetReference => read('efficientnet-lite0');
export const poolingReference = (): readonly PoolingRow[] => read('pooling');
