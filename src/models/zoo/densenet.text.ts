import type { Notes, NotesById, Text } from '../network.ts';
import { byDepth, published } from './published.ts';

const idea: Text = {
  en: 'Every layer of a block reads the maps of all layers before it, joined along the channels, and adds only a few of its own. Features are used again instead of learnt again, so few parameters do, and the loss reaches every layer directly.',
  ko: '블록 안의 각 층은 앞의 모든 층의 맵을 채널 방향으로 이어 붙여 읽고, 자기 맵은 몇 개만 더한다. 특징을 다시 배우지 않고 다시 쓰므로 매개변수가 적어도 되고, 손실이 모든 층에 바로 전해진다.',
};

const bcIdea: Text = {
  en: 'As the basic DenseNet, every layer reads all maps before it, but a 1x1 convolution first brings them down to 4k, and transitions keep half of the maps. That makes it smaller at about the same error: 250 layers with k = 24 have 15.3 million parameters and 3.62 % on CIFAR-10, where the basic form of 100 layers has 27.2 million and 3.74 %.',
  ko: '기본 DenseNet처럼 각 층이 앞의 모든 맵을 읽지만, 먼저 1x1 합성곱으로 4k개로 줄이고 전이 층에서는 맵을 절반만 남긴다. 오류율은 비슷하면서 크기가 작아진다. k = 24일 때 250층이 매개변수 1530만 개로 CIFAR-10에서 3.62 %인데, 기본형 100층은 2720만 개로 3.74 %이다.',
};

const imagenetTraining: Text = {
  en: 'SGD with Nesterov momentum 0.9, batch 256, weight decay 0.0001, rate 0.1 divided by 10 after 30 and 60 of 90 passes; augmentation and evaluation as fb.resnet.torch; no dropout.',
  ko: '네스테로프 모멘텀 0.9인 SGD, 배치 256, 가중치 감쇠 0.0001로 90번 반복하며 30과 60에서 학습률 0.1을 10으로 나눈다. 증강과 평가는 fb.resnet.torch와 같고 드롭아웃은 없다.',
};

const cifarTraining: Text = {
  en: 'SGD with Nesterov momentum 0.9, batch 64, weight decay 0.0001, rate 0.1 divided by 10 after half and three quarters of 300 passes (40 on SVHN). Dropout 0.2 where the pictures are not augmented, otherwise translation and mirroring.',
  ko: '네스테로프 모멘텀 0.9인 SGD, 배치 64, 가중치 감쇠 0.0001로 300번(SVHN은 40번) 반복하며 절반과 4분의 3에서 학습률 0.1을 10으로 나눈다. 그림을 증강하지 않을 때는 드롭아웃 0.2, 아니면 옮기기와 뒤집기를 쓴다.',
};

const trainingSource = 'Huang et al. 2017, Sec. 4.1 and 4.2; liuzhuang13/DenseNet README.md';

const drawing: Text = {
  en: 'Each layer joins its maps to all that it has read and passes the whole on, which is the same as reading every earlier layer at once. The channels stand in the order in which they were made, as in torchvision.',
  ko: '각 층은 자기 맵을 읽은 것 전체에 이어 붙여 넘기며, 이는 앞의 모든 층을 한꺼번에 읽는 것과 같다. 채널은 torchvision처럼 만들어진 순서대로 놓인다.',
};

const memory: Text = {
  en: 'Few parameters are not little memory: every joined map is stored again in a plain implementation, so the activations grow with the square of the number of layers in a block unless they are shared.',
  ko: '매개변수가 적다고 메모리도 적은 것은 아니다. 단순하게 구현하면 이어 붙인 맵이 그때마다 다시 저장되어, 공유하지 않는 한 활성값이 블록 안 층 수의 제곱으로 늘어난다.',
};

const released: Text = {
  en: "Not in the final paper, whose tables have DenseNet-264 with k = 32 in its place: it is the k = 48 network of the authors' release and of torchvision, and 96 maps leave its first convolution.",
  ko: '최종 논문의 표에는 없고 그 자리에 k = 32인 DenseNet-264가 있다. 저자들의 공개 코드와 torchvision에 있는 k = 48인 망으로, 첫 합성곱의 맵은 96개이다.',
};

const wider: Text = {
  en: 'The 20.4 % of the technical report is DenseNet-264 with k = 48 and a cosine rate: 72.7 million parameters (densenet?depth=264&k=48).',
  ko: '기술 보고서의 20.4 %는 k = 48이고 코사인 학습률로 학습한 DenseNet-264의 값으로 매개변수가 7270만이다(densenet?depth=264&k=48).',
};

const oneMore: Text = {
  en: 'Its name is one short: counted as the others are, blocks of 6, 12, 64 and 48 make 2 x 130 + 5 = 265 layers. The README of its authors offers no weights of it.',
  ko: '이름의 수가 하나 적다. 다른 망처럼 세면 6, 12, 64, 48층의 블록은 2 x 130 + 5 = 265층이다. 저자들의 README에는 이 망의 가중치가 없다.',
};

const noWeights: Text = {
  en: "No trained weights are bundled: it is drawn and counted. A file with torchvision's names loads if you drop it here.",
  ko: '학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다. torchvision의 이름을 쓰는 파일을 여기에 놓으면 읽어 들인다.',
};

const depthCounts: Text = {
  en: 'L counts the first convolution, the layers of three dense blocks (a bottleneck layer counts twice), two transitions and the dense layer. The first convolution has 16 maps, in the BC form 2k.',
  ko: 'L은 첫 합성곱, 세 밀집 블록의 층(병목 층은 둘로 센다), 전이 층 둘과 완전 연결 층을 센 수이다. 첫 합성곱의 맵은 16개, BC형에서는 2k개이다.',
};

const errors: Text = {
  en: 'Errors without augmentation are with dropout 0.2, which dropout=true draws; it changes neither the parameters nor the multiply-adds. Set classes=100 for CIFAR-100.',
  ko: '증강하지 않은 오류율은 드롭아웃 0.2를 쓴 값이며 dropout=true로 그린다. 매개변수와 곱셈-덧셈 수는 달라지지 않는다. CIFAR-100은 classes=100이다.',
};

const imagenet = (depth: number): Notes => ({
  ...published(`densenet-${depth}`),
  idea,
  training: imagenetTraining,
  trainingSource,
  deviations: [
    ...(depth === 161 ? [released] : []),
    ...(depth === 264 ? [oneMore, wider] : []),
    drawing,
    memory,
    noWeights,
  ],
});

const cifar = (id: string): Notes => ({
  ...published(id),
  idea: id.startsWith('densenet-bc-') ? bcIdea : idea,
  training: cifarTraining,
  trainingSource,
  deviations: [drawing, depthCounts, errors, memory],
});

const onCifar = [
  'densenet-l40-k12',
  'densenet-l100-k12',
  'densenet-l100-k24',
  'densenet-bc-l100-k12',
  'densenet-bc-l250-k24',
  'densenet-bc-l190-k40',
];

export const densenetNotes: NotesById = {
  ...byDepth('densenet-', [121, 161, 169, 201, 264], imagenet),
  ...Object.fromEntries(onCifar.map((id) => [id, cifar(id)])),
};
