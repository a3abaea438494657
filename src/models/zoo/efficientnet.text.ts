import type { Notes, NotesById, Text } from '../network.ts';
import { byDepth } from './published.ts';

/** Google's table: parameters, multiply-adds and float32 accuracy as printed, and what Lite1 to 4 multiply. */
const printed = [
  { params: '4.7M', macs: '407M', exact: '385M', accuracy: 75.1, scale: '' },
  { params: '5.4M', macs: '631M', exact: '600M', accuracy: 76.7, scale: '1.0 / 1.1 / 240' },
  { params: '6.1M', macs: '899M', exact: '860M', accuracy: 77.6, scale: '1.1 / 1.2 / 260' },
  { params: '8.2M', macs: '1.44B', exact: '1.38B', accuracy: 79.8, scale: '1.2 / 1.4 / 280' },
  { params: '13.0M', macs: '2.64B', exact: '2.55B', accuracy: 81.5, scale: '1.4 / 1.8 / 300' },
] as const;

const baseline: Text = {
  en: 'A searched baseline of inverted residuals (widen with 1x1, filter each channel on its own, narrow again) is scaled in depth, width and resolution together. The Lite form leaves out squeeze-and-excitation and takes ReLU6 for SiLU, so that it runs in whole numbers on phones; Lite0 is the unscaled one.',
  ko: '자동 탐색으로 찾은 역잔차 블록(1x1로 넓히고, 채널마다 따로 거르고, 다시 좁힌다)을 바탕으로 깊이, 너비, 해상도를 함께 키운다. Lite는 휴대 기기에서 정수 연산으로 돌아가도록 squeeze-and-excitation을 빼고 SiLU 대신 ReLU6을 쓰며, Lite0은 키우지 않은 기본형이다.',
};

const scaled = (lite: number): Text => ({
  en: `EfficientNet-Lite0 made larger in width, depth and resolution at once (${printed[lite]!.scale}), because growing one of the three alone soon stops paying. Only the rows between the first and the last get more blocks, and stem and head keep their maps, so that it stays small and fast.`,
  ko: `너비, 깊이, 해상도 가운데 하나만 키우면 이득이 금세 줄어들므로 EfficientNet-Lite0의 셋을 함께 키운 망이다(${printed[lite]!.scale}). 첫 행과 마지막 행 사이의 행에만 블록을 더하고 처음과 끝의 합성곱은 그대로 두어 작고 빠르게 유지한다.`,
});

const training: Text = {
  en: 'Google states no recipe of the Lite weights beside that of EfficientNet: RMSProp with decay 0.9 and momentum 0.9, weight decay 0.00001, a rate of 0.256 lowered by 3 % every 2.4 passes, AutoAugment, stochastic depth with survival 0.8. Dropout before the classifier is 0.2, and 0.3 from Lite2 on.',
  ko: 'Google은 Lite의 학습 방법을 EfficientNet과 따로 밝히지 않았다. EfficientNet은 감쇠 0.9, 모멘텀 0.9의 RMSProp, 가중치 감쇠 0.00001, 2.4번 반복마다 3 %씩 낮추는 학습률 0.256, AutoAugment, 생존 확률 0.8의 확률적 깊이를 쓴다. 분류기 앞의 드롭아웃은 0.2이고 Lite2부터는 0.3이다.',
};

const tables = (lite: number): Text => {
  const { params, macs, exact } = printed[lite]!;
  return {
    en: `Not B${lite} of the paper: no squeeze-and-excitation, ReLU6 for SiLU. Google's table for the Lite form says ${params} parameters and ${macs} multiply-adds; convolutions and the classifier alone have ${exact}.`,
    ko: `논문의 B${lite} 그대로가 아니다. squeeze-and-excitation이 없고 SiLU 대신 ReLU6을 쓴다. Google의 Lite 표에는 매개변수 ${params}, 곱셈-덧셈 ${macs}으로 되어 있는데, 합성곱과 분류기만 세면 ${exact}이다.`,
  };
};

const padding: Text = {
  en: "Padding is TensorFlow's 'same' at the network's own resolution: where the stride is 2 the odd row and column are added at the bottom and right only.",
  ko: "패딩은 망의 해상도에서 TensorFlow의 'same'이다. 보폭이 2인 곳에서는 남는 한 행과 한 열을 아래와 오른쪽에 더 붙인다.",
};

const layers: Text = {
  en: 'The paper does not count layers. The depth counts the stem, the convolutions of the blocks (2 in the first and 3 in each other), the head and the classifier. There is no max pooling, so a deconvnet projection does not depend on the image beyond its scale.',
  ko: '논문은 층을 세지 않는다. 깊이는 첫 합성곱, 블록의 합성곱(첫 블록 2개, 나머지 3개씩), 마지막 합성곱, 분류기를 센 수이다. 최대 풀링이 없으므로 디컨브넷 투영은 크기를 빼면 이미지에 따라 달라지지 않는다.',
};

const notBundled: Text = {
  en: 'No trained weights of this size are bundled: it is drawn and counted. Lite0 runs.',
  ko: '이 크기의 학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다. 실행은 Lite0으로 할 수 있다.',
};

function notes(lite: number): Notes {
  const { accuracy } = printed[lite]!;
  return {
    paper: {
      title: 'EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks',
      url: 'https://arxiv.org/abs/1905.11946',
    },
    definedIn: 'Table 1 (B0); tensorflow/tpu models/official/efficientnet/lite',
    idea: lite === 0 ? baseline : scaled(lite),
    training,
    trainingSource:
      'Tan and Le 2019, Sec. 5.2; tensorflow/tpu models/official/efficientnet/lite/efficientnet_lite_builder.py',
    publishedErrors: [
      {
        dataset: 'ImageNet-1k',
        split: 'val',
        top1: Math.round((100 - accuracy) * 10) / 10,
        protocol: 'single-crop',
        source: `tensorflow/tpu, models/official/efficientnet/lite README: ${accuracy.toFixed(1)} % in float32`,
        series: 'tensorflow-tpu',
        comparable: true,
      },
    ],
    deviations: [tables(lite), padding, layers, ...(lite === 0 ? [] : [notBundled])],
  };
}

export const efficientnetNotes: NotesById = byDepth('efficientnet-lite', [0, 1, 2, 3, 4], notes);
