import { onnxZoo } from './catalogueOnnx.ts';
import type { Preprocessing } from './preprocessing.ts';
import type { PublishedWeights } from './published.ts';

/**
 * Published ImageNet weights of the zoo's networks: where they lie and what they were trained to see. The figures are those
 * of torchvision's weight enums, timm's configurations and results table and the ONNX zoo's manifest; the tests
 * compare them with tests/reference/weights.json. The addresses follow each publisher's documented pattern; whether a server
 * answers there today is not among the facts. Pages load this file when somebody asks for weights.
 */

const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const halves = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;

const seen = (
  size: number,
  resize: number,
  filter: Preprocessing['filter'],
  { mean, std }: Pick<Preprocessing, 'mean' | 'std'>,
): Preprocessing => ({
  input: [size, size, 3],
  colour: 'rgb',
  fit: 'shorter-side',
  resize,
  filter,
  mean,
  std,
});

type TorchvisionRow = readonly [
  title: string,
  network: string,
  file: string,
  /** float32 values in the file. */
  values: number,
  resize: number,
  top1: number,
  top5: number,
];

/** torchvision 0.14.1, `*_Weights`. The eight digits in a file's name begin its SHA-256. */
// prettier-ignore
const torchvisionRows: readonly TorchvisionRow[] = [
  ['AlexNet V1', 'alexnet-one-tower', 'alexnet-owt-7be5be79.pth', 61_100_840, 256, 56.522, 79.066],
  ['VGG11 V1', 'vgg-a', 'vgg11-8a719046.pth', 132_863_336, 256, 69.02, 88.628],
  ['VGG11_BN V1', 'vgg-a-bn', 'vgg11_bn-6002323d.pth', 132_874_344, 256, 70.37, 89.81],
  ['VGG13 V1', 'vgg-b', 'vgg13-19584684.pth', 133_047_848, 256, 69.928, 89.246],
  ['VGG13_BN V1', 'vgg-b-bn', 'vgg13_bn-abd245e5.pth', 133_059_624, 256, 71.586, 90.374],
  ['VGG16 V1', 'vgg-d', 'vgg16-397923af.pth', 138_357_544, 256, 71.592, 90.382],
  ['VGG16_BN V1', 'vgg-d-bn', 'vgg16_bn-6c64b313.pth', 138_374_440, 256, 73.36, 91.516],
  ['VGG19 V1', 'vgg-e', 'vgg19-dcbb9e9d.pth', 143_667_240, 256, 72.376, 90.876],
  ['VGG19_BN V1', 'vgg-e-bn', 'vgg19_bn-c79401a0.pth', 143_689_256, 256, 74.218, 91.842],
  ['GoogLeNet V1', 'googlenet-torchvision', 'googlenet-1378be20.pth', 13_019_960, 256, 69.778, 89.53],
  ['ResNet18 V1', 'resnet-18', 'resnet18-f37072fd.pth', 11_699_112, 256, 69.758, 89.078],
  ['ResNet34 V1', 'resnet-34', 'resnet34-b627a593.pth', 21_814_696, 256, 73.314, 91.42],
  ['ResNet50 V1', 'resnet-50', 'resnet50-0676ba61.pth', 25_610_152, 256, 76.13, 92.862],
  ['ResNet50 V2', 'resnet-50', 'resnet50-11ad3fa6.pth', 25_610_152, 232, 80.858, 95.434],
  ['ResNet101 V1', 'resnet-101', 'resnet101-63fe2227.pth', 44_654_504, 256, 77.374, 93.546],
  ['ResNet101 V2', 'resnet-101', 'resnet101-cd907fc2.pth', 44_654_504, 232, 81.886, 95.78],
  ['ResNet152 V1', 'resnet-152', 'resnet152-394f9c45.pth', 60_344_232, 256, 78.312, 94.046],
  ['ResNet152 V2', 'resnet-152', 'resnet152-f82ba261.pth', 60_344_232, 232, 82.284, 96.002],
  ['ResNeXt50_32X4D V1', 'resnext-50-32x4d', 'resnext50_32x4d-7cdf4587.pth', 25_097_128, 256, 77.618, 93.698],
  ['ResNeXt50_32X4D V2', 'resnext-50-32x4d', 'resnext50_32x4d-1a0047aa.pth', 25_097_128, 232, 81.198, 95.34],
  ['ResNeXt101_32X8D V1', 'resnext-101-32x8d', 'resnext101_32x8d-8ba56ff5.pth', 88_994_216, 256, 79.312, 94.526],
  ['ResNeXt101_32X8D V2', 'resnext-101-32x8d', 'resnext101_32x8d-110c445d.pth', 88_994_216, 232, 82.834, 96.228],
  ['ResNeXt101_64X4D V1', 'resnext-101-64x4d', 'resnext101_64x4d-173b62eb.pth', 83_658_152, 232, 83.246, 96.454],
  ['Wide_ResNet50_2 V1', 'wide-resnet-50-2', 'wide_resnet50_2-95faca4d.pth', 68_951_464, 256, 78.468, 94.086],
  ['Wide_ResNet50_2 V2', 'wide-resnet-50-2', 'wide_resnet50_2-9ba9bcbe.pth', 68_951_464, 232, 81.602, 95.758],
  ['Wide_ResNet101_2 V1', 'wide-bottleneck-resnet?depth=101', 'wide_resnet101_2-32ee1156.pth', 127_024_552, 256, 78.848, 94.284],
  ['Wide_ResNet101_2 V2', 'wide-bottleneck-resnet?depth=101', 'wide_resnet101_2-d733dc28.pth', 127_024_552, 232, 82.51, 96.02],
  ['DenseNet121 V1', 'densenet-121', 'densenet121-a639ec97.pth', 8_062_504, 256, 74.434, 91.972],
  ['DenseNet161 V1', 'densenet-161', 'densenet161-8d451a50.pth', 28_900_936, 256, 77.138, 93.56],
  ['DenseNet169 V1', 'densenet-169', 'densenet169-b2777c0a.pth', 14_307_880, 256, 75.6, 92.806],
  ['DenseNet201 V1', 'densenet-201', 'densenet201-c1103571.pth', 20_242_984, 256, 76.896, 93.37],
  ['Inception_V3 V1', 'inception-v3', 'inception_v3_google-0cc3c7bd.pth', 27_197_488, 342, 77.294, 93.45],
  ['MobileNet_V2 V1', 'mobilenet-v2', 'mobilenet_v2-b0353104.pth', 3_538_984, 256, 71.878, 90.286],
  ['MobileNet_V2 V2', 'mobilenet-v2', 'mobilenet_v2-7ebf99e0.pth', 3_538_984, 232, 72.154, 90.822],
  ['SqueezeNet1_0 V1', 'squeezenet-1-0', 'squeezenet1_0-b66bff10.pth', 1_248_424, 256, 58.092, 80.42],
  ['SqueezeNet1_1 V1', 'squeezenet-1-1', 'squeezenet1_1-b8a52dc0.pth', 1_235_496, 256, 58.178, 80.624],
];

/** GoogLeNet and Inception v3 are told `transform_input`: a picture normalised for ImageNet becomes one for 0.5 and 0.5. */
const transformed = new Set(['googlenet-torchvision', 'inception-v3']);

function ofTorchvision([title, network, file, values, resize, top1, top5]: TorchvisionRow): PublishedWeights {
  const size = network === 'inception-v3' ? 299 : 224;
  return {
    id: `torchvision/${title.toLowerCase().replace(' ', '-')}`,
    network,
    publisher: 'torchvision',
    title,
    url: `https://download.pytorch.org/models/${file}`,
    page: 'https://pytorch.org/vision/stable/models.html',
    file,
    format: 'pytorch',
    bytes: 4 * values,
    bytesAre: 'computed',
    sha256: /-([0-9a-f]{8})\.pth$/.exec(file)?.[1] ?? null,
    source: network.startsWith('densenet') ? 'torchvision-lua' : 'torchvision',
    dataset: 'ImageNet',
    preprocessing: seen(size, resize, 'bilinear', transformed.has(network) ? halves : imagenet),
    accuracy: { top1, top5, source: 'torchvision' },
    licence: 'BSD-3-Clause (code); weights: terms of the training data may apply',
    ...(network === 'googlenet-torchvision' && { note: untrainedHeads }),
  };
}

const untrainedHeads = {
  en: 'The file also holds the two auxiliary classifiers; they were not trained and are left out.',
  ko: '파일에는 보조 분류기 두 개도 들어 있으나 학습되지 않은 것이어서 쓰지 않는다.',
} as const;

type TimmRow = readonly [
  name: string,
  network: string,
  values: number,
  size: number,
  crop: number,
  filter: Preprocessing['filter'],
  normalisation: 'IN' | 'INC',
  top1: number,
  top5: number,
  licence: string,
];

/** timm's repositories on the Hub; the accuracies are timm's own on all 50,000 validation pictures. */
// prettier-ignore
const timmRows: readonly TimmRow[] = [
  ['vgg11.tv_in1k', 'vgg-a', 132_863_336, 224, 0.875, 'bilinear', 'IN', 69.05, 88.63, 'bsd-3-clause'],
  ['vgg13.tv_in1k', 'vgg-b', 133_047_848, 224, 0.875, 'bilinear', 'IN', 69.95, 89.262, 'bsd-3-clause'],
  ['vgg16.tv_in1k', 'vgg-d', 138_357_544, 224, 0.875, 'bilinear', 'IN', 71.594, 90.398, 'bsd-3-clause'],
  ['vgg19.tv_in1k', 'vgg-e', 143_667_240, 224, 0.875, 'bilinear', 'IN', 72.4, 90.878, 'bsd-3-clause'],
  ['vgg11_bn.tv_in1k', 'vgg-a-bn', 132_874_344, 224, 0.875, 'bilinear', 'IN', 70.374, 89.802, 'bsd-3-clause'],
  ['vgg13_bn.tv_in1k', 'vgg-b-bn', 133_059_624, 224, 0.875, 'bilinear', 'IN', 71.56, 90.372, 'bsd-3-clause'],
  ['vgg16_bn.tv_in1k', 'vgg-d-bn', 138_374_440, 224, 0.875, 'bilinear', 'IN', 73.354, 91.49, 'bsd-3-clause'],
  ['vgg19_bn.tv_in1k', 'vgg-e-bn', 143_689_256, 224, 0.875, 'bilinear', 'IN', 74.23, 91.848, 'bsd-3-clause'],
  ['resnet18.tv_in1k', 'resnet-18', 11_699_112, 224, 0.875, 'bilinear', 'IN', 69.752, 89.082, 'bsd-3-clause'],
  ['resnet34.tv_in1k', 'resnet-34', 21_814_696, 224, 0.875, 'bilinear', 'IN', 73.298, 91.422, 'bsd-3-clause'],
  ['resnet50.tv_in1k', 'resnet-50', 25_610_152, 224, 0.875, 'bilinear', 'IN', 76.156, 92.866, 'bsd-3-clause'],
  ['resnet101.tv_in1k', 'resnet-101', 44_654_504, 224, 0.875, 'bilinear', 'IN', 77.404, 93.552, 'bsd-3-clause'],
  ['resnet152.tv_in1k', 'resnet-152', 60_344_232, 224, 0.875, 'bilinear', 'IN', 78.33, 94.046, 'bsd-3-clause'],
  ['resnet50.tv2_in1k', 'resnet-50', 25_610_152, 224, 0.965, 'bilinear', 'IN', 80.846, 95.43, 'bsd-3-clause'],
  ['resnet18.a1_in1k', 'resnet-18', 11_699_112, 224, 0.95, 'bicubic', 'IN', 71.504, 90.086, 'apache-2.0'],
  ['resnet18.a1_in1k', 'resnet?resolution=288', 11_699_112, 288, 1, 'bicubic', 'IN', 73.164, 91.054, 'apache-2.0'],
  ['resnet34.a1_in1k', 'resnet-34', 21_814_696, 224, 0.95, 'bicubic', 'IN', 76.42, 92.896, 'apache-2.0'],
  ['resnet34.a1_in1k', 'resnet?depth=34&resolution=288', 21_814_696, 288, 1, 'bicubic', 'IN', 77.93, 93.758, 'apache-2.0'],
  ['resnet50.a1_in1k', 'resnet-50', 25_610_152, 224, 0.95, 'bicubic', 'IN', 80.382, 94.598, 'apache-2.0'],
  ['resnet50.a1_in1k', 'resnet?depth=50&resolution=288', 25_610_152, 288, 1, 'bicubic', 'IN', 81.24, 95.112, 'apache-2.0'],
  ['resnet50.gluon_in1k', 'resnet-50', 25_610_152, 224, 0.875, 'bicubic', 'IN', 77.58, 93.704, 'apache-2.0'],
  ['resnext50_32x4d.tv_in1k', 'resnext-50-32x4d', 25_097_128, 224, 0.875, 'bilinear', 'IN', 77.632, 93.674, 'bsd-3-clause'],
  ['resnext101_32x8d.tv_in1k', 'resnext-101-32x8d', 88_994_216, 224, 0.875, 'bilinear', 'IN', 79.308, 94.53, 'bsd-3-clause'],
  ['resnext101_64x4d.tv_in1k', 'resnext-101-64x4d', 83_658_152, 224, 0.875, 'bilinear', 'IN', 82.978, 96.252, 'bsd-3-clause'],
  ['wide_resnet50_2.tv_in1k', 'wide-resnet-50-2', 68_951_464, 224, 0.875, 'bilinear', 'IN', 78.486, 94.084, 'bsd-3-clause'],
  ['wide_resnet101_2.tv_in1k', 'wide-bottleneck-resnet?depth=101', 127_024_552, 224, 0.875, 'bilinear', 'IN', 78.862, 94.312, 'bsd-3-clause'],
  ['densenet121.tv_in1k', 'densenet-121', 8_062_504, 224, 0.875, 'bicubic', 'IN', 74.75, 92.158, 'apache-2.0'],
  ['densenet161.tv_in1k', 'densenet-161', 28_900_936, 224, 0.875, 'bicubic', 'IN', 77.384, 93.656, 'apache-2.0'],
  ['densenet169.tv_in1k', 'densenet-169', 14_307_880, 224, 0.875, 'bicubic', 'IN', 75.922, 92.976, 'apache-2.0'],
  ['densenet201.tv_in1k', 'densenet-201', 20_242_984, 224, 0.875, 'bicubic', 'IN', 77.284, 93.48, 'apache-2.0'],
  ['densenet121.ra_in1k', 'densenet-121', 8_062_504, 224, 0.875, 'bicubic', 'IN', 75.574, 92.648, 'apache-2.0'],
  ['densenet121.ra_in1k', 'densenet?resolution=288', 8_062_504, 288, 0.95, 'bicubic', 'IN', 76.486, 93.378, 'apache-2.0'],
  ['inception_v3.tv_in1k', 'inception-v3', 27_197_488, 299, 0.875, 'bicubic', 'INC', 77.472, 93.468, 'apache-2.0'],
  ['inception_v3.tf_in1k', 'inception-v3', 23_869_000, 299, 0.875, 'bicubic', 'INC', 77.866, 93.644, 'apache-2.0'],
  ['inception_v3.gluon_in1k', 'inception-v3', 23_869_000, 299, 0.875, 'bicubic', 'IN', 78.806, 94.372, 'apache-2.0'],
  ['inception_v4.tf_in1k', 'inception-v4', 42_742_984, 299, 0.875, 'bicubic', 'INC', 80.144, 94.982, 'apache-2.0'],
  ['mobilenetv1_100.ra4_e3600_r224_in1k', 'mobilenet-v1?activation=relu6', 4_253_864, 224, 0.875, 'bicubic', 'INC', 75.388, 92.31, 'apache-2.0'],
  ['mobilenetv1_100.ra4_e3600_r224_in1k', 'mobilenet-v1?resolution=256&activation=relu6', 4_253_864, 256, 0.95, 'bicubic', 'INC', 76.088, 93.006, 'apache-2.0'],
  ['mobilenetv2_100.ra_in1k', 'mobilenet-v2', 3_538_984, 224, 0.875, 'bicubic', 'IN', 72.91, 91, 'apache-2.0'],
  ['resnetv2_50.a1h_in1k', 'preact-resnet-50', 25_594_792, 224, 0.95, 'bicubic', 'INC', 80.41, 95.082, 'apache-2.0'],
  ['resnetv2_50.a1h_in1k', 'preact-resnet?stemNorm=false&resolution=288', 25_594_792, 288, 1, 'bicubic', 'INC', 81.406, 95.712, 'apache-2.0'],
];

/** Whole SHA-256 where the Hub's page was read. */
const knownHashes: Readonly<Record<string, string>> = {
  'inception_v4.tf_in1k': 'a756a086851c8d5a8de135ec15c76b90ea56cb5aef450e3299107e659e725bb1',
};

/** The resolution of a row whose weights have another row at a smaller one. */
const larger = ([name, , , size]: TimmRow): boolean =>
  timmRows.some((other) => other[0] === name && other[3] < size);

function ofTimm(row: TimmRow): PublishedWeights {
  const [name, network, values, size, crop, filter, normalisation, top1, top5, licence] = row;
  const suffix = larger(row) ? ` at ${size}` : '';
  return {
    id: `timm/${name}${suffix.replaceAll(' ', '-')}`,
    network,
    publisher: 'timm',
    title: `${name}${suffix}`,
    url: `https://huggingface.co/timm/${name}/resolve/main/model.safetensors`,
    page: `https://huggingface.co/timm/${name}`,
    file: 'model.safetensors',
    format: 'safetensors',
    bytes: 4 * values,
    bytesAre: 'computed',
    sha256: knownHashes[name] ?? null,
    source: 'timm',
    dataset: 'ImageNet',
    preprocessing: seen(size, Math.floor(size / crop), filter, normalisation === 'IN' ? imagenet : halves),
    accuracy: { top1, top5, source: 'timm' },
    licence,
  };
}

/** By publisher, in the order of the tables. */
export const catalogue: readonly PublishedWeights[] = [
  ...torchvisionRows.map(ofTorchvision),
  ...timmRows.map(ofTimm),
  ...onnxZoo,
];
