import { describe, expect, it } from 'vitest';
import type { CheckpointDifferences, CheckpointMatch } from '../../src/models/checkpoint.ts';
import { matchCheckpoint } from '../../src/models/checkpointMatch.ts';
import type { ParameterRecipe } from '../../src/models/checkpoint.ts';
import { nodeParameters } from '../../src/models/parameters.ts';
import { buildNetwork, members } from '../../src/models/zoo/index.ts';
import { onnxGraph, onnxNames } from './onnx.ts';

type File = ReturnType<typeof onnxGraph>;

/** The listed networks that each graph is: an export with folded normalisations is the plain VGG as well. */
const networks: Readonly<Record<string, readonly string[]>> = {
  light_densenet121: ['densenet-121'],
  light_inception_v1: ['googlenet'],
  light_resnet50: ['resnet-50'],
  light_squeezenet: ['squeezenet-1-1'],
  light_vgg19: ['vgg-e', 'vgg-e-bn'],
  light_zfnet512: ['zfnet-512-onnx'],
  'resnet18-folded': ['resnet-18'],
  'resnet18-unfolded': ['resnet-18'],
  'resnet18-dynamo': ['resnet-18'],
  'googlenet-folded': ['googlenet-torchvision'],
  'googlenet-unfolded': ['googlenet-torchvision'],
  'mobilenet_v2-folded': ['mobilenet-v2'],
  'mobilenet_v2-unfolded': ['mobilenet-v2'],
  'mobilenet_v2-dynamo': ['mobilenet-v2'],
  'vgg11_bn-folded': ['vgg-a', 'vgg-a-bn'],
  'vgg11_bn-unfolded': ['vgg-a-bn'],
  'alexnet-dynamo': ['alexnet-one-tower'],
  'squeezenet1_1-folded': ['squeezenet-1-1'],
  'densenet121-folded': ['densenet-121'],
  'inception_v3-folded': ['inception-v3'],
  'timm-inception_v4-folded': ['inception-v4'],
  'timm-resnetv2_50-folded': ['preact-resnet-50'],
  'timm-vgg11-folded': ['vgg-a', 'vgg-a-bn'],
  'gluon-resnet50_v1': ['resnet-50-paper'],
  // No listed member.
  'gluon-resnet18_v2': [],
  'gluon-resnet50_v2': [],
  light_shufflenet: [],
};

const match = (ref: string, file: File): CheckpointMatch | CheckpointDifferences =>
  matchCheckpoint(buildNetwork(ref), 'onnx', file);

function matched(ref: string, file: File): CheckpointMatch {
  const result = match(ref, file);
  if (!('recipes' in result)) throw new Error(JSON.stringify(result));
  return result;
}

function differences(ref: string, file: File): CheckpointDifferences {
  const result = match(ref, file);
  if ('recipes' in result) throw new Error(`${ref} matched`);
  return result;
}

const tensorOf = (recipe: ParameterRecipe | undefined): unknown => {
  const from = recipe!.from;
  return 'tensor' in from ? from.tensor : from.sum;
};

describe.each(Object.entries(networks))('%s', (name, fitting) => {
  const file = onnxGraph(name);
  const fits = members.filter(({ id }) => 'recipes' in match(id, file)).map(({ id }) => id);

  it(`is ${fitting.join(' and ') || 'no listed network'}`, () => expect(fits).toEqual(fitting));

  it.each(fitting)('gives %s every parameter', (ref) => {
    const { graph } = buildNetwork(ref);
    const wanted = graph.nodes.flatMap((node) =>
      nodeParameters(graph, node).map((parameter) => [`${node.id}/${parameter.name}`, parameter.shape]),
    );
    const { recipes } = matched(ref, file);
    expect([...recipes].map(([key, { shape }]) => [key, shape])).toEqual(wanted);
  });
});

it('no stored graph is left out', () => {
  const others = ['light_bvlc_alexnet', 'timm-mobilenetv1_100-folded'];
  expect(onnxNames.filter((name) => !(name in networks) && !others.includes(name))).toEqual([]);
});

describe('weights go where they belong', () => {
  it('by the graph, not by names: GoogLeNet of the ONNX zoo', () => {
    const { recipes, differs } = matched('googlenet', onnxGraph('light_inception_v1'));
    expect(tensorOf(recipes.get('inception_4c/3x3_reduce/weight'))).toBe('inception_4c/3x3_reduce_w_0');
    expect(tensorOf(recipes.get('inception_5a/pool_proj/bias'))).toBe('inception_5a/pool_proj_b_0');
    expect(recipes.get('classifier/weight')!.from).toEqual({
      tensor: 'loss3/classifier_w_0',
      layout: 'reshaped',
    });
    // The conversion lost Caffe's ceil mode.
    expect(differs).toContain('pool1 gives 56x56, MaxPool r2 would give 55x55');
  });

  it("Caffe's normalisation and scale are one: DenseNet-121", () => {
    const { recipes } = matched('densenet-121', onnxGraph('light_densenet121'));
    const parts = (name: string) => tensorOf(recipes.get(`dense2/3/bn1/${name}`));
    expect(parts('weight')).toEqual([{ factor: 1, of: ['conv3_3/x1/bn_scale_0', 'conv3_3/x1/bn_w_0'] }]);
    expect(parts('bias')).toEqual([
      { factor: 1, of: ['conv3_3/x1/bn_bias_0', 'conv3_3/x1/bn_w_0'] },
      { factor: 1, of: ['conv3_3/x1/bn_b_0'] },
    ]);
    expect(parts('running_var')).toBe('conv3_3/x1/bn_var_0');
    expect(recipes.get('fc/weight')!.from).toEqual({ tensor: 'fc6_w_0', layout: 'reshaped' });
  });

  it('a shortcut of the same shape as the branch is told apart: ResNet-50 of Caffe2', () => {
    const { recipes } = matched('resnet-50', onnxGraph('light_resnet50'));
    expect(tensorOf(recipes.get('conv2_x/1/conv3/weight'))).toBe('gpu_0/res2_0_branch2c_w_0');
    expect(tensorOf(recipes.get('conv2_x/1/shortcut_conv/weight'))).toBe('gpu_0/res2_0_branch1_w_0');
  });

  it('also where the file adds the shortcut first, or runs it first', () => {
    const { layers, tensors } = onnxGraph('light_resnet50');
    const swapped = layers.map((layer) =>
      layer.type === 'Sum' ? { ...layer, inputs: layer.inputs.toReversed() } : layer,
    );
    const isShortcut = (layer: (typeof layers)[number]) =>
      layer.inputs.some((name) => name.includes('res2_0_branch1'));
    const shortcut = swapped.filter(isShortcut);
    const others = swapped.filter((layer) => !isShortcut(layer));
    const at = others.findIndex(({ inputs }) => inputs.some((name) => name.includes('res2_0_branch2a')));
    const { recipes } = matched('resnet-50', { tensors, layers: others.toSpliced(at, 0, ...shortcut) });
    expect(recipes).toEqual(matched('resnet-50', onnxGraph('light_resnet50')).recipes);
  });

  it("branches of equal layers are told apart by what follows and by their place: Inception v3's", () => {
    const { recipes } = matched('inception-v3', onnxGraph('inception_v3-folded'));
    const biases = ['branch1x1', 'branch3x3dbl_1', 'branch_pool'].map((branch) =>
      JSON.stringify(tensorOf(recipes.get(`mixed_5c/${branch}_bn/bias`))),
    );
    expect(new Set(biases).size).toBe(3);
  });

  it('a folded normalisation is left as it is, with the bias: ResNet-18', () => {
    const { recipes } = matched('resnet-18', onnxGraph('resnet18-folded'));
    const folded = (name: string) => recipes.get(`bn1/${name}`)!.from;
    expect(folded('weight')).toEqual({ sum: [{ factor: 1, of: [] }] });
    expect(folded('running_mean')).toEqual({ sum: [] });
    expect(folded('running_var')).toEqual({ sum: [{ factor: 1 - 1e-5, of: [] }] });
    expect(folded('bias')).toMatchObject({ layout: 'same' });
  });

  it("a bias before a normalisation moves its mean: MXNet's ResNet-50", () => {
    const { recipes } = matched('resnet-50-paper', onnxGraph('gluon-resnet50_v1'));
    const { sum } = recipes.get('conv2_x/1/bn1/running_mean')!.from as { sum: readonly { factor: number; of: readonly string[] }[] }; // prettier-ignore
    expect(sum.map(({ factor }) => factor)).toEqual([1, -1]);
    expect(sum.map(({ of }) => of[0]!.split('.').at(-1))).toEqual(['running_mean', 'bias']);
    // Its 3x3 convolutions have none.
    expect(recipes.get('conv2_x/1/bn2/running_mean')!.from).toMatchObject({ layout: 'reshaped' });
  });

  it('an epsilon of another size is made up for by the variance', () => {
    const { tensors, layers } = onnxGraph('light_resnet50');
    const other = layers.map((layer) =>
      layer.type === 'BatchNormalization' ? { ...layer, attributes: { epsilon: 1e-3 } } : layer,
    );
    const { sum } = matched('resnet-50', { tensors, layers: other }).recipes.get('bn1/running_var')!.from as {
      sum: readonly { factor: number; of: readonly string[] }[];
    };
    expect(sum[0]).toEqual({ factor: 1, of: ['gpu_0/res_conv1_bn_riv_0'] });
    expect(sum[1]!.factor).toBeCloseTo(9.9e-4, 9);
  });
});

describe('a file is refused', () => {
  const squeezenet = onnxGraph('light_squeezenet');
  const changed = (change: (layer: File['layers'][number]) => File['layers'][number]): File => ({
    ...squeezenet,
    layers: squeezenet.layers.map(change),
  });

  it.each([
    ['stride', { strides: [1, 1] }, 'conv1 has stride 2x2, Conv r0 has 1x1'],
    ['padding', { strides: [2, 2], pads: [1, 1, 1, 1] }, 'conv1 has padding 0x0x0x0, Conv r0 has 1x1x1x1'],
    ['groups', { strides: [2, 2], group: 3 }, 'conv1 has groups 1, Conv r0 has 3'],
  ])('for another %s', (_, attributes, sentence) => {
    const file = changed((layer) => (layer.outputs[0] === 'r0' ? { ...layer, attributes } : layer));
    expect(differences('squeezenet-1-1', file).misshaped).toEqual([sentence]);
  });

  it('for another operation in the place of one', () => {
    const file = changed((layer) => (layer.outputs[0] === 'r2' ? { ...layer, type: 'AveragePool' } : layer));
    expect(differences('squeezenet-1-1', file).misshaped).toEqual([
      'pool1 is maxPool, the file has AveragePool r2 there',
    ]);
  });

  it('for branches joined in another order', () => {
    const file = changed((layer) =>
      layer.type === 'Concat' && layer.outputs[0] === 'r9'
        ? { ...layer, inputs: layer.inputs.toReversed() }
        : layer,
    );
    const { misshaped } = differences('squeezenet-1-1', file);
    expect(misshaped).toHaveLength(1);
    expect(misshaped[0]).toMatch(/^fire2\/expand[13]x[13] has /);
  });

  it('for a tensor that is computed with and not understood', () => {
    const { tensors, layers } = squeezenet;
    const last = layers.at(-1)!;
    const scaled = [
      ...layers.slice(0, -1),
      { type: 'Mul', inputs: [last.inputs[0]!, 'odd'], outputs: ['scaled'], attributes: {} },
      { ...last, inputs: ['scaled'] },
    ];
    const file = { tensors: new Map(tensors).set('odd', { shape: [1] }), layers: scaled };
    expect(differences('squeezenet-1-1', file).misshaped).toEqual([
      'pool10 is globalAvgPool, the file has Mul scaled there',
    ]);
  });

  it('with every layer that is missing or too much, where it is another network', () => {
    const { missing, unexpected, misshaped } = differences('squeezenet-1-0', squeezenet);
    expect([missing, unexpected, misshaped]).toEqual([
      ['conv1/weight [96, 3, 7, 7]', 'fire2/squeeze/weight [16, 96, 1, 1]'],
      ['conv1_w_0 [64, 3, 3, 3]', 'fire2/squeeze1x1_w_0 [16, 64, 1, 1]'],
      [],
    ]);
  });

  it('where the sum of equal branches does not say which is which', () => {
    const { graph } = buildNetwork('resnext?form=summed');
    const name = (id: string) => graph.nodes.findIndex((node) => node.id === id);
    const types = { conv: 'Conv', batchNorm: 'BatchNormalization', relu: 'Relu', maxPool: 'MaxPool', add: 'Sum', globalAvgPool: 'GlobalAveragePool', dense: 'Gemm' } as Record<string, string>; // prettier-ignore
    const tensors = new Map<string, { shape: readonly number[] }>();
    const layers = graph.nodes.slice(1, -1).map((node) => {
      const { op } = node;
      const held = nodeParameters(graph, node).map((parameter) => {
        tensors.set(`${node.id}/${parameter.name}`, { shape: parameter.shape });
        return `${node.id}/${parameter.name}`;
      });
      const attributes: Record<string, number | readonly number[]> = { transB: 1 };
      if (op.kind === 'conv' || op.kind === 'maxPool') {
        const [top, bottom, left, right] = op.pad;
        Object.assign(attributes, { strides: op.stride, kernel_shape: op.kernel, pads: [top, left, bottom, right] }); // prettier-ignore
      }
      const inputs = [...node.inputs.map((id) => `v${name(id)}`), ...held];
      return { type: types[op.kind]!, inputs, outputs: [`v${name(node.id)}`], attributes };
    });
    expect(differences('resnext?form=summed', { tensors, layers }).misshaped[0]).toMatch(
      /adds branches of equal layers: which of them is which in Sum v\d+ is ambiguous$/,
    );
  });

  it('at once where concatenations double it without end', () => {
    const { tensors, layers } = squeezenet;
    const doubled = Array.from({ length: 200 }, (_, i) => {
      const from = i === 0 ? layers.at(-1)!.inputs[0]! : `d${i - 1}`;
      return { type: 'Concat', inputs: [from, from], outputs: [`d${i}`], attributes: { axis: 1 } };
    });
    const file = { tensors, layers: [...layers.slice(0, -1), ...doubled] };
    expect(differences('squeezenet-1-1', file).misshaped).toEqual([
      'pool10 is globalAvgPool, the file has Concat d199 there',
    ]);
  });

  it('at once where it has far more operations than the network', () => {
    const { tensors, layers } = squeezenet;
    const more = Array.from({ length: 5000 }, (_, i) => {
      const from = i === 0 ? layers.at(-1)!.inputs[0]! : `d${i - 1}`;
      return { type: 'Concat', inputs: [from, from], outputs: [`d${i}`], attributes: { axis: 1 } };
    });
    expect(differences('squeezenet-1-1', { tensors, layers: [...layers, ...more] }).misshaped).toEqual([
      expect.stringMatching(/^the file has 5\d\d\d operations, over \d+$/),
    ]);
  });

  it('without any operation', () => {
    expect(differences('squeezenet-1-1', { ...squeezenet, layers: [] }).misshaped).toEqual([
      'no operation of the file reads a picture',
    ]);
  });
});

it("BVLC's AlexNet is told from the paper's by its normalisation", () => {
  const file = onnxGraph('light_bvlc_alexnet');
  expect(differences('alexnet-2012', file).misshaped).toEqual([
    expect.stringMatching(/^norm2 normalises with alpha 0.0001, LRN r6 with 0.00002$/),
  ]);
  expect(matched('alexnet?form=bvlc', file).differs).toEqual([]);
});

it("timm's MobileNet v1 is told from the paper's by the cap of its activations", () => {
  const file = onnxGraph('timm-mobilenetv1_100-folded');
  expect(differences('mobilenet-v1-100', file).misshaped[0]).toMatch(
    /_relu is not capped, Clip v\d+ does otherwise$/,
  );
  expect(matched('mobilenet-v1?activation=relu6', file).ignored.length).toBeGreaterThan(0);
});

it("MXNet's v2 networks have a normalisation of the picture, which only that form takes", () => {
  for (const [name, ref] of [
    ['gluon-resnet18_v2', 'preact-resnet?depth=18&inputNorm=true'],
    ['gluon-resnet50_v2', 'preact-resnet?inputNorm=true'],
  ] as const) {
    expect(matched(ref, onnxGraph(name)).ignored).toEqual([]);
    const without = ref.replace('inputNorm=true', 'inputNorm=false');
    expect(differences(without, onnxGraph(name)).misshaped).toEqual([
      expect.stringMatching(/^input is input, the file has BatchNormalization /),
    ]);
  }
});
