import type { Notes, NotesById, Text } from '../network.ts';
import { byDepth, published } from './published.ts';
import type { Shortcut } from './residual.ts';

type Depth = 18 | 34 | 50 | 101 | 152;

const training: Text = {
  en: 'SGD, batch 256, momentum 0.9, weight decay 0.0001, rate 0.1 divided by 10 when the error stops falling, up to 600,000 steps, from random weights; batch normalisation and no dropout. Crops of 224 from pictures whose shorter side is a random 256 to 480, mirror images, shifted colours. Six networks together made the 3.57 % of ILSVRC 2015.',
  ko: 'SGD, 배치 256, 모멘텀 0.9, 가중치 감쇠 0.0001, 학습률 0.1을 오차가 줄지 않을 때마다 10으로 나누며 무작위 가중치에서 최대 60만 단계 학습했다. 배치 정규화를 쓰고 드롭아웃은 쓰지 않는다. 짧은 변을 256~480에서 무작위로 정한 사진에서 224 조각을 자르고 좌우를 뒤집고 색을 바꾸었다. ILSVRC 2015의 3.57 %는 망 여섯 개의 앙상블이다.',
};

const trainingSource = 'He et al. 2015, Sec. 3.4 and 4.1';

const residual: Text = {
  en: 'Plain networks get worse when they get deeper, even on the training images, although more layers could always copy. So each block learns only what to add to its input, and the shortcut carries the input itself past the block: signals and gradients reach every layer.',
  ko: '보통의 망은 층을 더 쌓으면 그대로 복사하기만 해도 될 텐데 학습 오차마저 커진다. 그래서 각 블록은 입력에 더할 잔차만 학습하고 지름길 연결이 입력을 블록 너머로 그대로 전하여, 신호와 기울기가 모든 층에 닿는다.',
};

const narrowed: Text = {
  en: 'Each block learns only what to add to its input, which a shortcut carries past it. From 50 layers on a block is a bottleneck: a 1x1 convolution narrows the channels to a quarter, a 3x3 works there, and a 1x1 widens them again, so depth grows at little cost.',
  ko: '각 블록은 지름길 연결이 그대로 전해 주는 입력에 더할 잔차만 학습한다. 50층부터는 병목 블록으로, 1x1 합성곱이 채널을 4분의 1로 줄이고 3x3이 거기서 계산한 다음 1x1이 다시 늘리므로 적은 계산으로 깊이를 늘릴 수 있다.',
};

const plain: Text = {
  en: "The same layers as the residual network's without the shortcuts, which is what shows their use. With 34 layers it has a higher error than with 18, on the training images too: deeper is worse.",
  ko: '잔차 망과 층은 같고 지름길 연결만 없애, 지름길의 효과를 보여 주는 망이다. 34층이 18층보다 학습 오차까지 더 크다. 깊을수록 나빠지는 것이다.',
};

const idea = (depth: Depth): Text => (depth < 50 ? residual : narrowed);

const shortcuts: Readonly<Record<Shortcut, Text>> = {
  A: {
    en: 'Shortcuts are option A: where the shape changes, every second row and column is taken and channels of zeros are added after the others, without any parameter. On which side the zeros stand is not said in the paper; after the others is what the Torch code does.',
    ko: '지름길 연결은 선택지 A이다. 형태가 바뀌는 곳에서 행과 열을 하나씩 건너뛰어 취하고 0인 채널을 뒤에 덧붙이며, 매개변수가 없다. 0을 어느 쪽에 두는지는 논문에 없고, 뒤에 두는 것은 Torch 코드를 따랐다.',
  },
  B: {
    en: "Shortcuts are option B: identity where shapes agree, a 1x1 projection where they do not, as in torchvision. The paper's Table 2 (27.88 % for 18 layers, 25.03 % for 34) is option A, padding with zero channels, which has no parameters in its shortcuts.",
    ko: '지름길 연결은 선택지 B로, 형태가 같으면 항등이고 다르면 1x1 투영이다(torchvision과 같다). 논문 표 2의 오류율(18층 27.88 %, 34층 25.03 %)은 0인 채널을 덧붙이는 선택지 A의 값이며, 그 지름길에는 매개변수가 없다.',
  },
  C: {
    en: 'Shortcuts are option C: a 1x1 projection in every block. It is marginally better than B, which the paper puts down to the extra parameters, so its deeper networks use B.',
    ko: '지름길 연결은 선택지 C로, 모든 블록에 1x1 투영을 둔다. B보다 아주 조금 낫지만 논문은 이를 늘어난 매개변수 덕으로 보아, 더 깊은 망에는 B를 쓴다.',
  },
  none: {
    en: 'There are no shortcuts; counts equal those of the residual network with option A, whose shortcuts have no parameters and no multiplications.',
    ko: '지름길 연결이 없다. 선택지 A의 지름길에는 매개변수도 곱셈도 없으므로 수치는 A를 쓴 잔차 망과 같다.',
  },
};

const depthNote: Text = {
  en: 'The number in the name counts convolutions and the fully connected layer of the main path; 1x1 projections in shortcuts are not counted.',
  ko: '이름의 수는 주 경로의 합성곱 층과 완전 연결 층만 센 것이며, 지름길의 1x1 투영은 세지 않는다.',
};

const sameMacs: Text = {
  en: 'Multiply-adds are the same in the paper and torchvision for 18 and 34 layers. From 50 layers on they differ: 3.8e9 with the stride in the first 1x1 (paper), 4.1e9 in the 3x3 (torchvision).',
  ko: '18층과 34층에서는 논문과 torchvision의 곱셈-덧셈 수가 같다. 50층부터는 보폭을 첫 1x1에 두면(논문) 3.8e9, 3x3에 두면(torchvision) 4.1e9으로 다르다.',
};

const strides: Readonly<Record<'1x1' | '3x3', Text>> = {
  '1x1': {
    en: "This is the paper's form: the first 1x1 of a stage's first bottleneck halves the map, which gives 3.86, 7.57 and 11.28 billion multiply-adds for 50, 101 and 152 layers (the table has 3.8, 7.6, 11.3). torchvision and fb.resnet.torch put the stride in the 3x3 and need 4.09, 7.80 and 11.51 billion.",
    ko: '논문의 형태로, 각 단계의 첫 병목 블록에서 첫 1x1이 맵을 반으로 줄인다. 곱셈-덧셈은 50, 101, 152층이 38.6억, 75.7억, 112.8억 번이다(표에는 3.8, 7.6, 11.3e9). torchvision과 fb.resnet.torch는 보폭을 3x3에 두어 40.9억, 78.0억, 115.1억 번이 든다.',
  },
  '3x3': {
    en: "This is torchvision's form: the 3x3 of a stage's first bottleneck halves the map, which needs 4.09, 7.80 and 11.51 billion multiply-adds for 50, 101 and 152 layers. The paper has the stride in the first 1x1: 3.86, 7.57 and 11.28 billion. That is why ResNet-50 is quoted with 3.8 and with 4.1.",
    ko: 'torchvision의 형태로, 각 단계의 첫 병목 블록에서 3x3이 맵을 반으로 줄인다. 곱셈-덧셈은 50, 101, 152층이 40.9억, 78.0억, 115.1억 번이다. 논문은 보폭을 첫 1x1에 두어 38.6억, 75.7억, 112.8억 번이다. ResNet-50의 값이 3.8e9과 4.1e9으로 다르게 인용되는 까닭이다.',
  },
};

const released: Text = {
  en: "The authors' ResNet-50 file has a bias in conv1 besides batch normalisation: 64 parameters more (25,557,096), without effect; 101 and 152 have none.",
  ko: '저자들이 공개한 ResNet-50 파일에는 conv1에 배치 정규화와 함께 편향도 있어 매개변수가 64개 많지만(25,557,096개) 아무 효과가 없다. 101과 152에는 없다.',
};

const noWeights: Text = {
  en: "No trained weights are bundled: it is drawn and counted. A file with torchvision's names loads if you drop it here.",
  ko: '학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다. torchvision의 이름을 쓰는 파일을 여기에 놓으면 읽어 들인다.',
};

/** What differs between the paper, its retellings and this graph. */
function deviations(depth: Depth, shortcut: Shortcut = 'B', stride: '1x1' | '3x3' = '3x3'): readonly Text[] {
  return [
    ...(depth < 50 ? [shortcuts[shortcut], sameMacs] : [strides[stride]]),
    depthNote,
    ...(depth === 50 ? [released] : []),
    ...(shortcut === 'B' ? [noWeights] : []),
  ];
}

/** torchvision's form, which is the paper's but for the place of the stride. */
const residualNotes = (depth: Depth): Notes => ({
  ...published(`resnet-${depth}`),
  idea: idea(depth),
  training,
  trainingSource,
  deviations: deviations(depth),
  publishedErrors: ofShortcut(depth, 'B'),
});

/** The paper measured 18 and 34 layers with several shortcuts: each figure stands with the network that has its own. */
const ofShortcut = (depth: Depth, shortcut: Shortcut): Notes['publishedErrors'] =>
  published(`resnet-${depth}`).publishedErrors.filter(
    ({ variant }) =>
      variant === `shortcut ${shortcut}` || (shortcut === 'B' && !variant?.startsWith('shortcut')),
  );

/** The form of the paper and of its authors' files: stride 2 in the first 1x1 of a bottleneck. */
function strideNotes(depth: 50 | 101 | 152): Notes {
  const ofPaper = ['msra-caffe', 'tf-slim'];
  const notes = residualNotes(depth);
  return {
    ...notes,
    deviations: deviations(depth, 'B', '1x1'),
    publishedErrors: notes.publishedErrors.filter(
      ({ series = '', source }) =>
        ofPaper.includes(series) || (series === 'paper' && source.startsWith('He et al. 2015')),
    ),
  };
}

function shortcutNotes(depth: 18 | 34, shortcut: 'A' | 'C'): Notes {
  const notes = residualNotes(depth);
  return {
    ...notes,
    definedIn: 'Sec. 3.3 and 4.1 (options A, B, C); Table 3',
    deviations: deviations(depth, shortcut),
    publishedErrors: ofShortcut(depth, shortcut),
  };
}

const plainNotes = (depth: 18 | 34): Notes => ({
  ...published(`plain-${depth}`),
  idea: plain,
  training,
  trainingSource,
  deviations: deviations(depth, 'none'),
});

export const resnetNotes: NotesById = {
  ...byDepth('resnet-', [18, 34, 50, 101, 152], residualNotes),
  'resnet-50-paper': strideNotes(50),
  'resnet-101-paper': strideNotes(101),
  'resnet-152-paper': strideNotes(152),
  'resnet-18-a': shortcutNotes(18, 'A'),
  'resnet-34-a': shortcutNotes(34, 'A'),
  'resnet-34-c': shortcutNotes(34, 'C'),
  ...byDepth('plain-', [18, 34], plainNotes),
};
