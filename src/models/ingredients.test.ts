import { describe, expect, it } from 'vitest';
import { ingredientsOf } from './ingredients.ts';
import { buildNetwork } from './zoo/index.ts';

describe('ingredients', () => {
  it.each([
    ['lenet-5', []],
    ['alexnet-2012', ['lrn', 'grouped', 'dropout']],
    ['alexnet-one-tower', ['dropout']],
    ['vgg-d?dropout=false', []],
    ['vgg-c', ['1x1', 'dropout']],
    ['vgg-a-bn', ['batchNorm', 'dropout']],
    ['nin-cifar', ['1x1', 'globalAverage', 'dropout']],
    ['googlenet', ['lrn', '1x1', 'inception', 'globalAverage', 'dropout']],
    ['googlenet?aux=true', ['lrn', '1x1', 'inception', 'globalAverage', 'dropout', 'auxiliary']],
    ['resnet-18', ['batchNorm', 'residual', 'globalAverage']],
    ['mobilenet-v1-100', ['batchNorm', '1x1', 'depthwise', 'globalAverage']],
    ['efficientnet-lite0', ['batchNorm', '1x1', 'residual', 'depthwise', 'globalAverage', 'dropout']],
  ])('of %s', (ref, wanted) => {
    expect([...ingredientsOf(buildNetwork(ref).graph)]).toEqual(wanted);
  });
});
