import type { NetworkInfo, Text } from '../network.ts';

export const resnet18Info: NetworkInfo = {
  id: 'resnet-18',
  name: 'ResNet-18',
  family: 'resnet',
  year: 2015,
  authors: 'He, Zhang, Ren, Sun',
  paper: {
    title: 'Deep Residual Learning for Image Recognition',
    url: 'https://arxiv.org/abs/1512.03385',
  },
  dataset: 'ImageNet-1k',
  classes: 1000,
  depth: 18,
  idea: {
    en: 'Plain networks get worse when they get deeper, even on the training images, although more layers could always copy. So each block learns only what to add to its input, and the shortcut carries the input itself past the block: signals and gradients reach every layer.',
    ko: '보통의 망은 층을 더 쌓으면 그대로 복사하기만 해도 될 텐데 학습 오차마저 커진다. 그래서 각 블록은 입력에 더할 잔차만 학습하고 지름길 연결이 입력을 블록 너머로 그대로 전하여, 신호와 기울기가 모든 층에 닿는다.',
  },
  publishedErrors: [
    {
      dataset: 'ImageNet-1k',
      top1: 27.88,
      protocol: '10-crop',
      source: 'He et al. 2015, Table 2 (shortcuts of option A)',
    },
    {
      dataset: 'ImageNet-1k',
      top1: 30.242,
      top5: 10.922,
      protocol: 'single-crop',
      source: 'torchvision ResNet18_Weights.IMAGENET1K_V1',
    },
    {
      dataset: 'ImageNet-1k',
      top1: 30.43,
      top5: 10.76,
      protocol: 'single-crop',
      source: 'fb.resnet.torch README, resnet-18.t7',
    },
  ],
};

export const resnetDeviations: readonly Text[] = [
  {
    en: "Shortcuts are option B: identity where shapes agree, a 1x1 projection where they do not, as in torchvision. The paper's 27.88 % for 18 layers is option A (padding with zero channels), which has no parameters in its shortcuts.",
    ko: '지름길 연결은 선택지 B로, 형태가 같으면 항등이고 다르면 1x1 투영이다(torchvision과 같다). 논문의 18층 오류율 27.88 %는 0인 채널을 덧붙이는 선택지 A의 값이며, 그 지름길에는 매개변수가 없다.',
  },
  {
    en: 'The 18 counts convolutions and the fully connected layer of the main path; the three 1x1 projections are not counted.',
    ko: '18은 주 경로의 합성곱 층과 완전 연결 층만 센 수이며, 1x1 투영 세 개는 세지 않는다.',
  },
  {
    en: 'Multiply-adds are the same in the paper and torchvision for 18 and 34 layers. From 50 layers on they differ: 3.8e9 with the stride in the first 1x1 (paper), 4.1e9 in the 3x3 (torchvision).',
    ko: '18층과 34층에서는 논문과 torchvision의 곱셈-덧셈 수가 같다. 50층부터는 보폭을 첫 1x1에 두면(논문) 3.8e9, 3x3에 두면(torchvision) 4.1e9으로 다르다.',
  },
  {
    en: "No trained weights are bundled: it is drawn and counted. A file with torchvision's names loads if you drop it here.",
    ko: '학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다. torchvision의 이름을 쓰는 파일을 여기에 놓으면 읽어 들인다.',
  },
];
