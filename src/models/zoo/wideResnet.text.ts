import type { Notes, NotesById, Text } from '../network.ts';
import { published } from './published.ts';

const idea: Text = {
  en: 'Instead of ever more thin layers, each layer has k times the maps: 16 layers as wide as this beat a thousand thin ones. Wide convolutions also keep a GPU busy, so they train several times faster at the same number of parameters.',
  ko: '얇은 층을 계속 쌓는 대신 층마다 맵을 k배로 늘린다. 이렇게 넓은 16층이 얇은 천 층보다 낫고, 넓은 합성곱은 GPU를 더 잘 활용하므로 매개변수가 같을 때 몇 배 빨리 학습된다.',
};

const training: Text = {
  en: 'SGD with Nesterov momentum 0.9, batch 128, weight decay 0.0005, rate 0.1 multiplied by 0.2 at 60, 120 and 160 of 200 passes; pictures padded by 4 with reflections, cut at random and mirrored. Where dropout is used it is 0.3, between the two convolutions of a unit.',
  ko: '네스테로프 모멘텀 0.9인 SGD, 배치 128, 가중치 감쇠 0.0005로 200번 반복하며 60, 120, 160에서 학습률 0.1에 0.2를 곱한다. 그림을 반사시켜 4픽셀 덧대고 무작위로 자르고 뒤집는다. 드롭아웃을 쓸 때는 블록의 두 합성곱 사이에 0.3을 둔다.',
};

const counted: Text = {
  en: 'The depth 6n + 4 counts the three 1x1 projections and not the dense layer; the longest path has two layers fewer. k = 1 would have two projections only, as its first stage keeps 16 maps.',
  ko: '깊이 6n + 4는 1x1 투영 세 개를 세고 완전 연결 층은 세지 않은 수로, 가장 긴 경로의 층은 그보다 두 개 적다. k = 1이면 첫 단계의 맵이 그대로 16개여서 투영이 두 개뿐이다.',
};

const twoTables: Text = {
  en: 'Table 4 has pictures whitened by ZCA, Table 5 pictures normalised by mean and deviation; the second errors are lower, and both are quoted. For WRN-28-10 that gives 4.17, 4.00 and, with dropout, 3.89 %.',
  ko: '표 4는 ZCA 백색화, 표 5는 평균과 표준 편차로 정규화한 그림의 값이다. 표 5의 오류율이 더 낮고 두 값이 다 인용된다. 그래서 WRN-28-10은 4.17, 4.00, 드롭아웃을 쓰면 3.89 %이다.',
};

const rounding: Text = {
  en: 'The convolutions have no bias, batch normalisation has gamma and beta; the paper rounds to 11.0 (16-8), 36.5 (28-10) and 8.9 million (40-4). Set classes=100 for CIFAR-100.',
  ko: '합성곱에는 편향이 없고 배치 정규화에는 감마와 베타가 있다. 논문은 1100만(16-8), 3650만(28-10), 890만(40-4)으로 어림한다. CIFAR-100은 classes=100이다.',
};

const otherQuote: Text = {
  en: 'The text quotes ResNet-1001 with a batch of 64 as 4.64 %, its own paper has 4.62 %; Table 5 prints 10.2 million parameters for ResNet-1202, which has 19.4.',
  ko: '본문은 배치 64로 학습한 ResNet-1001을 4.64 %로 인용하지만 원 논문은 4.62 %이고, 표 5는 매개변수가 1940만인 ResNet-1202를 1020만으로 적었다.',
};

const deviations = (depth: 16 | 28 | 40): readonly Text[] => [
  counted,
  twoTables,
  rounding,
  ...(depth === 28 ? [otherQuote] : []),
];

const wide = (id: string, depth: 16 | 28 | 40): Notes => ({
  ...published(id),
  idea,
  training,
  trainingSource: 'Zagoruyko and Komodakis 2016, Sec. 3',
  deviations: deviations(depth),
});

export const wideResnetNotes: NotesById = {
  'wide-resnet-16-8': wide('wide-resnet-16-8', 16),
  'wide-resnet-28-10': wide('wide-resnet-28-10', 28),
  'wide-resnet-40-4': wide('wide-resnet-40-4', 40),
  'wide-resnet-50-2': {
    ...published('wide-resnet-50-2'),
    idea: {
      en: 'A ResNet-50 whose 3x3 convolutions have twice the maps, while what enters and leaves a block stays as wide as before. It is better than the 152 layers of the thin network and slightly worse than 200, and faster than both on a GPU.',
      ko: '블록에 들어오고 나가는 채널은 그대로 두고 3x3 합성곱의 맵을 두 배로 늘린 ResNet-50이다. 152층의 얇은 망보다 정확하고 200층보다는 조금 못하며, GPU에서는 둘보다 빠르다.',
    },
    training: {
      en: 'With the code of fb.resnet.torch, whose defaults are SGD with Nesterov momentum 0.9, weight decay 0.0001, rate 0.1 divided by 10 every 30 of 90 passes, crops of random scale and aspect ratio, mirror images and shifted colours. The paper does not state the batch.',
      ko: 'fb.resnet.torch의 코드로 학습했다. 그 기본값은 네스테로프 모멘텀 0.9인 SGD, 가중치 감쇠 0.0001, 90번 반복하며 30번마다 학습률 0.1을 10으로 나누고, 무작위 크기와 가로세로 비로 자르고 뒤집고 색을 바꾸는 것이다. 배치 크기는 논문에 없다.',
    },
    trainingSource:
      'Zagoruyko and Komodakis 2016, Sec. 3; facebookarchive/fb.resnet.torch opts.lua, train.lua and datasets/imagenet.lua',
    deviations: [
      {
        en: 'Unlike the networks for CIFAR it keeps the first order, convolution before normalisation, with the stride in the 3x3. torchvision has this form.',
        ko: 'CIFAR용 망과 달리 합성곱 다음에 정규화하는 원래 순서를 지키며 보폭은 3x3에 있다. torchvision도 이 형태이다.',
      },
      {
        en: 'The top-5 error is 6.03 % in Table 8; the 5.79 % that Table 9 and a README give is that of pre-activation ResNet-200.',
        ko: '상위 5개 오류율은 표 8의 6.03 %이다. 표 9와 README의 5.79 %는 사전 활성화 ResNet-200의 값이다.',
      },
      {
        en: "No trained weights are bundled: it is drawn and counted. A file with torchvision's names loads if you drop it here.",
        ko: '학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다. torchvision의 이름을 쓰는 파일을 여기에 놓으면 읽어 들인다.',
      },
    ],
  },
};
