import type { NetworkInfo, Text } from '../network.ts';

export const efficientnetInfo: NetworkInfo = {
  id: 'efficientnet-lite0',
  name: 'EfficientNet-Lite0',
  family: 'efficientnet',
  year: 2020,
  authors: 'Tan, Le (EfficientNet, 2019); Google (Lite, 2020)',
  paper: {
    title: 'EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks',
    url: 'https://arxiv.org/abs/1905.11946',
  },
  dataset: 'ImageNet-1k',
  classes: 1000,
  // The paper does not count layers: stem, 2 + 15 x 3 convolutions in the blocks, head and classifier.
  depth: 50,
  idea: {
    en: 'A searched baseline of inverted residuals (widen with 1x1, filter each channel on its own, narrow again) is scaled in depth, width and resolution together. The Lite form leaves out squeeze-and-excitation and takes ReLU6 for SiLU, so that it runs in whole numbers on phones; Lite0 is the unscaled one.',
    ko: '자동 탐색으로 찾은 역잔차 블록(1x1로 넓히고, 채널마다 따로 거르고, 다시 좁힌다)을 바탕으로 깊이, 너비, 해상도를 함께 키운다. Lite는 휴대 기기에서 정수 연산으로 돌아가도록 squeeze-and-excitation을 빼고 SiLU 대신 ReLU6을 쓰며, Lite0은 키우지 않은 기본형이다.',
  },
  publishedErrors: [
    {
      dataset: 'ImageNet-1k',
      top1: 24.9,
      protocol: 'single-crop',
      source: 'tensorflow/tpu, models/official/efficientnet/lite README: 75.1 % in float32',
    },
  ],
};

export const efficientnetDeviations: readonly Text[] = [
  {
    en: "Not B0 of the paper: no squeeze-and-excitation, ReLU6 for SiLU. Google's table for the Lite form says 4.7M parameters and 407M multiply-adds; convolutions and the classifier alone have 385M.",
    ko: '논문의 B0 그대로가 아니다. squeeze-and-excitation이 없고 SiLU 대신 ReLU6을 쓴다. Google의 Lite 표에는 매개변수 4.7M, 곱셈-덧셈 407M으로 되어 있는데, 합성곱과 분류기만 세면 385M이다.',
  },
  {
    en: "Padding is TensorFlow's 'same' at 224x224: where the stride is 2 the odd row and column are added at the bottom and right only.",
    ko: "패딩은 224x224에서 TensorFlow의 'same'이다. 보폭이 2인 곳에서는 남는 한 행과 한 열을 아래와 오른쪽에 더 붙인다.",
  },
  {
    en: 'The paper does not count layers. 50 counts the stem, the 47 convolutions of the 16 blocks, the head and the classifier. There is no max pooling, so a deconvnet projection does not depend on the image beyond its scale.',
    ko: '논문은 층을 세지 않는다. 50은 첫 합성곱, 블록 16개의 합성곱 47개, 마지막 합성곱, 분류기를 센 수이다. 최대 풀링이 없으므로 디컨브넷 투영은 크기를 빼면 이미지에 따라 달라지지 않는다.',
  },
];
