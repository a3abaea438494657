import type { Text } from './network.ts';
import type { Preprocessing } from './preprocessing.ts';
import type { PublishedWeights } from './published.ts';

/**
 * The validated files of the ONNX model zoo whose networks the zoo can draw. Bytes and the beginning of the SHA-256 are those of
 * the zoo's own manifest. The zoo's store on GitHub is closed; its files moved to the Hub.
 */

type Seen = Omit<Preprocessing, 'input' | 'colour' | 'fit'>;

const usual: Seen = {
  resize: 256,
  filter: 'bilinear',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** Blue, green and red of 0..255, less a mean, times a scale. */
const caffe = (mean: readonly number[], scale = 1): Seen => ({
  resize: 256,
  filter: 'bilinear',
  order: 'bgr',
  mean: mean.map((value) => value / 255),
  std: mean.map(() => 1 / (255 * scale)),
});

const bvlc = caffe([104, 117, 123]);
const oxford = caffe([103.939, 116.779, 123.68]);
const shicai = caffe([103.94, 116.78, 123.68], 0.017);

/** What is believed and not read: the zoo's pages of the files that came from Caffe and Caffe2 give no recipe. */
const believed: Text = {
  en: "The zoo's page states no preprocessing. Blue first, 0 to 255, less the mean is how the Caffe original was trained; that the file wants it too is believed, not read. Its accuracy was reported as near zero when pictures are prepared otherwise.",
  ko: '저장소의 설명에는 전처리가 없다. 파랑부터 0~255에서 평균을 빼는 것은 Caffe 원본의 학습 방식이며, 이 파일도 그렇다는 것은 추정이다. 다르게 전처리하면 정확도가 0에 가깝다는 보고가 있다.',
};

const pooling: Text = {
  en: `${believed.en} The conversion lost Caffe's ceil-mode pooling; here the network pools as it was trained.`,
  ko: `${believed.ko} 변환할 때 Caffe의 올림 풀링이 사라졌다. 여기서는 학습한 대로 풀링한다.`,
};

const densenetNote: Text = {
  en: "The zoo measured 60.96 %; the Caffe original with this preprocessing is reported as 74.4 %. That the zoo's file wants the same is believed, not read.",
  ko: '저장소의 측정값은 60.96 %이고, Caffe 원본은 이 전처리로 74.4 %라고 알려져 있다. 이 파일의 전처리도 같다는 것은 추정이다.',
};

type Row = readonly [
  path: string,
  title: string,
  network: string,
  bytes: number,
  sha256: string,
  accuracy: readonly [top1: number, top5: number | null] | null,
  licence: string,
  seen: Seen,
  note?: Text,
];

// prettier-ignore
const rows: readonly Row[] = [
  ['alexnet/model/bvlcalexnet-12.onnx', 'AlexNet (BVLC)', 'alexnet?form=bvlc', 243_863_787, '6b0da9510f27f234', [54.8, 78.23], 'BSD-3', bvlc, believed],
  ['caffenet/model/caffenet-12.onnx', 'CaffeNet', 'caffenet', 243_863_798, 'ea563e5c47d1f58e', [56.27, 79.52], 'BSD-3', bvlc, believed],
  ['zfnet-512/model/zfnet512-12.onnx', 'ZFNet-512', 'zfnet-512-onnx', 349_005_501, 'c975ca6a24c0a2e1', [55.97, 79.41], 'MIT', bvlc, believed],
  ['inception_and_googlenet/googlenet/model/googlenet-12.onnx', 'GoogLeNet (BVLC)', 'googlenet', 28_021_836, 'c99c507058eaf41d', [67.78, 88.34], 'BSD-3', bvlc, pooling],
  ['inception_and_googlenet/inception_v1/model/inception-v1-12.onnx', 'Inception v1', 'googlenet', 28_021_958, '814b31a6316873bd', [67.23, null], 'MIT', bvlc, pooling],
  ['vgg/model/vgg16-7.onnx', 'VGG16', 'vgg-d', 553_437_328, 'f20805a3ecccaa88', [72.62, 91.14], 'Apache-2.0', usual],
  ['vgg/model/vgg16-12.onnx', 'VGG16, opset 12', 'vgg-d', 553_437_752, '722c42f53ca03a54', [72.38, 91], 'Apache-2.0', usual],
  ['vgg/model/vgg16-bn-7.onnx', 'VGG16-BN', 'vgg-d-bn', 553_512_191, '4fdceabf1ef715c9', [72.71, 91.21], 'Apache-2.0', usual],
  ['vgg/model/vgg19-7.onnx', 'VGG19', 'vgg-e', 574_677_321, '692f9f927f1df1b8', [73.72, 91.58], 'Apache-2.0', usual],
  ['vgg/model/vgg19-bn-7.onnx', 'VGG19-BN', 'vgg-e-bn', 574_774_380, 'ce0987dfa6228ad2', [73.83, 91.79], 'Apache-2.0', usual],
  ['vgg/model/vgg19-caffe2-9.onnx', 'VGG19 (Caffe2)', 'vgg-e', 574_674_712, 'cfb97260b303ad39', null, 'Apache-2.0', oxford, believed],
  ['resnet/model/resnet18-v1-7.onnx', 'ResNet18 v1', 'resnet-18', 46_820_737, '4e8f8653e7a2222b', [69.93, 89.29], 'Apache-2.0', usual],
  ['resnet/model/resnet34-v1-7.onnx', 'ResNet34 v1', 'resnet-34', 87_302_588, '883a41b2e30ddc2e', [73.73, 91.4], 'Apache-2.0', usual],
  ['resnet/model/resnet50-v1-7.onnx', 'ResNet50 v1', 'resnet-50-paper', 102_583_340, 'af16a04a6ec48ac4', [74.93, 92.38], 'Apache-2.0', usual],
  ['resnet/model/resnet50-v1-12.onnx', 'ResNet50 v1, opset 12', 'resnet-50-paper', 102_576_593, '3f03fdef724b2294', [74.97, 92.33], 'Apache-2.0', usual],
  ['resnet/model/resnet101-v1-7.onnx', 'ResNet101 v1', 'resnet-101-paper', 178_914_043, '760702f6ec0138f7', [76.48, 93.2], 'Apache-2.0', usual],
  ['resnet/model/resnet152-v1-7.onnx', 'ResNet152 v1', 'resnet-152-paper', 241_816_206, 'b0ec92437bf8c9d0', [77.11, 93.61], 'Apache-2.0', usual],
  ['resnet/model/resnet18-v2-7.onnx', 'ResNet18 v2', 'preact-resnet?depth=18&inputNorm=true', 46_806_737, '3b4d048057854022', [69.7, 89.49], 'Apache-2.0', usual],
  ['resnet/model/resnet34-v2-7.onnx', 'ResNet34 v2', 'preact-resnet?depth=34&inputNorm=true', 87_288_587, '3d3815e25f4b1ea9', [73.36, 91.43], 'Apache-2.0', usual],
  ['resnet/model/resnet50-v2-7.onnx', 'ResNet50 v2', 'preact-resnet?inputNorm=true', 102_442_452, '79102261eb6e5fd7', [75.81, 92.82], 'Apache-2.0', usual],
  ['resnet/model/resnet101-v2-7.onnx', 'ResNet101 v2', 'preact-resnet?depth=101&inputNorm=true', 178_682_301, '3a0a819ea0953fb4', [77.42, 93.61], 'Apache-2.0', usual],
  ['resnet/model/resnet152-v2-7.onnx', 'ResNet152 v2', 'preact-resnet?depth=152&inputNorm=true', 241_503_848, '40fb3f6dd313ba78', [78.2, 94.21], 'Apache-2.0', usual],
  ['densenet-121/model/densenet-12.onnx', 'DenseNet-121', 'densenet-121', 32_726_877, '0294e7e88e5b3360', [60.96, null], 'MIT', shicai, densenetNote],
  ['squeezenet/model/squeezenet1.1-7.onnx', 'SqueezeNet 1.1', 'squeezenet-1-1', 4_956_208, '1eeff551a67ae8d5', [56.34, 79.12], 'Apache-2.0', usual],
  ['mobilenet/model/mobilenetv2-12.onnx', 'MobileNet v2', 'mobilenet-v2', 13_964_571, 'c0c3f76d93fa3fd6', [69.48, 89.26], 'Apache-2.0', usual],
];

function entry([path, title, network, bytes, sha256, accuracy, licence, look, note]: Row): PublishedWeights {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const folder = path.slice(0, path.indexOf('/model/'));
  // Caffe's AlexNets were trained on 227 pixels; the zoo's files take 224, with the same weights.
  const size = ['caffenet', 'alexnet?form=bvlc'].includes(network) ? 227 : 224;
  return {
    id: `onnx-zoo/${file.replace('.onnx', '')}`,
    network,
    publisher: 'onnx-zoo',
    title,
    url: `https://huggingface.co/onnxmodelzoo/legacy_models/resolve/main/validated/vision/classification/${path}`,
    page: `https://github.com/onnx/models/tree/main/validated/vision/classification/${folder}`,
    file,
    format: 'onnx',
    bytes,
    bytesAre: 'stated',
    sha256,
    source: 'onnx',
    dataset: 'ImageNet',
    preprocessing: { input: [size, size, 3], colour: 'rgb', fit: 'shorter-side', ...look },
    accuracy: accuracy && { top1: accuracy[0], top5: accuracy[1], source: 'ONNX zoo README' },
    licence,
    ...(note && { note }),
  };
}

/** In the order of the zoo's manifest. */
export const onnxZoo: readonly PublishedWeights[] = rows.map(entry);
