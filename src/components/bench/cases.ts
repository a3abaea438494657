import type { BackendName, Rule } from '../../workers/contract.ts';

/**
 * What is measured: the networks with bundled weights. Their layers and rules are those of `npm run bench`. Names and
 * nodes are written out, and tested against the zoo, so that the page does not carry it.
 */
export interface BenchCase {
  readonly ref: string;
  readonly name: string;
  /** A late layer with space: its maps are opened, and its strongest unit is projected. */
  readonly layer: string;
  readonly rule: Rule;
  /** The node of the class scores before any softmax, which backends must agree on. */
  readonly logits: string;
  readonly picture: 'digit' | 'photo';
  /** So little work that plain JavaScript does it at once. */
  readonly light: boolean;
}

export const benchCases: readonly BenchCase[] = [
  {
    ref: 'lenet-5-modern',
    name: 'LeNet-5 (modern)',
    layer: 'conv2',
    rule: 'gradient',
    logits: 'fc3',
    picture: 'digit',
    light: true,
  },
  {
    ref: 'zfnet-imagenette',
    name: 'ZFNet (Imagenette)',
    layer: 'relu5',
    rule: 'deconvnet',
    logits: 'fc8',
    picture: 'photo',
    light: false,
  },
  {
    ref: 'efficientnet-lite0',
    name: 'EfficientNet-Lite0',
    layer: 'head_relu',
    rule: 'deconvnet',
    logits: 'fc',
    picture: 'photo',
    light: false,
  },
];

export const backendNames: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];

/** The sample photo of all photo networks, in `public/samples`. */
export const benchPhoto = { file: 'dogs.jpg', bytes: 51056 } as const;

/** Rounds that a visitor can choose, and the first choice. */
export const runChoices = [5, 10, 30] as const;
export const usualRuns = 10;
