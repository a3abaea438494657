import { alexnet } from './alexnet.ts';
import { cifarResnet, stochasticDepth } from './cifarResnet.ts';
import { cifarDensenet, densenet } from './densenet.ts';
import { efficientnet } from './efficientnet.ts';
import { fractalnet } from './fractalnet.ts';
import { googlenet } from './googlenet.ts';
import { inceptionV3 } from './inceptionv3.ts';
import { inceptionV4 } from './inceptionv4.ts';
import { lenet } from './lenet.ts';
import { mobilenetV1 } from './mobilenet.ts';
import { mobilenetV2 } from './mobilenetv2.ts';
import { nin } from './nin.ts';
import { preactCifarResnet, preactResnet } from './preact.ts';
import type { Family } from './recipe.ts';
import { resnet } from './resnet.ts';
import { resnext, resnextCifar } from './resnext.ts';
import { squeezenet } from './squeezenet.ts';
import { vgg } from './vgg.ts';
import { wideBottleneckResnet, wideResnet } from './wideResnet.ts';
import { zfnet } from './zfnet.ts';

/** Every family in the order of its first paper. */
export const families: readonly Family[] = [
  lenet,
  alexnet,
  zfnet,
  nin,
  vgg,
  googlenet,
  resnet,
  cifarResnet,
  preactResnet,
  preactCifarResnet,
  stochasticDepth,
  wideResnet,
  wideBottleneckResnet,
  resnext,
  resnextCifar,
  fractalnet,
  densenet,
  cifarDensenet,
  inceptionV3,
  inceptionV4,
  squeezenet,
  mobilenetV1,
  mobilenetV2,
  efficientnet,
];
