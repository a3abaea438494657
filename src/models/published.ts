import type { Preprocessing } from './preprocessing.ts';

/** One published weight file: where it lies, how to know that it arrived whole, and what it was trained to see. */
export interface PublishedWeights {
  /** Publisher and name: 'torchvision/resnet50-v1'. */
  readonly id: string;
  /** The zoo's reference of the network that it fits. */
  readonly network: string;
  readonly publisher: 'torchvision' | 'timm' | 'onnx-zoo';
  readonly title: string;
  readonly url: string;
  /** The page that tells of it, where the licence can be read. */
  readonly page: string;
  readonly file: string;
  readonly format: 'pytorch' | 'safetensors' | 'onnx';
  /** Exact where the publisher states it, else computed from the parameters (`bytesAre`). */
  readonly bytes: number;
  readonly bytesAre: 'stated' | 'computed';
  /** The whole SHA-256 where it is published, or the hexadecimal digits that the file's name begins it with; null: none. */
  readonly sha256: string | null;
  /** Key into the network's checkpoint mappings. */
  readonly source: string;
  readonly dataset: 'ImageNet';
  readonly preprocessing: Preprocessing;
  /** Percent, single centre crop, and who measured it. */
  readonly accuracy: { readonly top1: number; readonly top5: number | null; readonly source: string } | null;
  readonly licence: string;
  /** What somebody who uses them should know. */
  readonly note?: { readonly en: string; readonly ko: string };
}
