import type { Preprocessing } from './preprocessing.ts';
import type { PublishedWeights } from './published.ts';

/** The published weight files that the page and the command line can fetch. */

/** torchvision's usual evaluation: shorter side 256, bilinear, centre crop of 224. */
const usual: Preprocessing = {
  input: [224, 224, 3],
  colour: 'rgb',
  fit: 'shorter-side',
  resize: 256,
  filter: 'bilinear',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** The file's name begins its SHA-256 after the last hyphen, as torch.hub checks it. */
function torchvision(
  id: string,
  network: string,
  title: string,
  file: string,
  parameters: number,
  top1: number,
  top5: number,
): PublishedWeights {
  return {
    id: `torchvision/${id}`,
    network,
    publisher: 'torchvision',
    title,
    url: `https://download.pytorch.org/models/${file}`,
    page: 'https://pytorch.org/vision/stable/models.html',
    file,
    format: 'pytorch',
    bytes: parameters * 4,
    bytesAre: 'computed',
    sha256: /-([0-9a-f]{8})\.pth$/.exec(file)![1]!,
    source: 'torchvision',
    dataset: 'ImageNet',
    preprocessing: usual,
    accuracy: { top1, top5, source: 'torchvision 0.14.1, IMAGENET1K_V1' },
    licence: 'BSD-3-Clause; trained on ImageNet, whose images are for non-commercial research',
  };
}

export const catalogue: readonly PublishedWeights[] = [
  torchvision(
    'squeezenet1_0-v1',
    'squeezenet-1-0',
    'SqueezeNet 1.0',
    'squeezenet1_0-b66bff10.pth',
    1_248_424,
    58.092,
    80.42,
  ),
  torchvision(
    'squeezenet1_1-v1',
    'squeezenet-1-1',
    'SqueezeNet 1.1',
    'squeezenet1_1-b8a52dc0.pth',
    1_235_496,
    58.178,
    80.624,
  ),
];
