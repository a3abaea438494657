import type { NetworkInfo, Text } from '../network.ts';

const results = 'Szegedy et al. 2014, classification results';

export const googlenetInfo: NetworkInfo = {
  id: 'googlenet',
  name: 'GoogLeNet',
  family: 'googlenet',
  year: 2014,
  authors: 'Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke, Rabinovich',
  paper: { title: 'Going Deeper with Convolutions', url: 'https://arxiv.org/abs/1409.4842' },
  dataset: 'ImageNet-1k',
  classes: 1000,
  depth: 22,
  idea: {
    en: 'An inception module looks at the same maps through 1x1, 3x3 and 5x5 windows and a pooling at once and lets the next layer choose. 1x1 convolutions shrink the channels before the large windows, and an average over the last maps replaces the large fully connected layers, so 22 layers cost nine times fewer parameters than AlexNet.',
    ko: '인셉션 모듈은 같은 맵을 1x1, 3x3, 5x5 창과 풀링으로 동시에 보고 선택은 다음 층에 맡긴다. 큰 창 앞의 1x1 합성곱이 채널을 줄이고 마지막 맵의 평균이 큰 완전 연결 층을 대신하므로, 22층인데도 매개변수가 AlexNet의 9분의 1쯤이다.',
  },
  publishedErrors: [
    { dataset: 'ImageNet-1k', top5: 10.07, protocol: 'single-crop', source: results },
    { dataset: 'ImageNet-1k', top5: 9.15, protocol: '10-crop', source: results },
    { dataset: 'ImageNet-1k', top5: 7.89, protocol: '144-crop', source: results },
    { dataset: 'ImageNet-1k', top5: 6.67, protocol: 'ensemble', source: `${results}: 7 models, 144 crops` },
    {
      dataset: 'ImageNet-1k',
      top1: 31.3,
      top5: 11.1,
      protocol: 'single-crop',
      source: 'BVLC/caffe model readme: bvlc_googlenet.caffemodel',
    },
  ],
};

export const googlenetDeviations: readonly Text[] = [
  {
    en: 'It has 6,998,552 parameters with biases. Sources say 4, 5, 6.8 or 7 million: 5 million is "12 times fewer than AlexNet" in the paper, 6.8 million the sum of its Table 1, and 13,378,280 counts the two auxiliary classifiers.',
    ko: '편향을 포함한 매개변수는 6,998,552개이다. 자료마다 400만, 500만, 680만, 700만으로 다른데, 500만은 논문의 "AlexNet보다 12배 적다"에서, 680만은 표 1의 합에서 온 값이고, 13,378,280개는 보조 분류기 두 개를 더한 값이다.',
  },
  {
    en: 'Table 1 of the paper is wrong in places: a 7x7 convolution with 64 filters has 9.2K weights and 118M multiply-adds (printed 2.7K and 34M), 4c has 497K (463K) and 5a 1018K (1072K). Its operations add to 1,502M; exactly, 1,583M.',
    ko: '논문의 표 1에는 틀린 값이 있다. 필터가 64개인 7x7 합성곱의 가중치는 9.2K, 곱셈-덧셈은 118M이고(표에는 2.7K와 34M), 4c는 497K(463K), 5a는 1018K(1072K)이다. 연산 수의 합은 표에서 1,502M이지만 정확히는 1,583M이다.',
  },
  {
    en: 'The two auxiliary classifiers (on 4a and 4d) help only during training; this is the network for inference.',
    ko: '보조 분류기 두 개(4a와 4d 뒤)는 학습할 때만 쓰인다. 여기서는 추론용 망을 보여 준다.',
  },
  {
    en: 'The network of torchvision is another one: batch normalisation in place of response normalisation, and 3x3 kernels in the 5x5 branch (its issue 906), 6,624,904 parameters.',
    ko: 'torchvision의 망은 다르다. 국소 응답 정규화 대신 배치 정규화를 쓰고 5x5 갈래에 3x3 커널을 쓰며(이슈 906), 매개변수는 6,624,904개이다.',
  },
  {
    en: 'Paddings, ceil-mode pooling and the constants of response normalisation are those of the published Caffe model (BVLC). No trained weights are bundled: it is drawn and counted.',
    ko: '패딩, 올림 방식의 풀링, 국소 응답 정규화의 상수는 공개된 Caffe 모델(BVLC)의 것이다. 학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다.',
  },
];
