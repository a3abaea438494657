import type { Notes, NotesById, Text } from '../network.ts';
import { published } from './published.ts';

const idea: Text = {
  en: 'A block splits into many equal thin paths whose results are added, as in Inception, but all paths are alike, so there is nothing to tune beside their number. More paths (cardinality) help more than more depth or width at the same cost; in code the paths are one grouped convolution.',
  ko: '인셉션처럼 블록을 여러 경로로 나누어 결과를 더하되 모든 경로가 똑같은 얇은 경로여서, 정할 것은 그 수뿐이다. 계산량이 같을 때 깊이나 너비보다 경로의 수(카디널리티)를 늘리는 것이 더 낫고, 코드로는 그룹 합성곱 하나이다.',
};

const imagenetTraining: Text = {
  en: 'As fb.resnet.torch: SGD, batch 256 on eight GPUs, momentum 0.9, weight decay 0.0001, rate 0.1 divided by 10 three times; crops of random scale and aspect ratio, mirror images, shifted colours.',
  ko: 'fb.resnet.torch와 같이 SGD, GPU 여덟 대에서 배치 256, 모멘텀 0.9, 가중치 감쇠 0.0001, 학습률 0.1을 세 번 10으로 나눈다. 무작위 크기와 가로세로 비로 자르고 뒤집고 색을 바꾼다.',
};

const eightWideTraining: Text = {
  en: "The weights are torchvision's: SGD on 64 GPUs with 16 pictures each, momentum 0.9, weight decay 0.0001, rate 0.4 divided by 10 every 30 of 100 passes.",
  ko: 'torchvision의 가중치로, GPU 64대에 16장씩, 모멘텀 0.9인 SGD, 가중치 감쇠 0.0001로 100번 반복하며 30번마다 학습률 0.4를 10으로 나눈다.',
};

const cifarTraining: Text = {
  en: 'SGD, batch 128 on eight GPUs, momentum 0.9, weight decay 0.0005, rate 0.1 lowered at 150 and 225 of 300 passes; pictures padded by 4, cut at random and mirrored. Errors are means of ten runs.',
  ko: 'SGD, GPU 여덟 대에서 배치 128, 모멘텀 0.9, 가중치 감쇠 0.0005로 300번 반복하며 150과 225에서 학습률 0.1을 낮춘다. 그림에 4픽셀을 덧대어 무작위로 자르고 뒤집는다. 오류율은 열 번 학습한 평균이다.',
};

const forms: Text = {
  en: 'The block is drawn in form (c) of Fig. 3, with a grouped convolution, as its authors implemented it. Forms (a) and (b), with the paths drawn apart, have the same parameters and multiply-adds: choose them above.',
  ko: '블록은 저자들의 구현대로 그림 3의 (c), 곧 그룹 합성곱으로 그린다. 경로를 따로 그리는 (a)와 (b)도 매개변수와 곱셈-덧셈 수가 같으며 위에서 고를 수 있다.',
};

const stride: Text = {
  en: 'Stride 2 is in the 3x3, so the ResNet-50 that it is compared with needs 4.1 billion multiply-adds, not the 3.8 of the first paper.',
  ko: '보폭 2가 3x3에 있어서, 비교하는 ResNet-50의 곱셈-덧셈도 첫 논문의 38억이 아니라 41억 번이다.',
};

const eightWideNote: Text = {
  en: "32x8d is torchvision's network; the paper has 64x4d in its place, with about the same cost (15.5 against 16.4 billion multiply-adds).",
  ko: '32x8d는 torchvision의 망이고, 논문에는 그 자리에 계산량이 비슷한 64x4d가 있다(곱셈-덧셈 164억에 대해 155억 번).',
};

const noWeights: Text = {
  en: "No trained weights are bundled: it is drawn and counted. A file with torchvision's names loads if you drop it here.",
  ko: '학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다. torchvision의 이름을 쓰는 파일을 여기에 놓으면 읽어 들인다.',
};

const truncated: Text = {
  en: 'Table 7 gives 34.4 and 68.1 million parameters for 8x64d and 16x64d; the exact 68,155,210 rounds to 68.2, so the paper cut it off. Set classes=100 for CIFAR-100.',
  ko: '표 7의 매개변수는 8x64d가 3440만, 16x64d가 6810만이다. 정확한 수 68,155,210은 반올림하면 6820만이므로 논문은 버림을 한 것이다. CIFAR-100은 classes=100이다.',
};

function imagenet(id: string): Notes {
  const eight = id.endsWith('x8d');
  return {
    ...published(id),
    idea,
    training: eight ? eightWideTraining : imagenetTraining,
    trainingSource: eight
      ? 'pytorch/vision references/classification/README.md'
      : 'Xie et al. 2016, Sec. 4; facebookarchive/fb.resnet.torch datasets/imagenet.lua',
    deviations: [forms, stride, ...(eight ? [eightWideNote] : []), noWeights],
  };
}

const cifar = (id: string): Notes => ({
  ...published(id),
  idea,
  training: cifarTraining,
  trainingSource: 'Xie et al. 2016, Sec. 5.3 and App. A',
  deviations: [forms, truncated],
});

const onImagenet = ['resnext-50-32x4d', 'resnext-101-32x4d', 'resnext-101-32x8d', 'resnext-101-64x4d'];
const onCifar = ['resnext-29-8x64d', 'resnext-29-16x64d'];

export const resnextNotes: NotesById = Object.fromEntries([
  ...onImagenet.map((id) => [id, imagenet(id)] as const),
  ...onCifar.map((id) => [id, cifar(id)] as const),
]);
