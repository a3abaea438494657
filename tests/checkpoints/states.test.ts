import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isMatch, tensorsOf } from '../../src/models/checkpoint.ts';
import { matchCheckpoint, sourcesFor } from '../../src/models/checkpointMatch.ts';
import { buildNetwork } from '../../src/models/zoo/index.ts';

type State = Readonly<Record<string, readonly [shape: readonly number[], kind: 0 | 1 | 2]>>;
const states = JSON.parse(readFileSync(join(import.meta.dirname, 'states.json'), 'utf8')) as Readonly<
  Record<string, State>
>;

/** All tensors of a publisher's state dict, as training/checkpoints/states.py read them from its own classes. */
function stateDict(name: string): Map<string, { shape: readonly number[] }> {
  const tensors = new Map<string, { shape: readonly number[] }>();
  for (const [module, [shape, kind]] of Object.entries(states[name]!)) {
    tensors.set(`${module}.weight`, { shape });
    if (kind > 0) tensors.set(`${module}.bias`, { shape: shape.slice(0, 1) });
    if (kind < 2) continue;
    for (const part of ['running_mean', 'running_var']) tensors.set(`${module}.${part}`, { shape });
    tensors.set(`${module}.num_batches_tracked`, { shape: [] });
  }
  return tensors;
}

/** Key: publisher and its name of the network; tensors that are left out beside the counters. */
const networks: Readonly<Record<string, readonly [ref: string, leftOut?: RegExp]>> = {
  'timm/vgg11': ['vgg-a'],
  'timm/vgg16': ['vgg-d'],
  'timm/vgg19_bn': ['vgg-e-bn'],
  'timm/resnet18': ['resnet-18'],
  'timm/resnet50': ['resnet-50'],
  'timm/resnext50_32x4d': ['resnext-50-32x4d'],
  'timm/resnext101_64x4d': ['resnext-101-64x4d'],
  'timm/wide_resnet50_2': ['wide-resnet-50-2'],
  'timm/wide_resnet101_2': ['wide-bottleneck-resnet?depth=101'],
  'timm/densenet121': ['densenet-121'],
  'timm/densenet161': ['densenet-161'],
  'timm/inception_v3': ['inception-v3'],
  'timm/inception_v4': ['inception-v4'],
  'timm/mobilenetv1_100': ['mobilenet-v1?activation=relu6'],
  'timm/mobilenetv2_100': ['mobilenet-v2'],
  'timm/resnetv2_50': ['preact-resnet-50'],
  'torchvision/wide_resnet101_2': ['wide-bottleneck-resnet?depth=101'],
  'torchvision/resnext101_64x4d': ['resnext-101-64x4d'],
  'torchvision/densenet161': ['densenet-161'],
  'torchvision/googlenet': ['googlenet-torchvision', /^aux[12]\./],
  'torchvision/inception_v3': ['inception-v3', /^AuxLogits\./],
  'torchvision-lua/densenet121': ['densenet-121'],
};

it('every stored state dict is used', () => {
  expect(Object.keys(states).sort()).toEqual(Object.keys(networks).sort());
});

describe.each(Object.entries(networks))('%s', (name, [ref, leftOut = /^$/]) => {
  const network = buildNetwork(ref);
  const source = name.split('/')[0]!;
  const tensors = stateDict(name);

  it(`is ${ref}, and every tensor of it is used or told`, () => {
    const match = matchCheckpoint(network, source, { tensors });
    if (!isMatch(match)) throw new Error(JSON.stringify(match).slice(0, 2000));
    const used = new Set([...match.recipes.values()].flatMap(({ from }) => tensorsOf(from)));
    expect(used.size + match.ignored.length).toBe(tensors.size);
    const counters = match.ignored.filter((each) => !leftOut.test(each));
    expect(counters.filter((each) => !each.endsWith('.num_batches_tracked'))).toEqual([]);
    expect(match.ignored.some((each) => leftOut.test(each))).toBe(leftOut.source !== '^$');
    expect(sourcesFor(network, { tensors })).toContain(source);
  });

  it('is refused when a tensor is missing, strange or of another shape', () => {
    const [first, second] = [...tensors.keys()] as [string, string];
    const changed = new Map(tensors).set(second, { shape: [1, 2, 3] }).set('strange', { shape: [1] });
    changed.delete(first);
    const differences = matchCheckpoint(network, source, { tensors: changed });
    if (isMatch(differences)) throw new Error('it matched');
    expect(differences.missing).toEqual([first]);
    expect(differences.unexpected).toEqual(['strange']);
    expect(differences.misshaped.join()).toContain(`${second} is [1, 2, 3], needs [`);
  });
});

it('weights of the auxiliary classifier are used where the network has it', () => {
  const match = matchCheckpoint(buildNetwork('inception-v3?aux=true'), 'torchvision', {
    tensors: stateDict('torchvision/inception_v3'),
  });
  if (!isMatch(match)) throw new Error(JSON.stringify(match));
  expect(match.ignored.filter((each) => !each.endsWith('.num_batches_tracked'))).toEqual([]);
});

it.each([
  ['resnet-50-paper', 'torchvision', 'stride in the 1x1'],
  ['mobilenet-v1-100', 'timm', 'ReLU without a cap'],
  ['preact-resnet-200', 'timm', 'normalisation before the pooling'],
])('%s has no names of %s: it computes otherwise (%s)', (ref, source) => {
  expect(Object.keys(buildNetwork(ref).names)).not.toContain(source);
});
