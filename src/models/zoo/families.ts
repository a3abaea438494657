import { alexnet } from './alexnet.ts';
import { efficientnet } from './efficientnet.ts';
import { googlenet } from './googlenet.ts';
import { lenet } from './lenet.ts';
import { vgg } from './vgg.ts';
import { nin } from './nin.ts';
import { mobilenetV1 } from './mobilenet.ts';
import type { Family } from './recipe.ts';
import { resnet } from './resnet.ts';
import { zfnet } from './zfnet.ts';

/** Every family in the order of its first paper. */
export const families: readonly Family[] = [
  lenet,
  alexnet,
  zfnet,
  vgg,
  nin,
  googlenet,
  resnet,
  efficientnet,
  mobilenetV1,
].flat();
