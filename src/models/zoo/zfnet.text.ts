import type { NetworkInfo, Text } from '../network.ts';

const table2 = 'Zeiler & Fergus 2013, Table 2';

export const zfnetInfo: NetworkInfo = {
  id: 'zfnet',
  name: 'ZFNet',
  family: 'zfnet',
  year: 2013,
  authors: 'Zeiler, Fergus',
  paper: {
    title: 'Visualizing and Understanding Convolutional Networks',
    url: 'https://arxiv.org/abs/1311.2901',
  },
  dataset: 'ImageNet-1k',
  classes: 1000,
  depth: 8,
  idea: {
    en: 'A deconvolutional network maps any activation back to pixels, which shows what each layer of AlexNet responds to and what is wrong with it. Its first layer skipped the middle frequencies and its stride of 4 caused aliasing, so ZFNet reads 7x7 windows at stride 2 and keeps more of the picture in the first two layers.',
    ko: '디컨볼루션 망으로 임의의 활성값을 픽셀로 되돌려, AlexNet의 각 층이 무엇에 반응하고 무엇이 문제인지 보여 준다. 첫 층이 중간 주파수를 놓치고 보폭 4가 앨리어싱을 일으키는 것이 드러나, ZFNet은 7x7 창을 보폭 2로 읽어 처음 두 층에 더 많은 정보를 남긴다.',
  },
  publishedErrors: [
    {
      dataset: 'ImageNet-1k',
      top1: 38.4,
      top5: 16.5,
      protocol: 'unknown',
      source: `${table2}: 1 convnet as in Fig. 3`,
    },
    {
      dataset: 'ImageNet-1k',
      top1: 36.7,
      top5: 15.3,
      protocol: 'ensemble',
      source: `${table2}: 5 convnets (a)`,
    },
  ],
};

const paddings: Text = {
  en: 'The paper states no paddings. A 7x7 kernel at stride 2 without padding makes 109x109 maps; padding 1 and ceil-mode pooling give the 110, 55, 26, 13 and 6 of Fig. 3.',
  ko: '논문에는 패딩이 적혀 있지 않다. 패딩 없이 7x7 커널을 보폭 2로 적용하면 109x109 맵이 나오며, 패딩 1과 올림 방식의 풀링을 쓰면 그림 3의 110, 55, 26, 13, 6이 나온다.',
};

export const zfnetDeviations: readonly Text[] = [
  paddings,
  {
    en: 'The input is 224x224, as the text says; 225, 227 and even 277 occur elsewhere. arXiv version 1 shows another network (an 11x11 first layer at stride 4): Fig. 3 of version 3 is meant.',
    ko: '입력은 논문 본문대로 224x224이며, 다른 자료에는 225, 227, 심지어 277도 나온다. arXiv 1판에는 다른 망(11x11, 보폭 4의 첫 층)이 실려 있으므로 3판의 그림 3을 따랐다.',
  },
  {
    en: 'The paper says only that maps are contrast normalised; the response normalisation of AlexNet is used here, after pooling as in Fig. 3.',
    ko: '논문에는 대비 정규화를 한다고만 되어 있다. 여기서는 AlexNet의 국소 응답 정규화를 그림 3처럼 풀링 뒤에 쓴다.',
  },
  {
    en: "ILSVRC-2013: the winning 11.7 % top-5 (11.2 % with extra data) is Clarifai's; the official ZF entry has 13.5 % with five models, and 14.8 % is the paper's own test of six networks. They are different systems.",
    ko: 'ILSVRC-2013의 우승 기록 11.7 %(추가 데이터 사용 시 11.2 %)는 Clarifai의 것이다. 공식 ZF 출품작은 모델 5개로 13.5 %이고, 14.8 %는 논문이 망 6개로 직접 측정한 값이다. 서로 다른 시스템이다.',
  },
  {
    en: 'No weights of this network were released: it is drawn and counted. Its convolutional layers run in ZFNet (Imagenette).',
    ko: '이 망의 가중치는 공개된 적이 없어 구조와 수치만 보여 준다. 합성곱 층은 ZFNet (Imagenette)에서 실행해 볼 수 있다.',
  },
];

export const imagenetteInfo: NetworkInfo = {
  ...zfnetInfo,
  id: 'zfnet-imagenette',
  name: 'ZFNet (Imagenette)',
  dataset: 'Imagenette',
  classes: 10,
  idea: {
    en: 'The convolutional layers of ZFNet as published, with a narrower classifier for ten ImageNet classes, trained from scratch for this tool. Its three max-pooling layers record switches, so that the deconvnet of the paper can be tried on it as it was meant.',
    ko: '논문 그대로의 ZFNet 합성곱 층에 ImageNet의 열 가지 클래스만 구별하는 좁은 분류기를 붙여, 이 도구를 위해 처음부터 학습시킨 망이다. 최대 풀링 층 세 개가 스위치를 기록하므로 논문의 디컨브넷을 본래 뜻대로 시험해 볼 수 있다.',
  },
  publishedErrors: [],
};

export const imagenetteDeviations: readonly Text[] = [
  {
    en: 'It knows ten classes only: tench, English springer, cassette player, chain saw, church, French horn, garbage truck, gas pump, golf ball, parachute. A photo of anything else still gets one of these ten names.',
    ko: '텐치, 잉글리시 스프링어, 카세트 플레이어, 전기톱, 교회, 프렌치 호른, 쓰레기차, 주유기, 골프공, 낙하산의 열 가지만 안다. 다른 것을 찍은 사진에도 이 열 가지 가운데 하나로 답한다.',
  },
  {
    en: 'The classifier is 512-512-10 in place of 4096-4096-1000: 8,713,354 parameters for 62,357,608.',
    ko: '분류기는 4096-4096-1000 대신 512-512-10이다. 매개변수는 62,357,608개가 아니라 8,713,354개이다.',
  },
  {
    en: "Response normalisation divides alpha by 5, as PyTorch does, because the weights were trained so. The paper's error rates are not this network's.",
    ko: '가중치를 그렇게 학습했으므로 국소 응답 정규화는 PyTorch처럼 alpha를 5로 나눈다. 논문의 오류율은 이 망의 값이 아니다.',
  },
  paddings,
];
