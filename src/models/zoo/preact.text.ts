import type { Notes, NotesById, Text } from '../network.ts';
import { byDepth, published } from './published.ts';

const idea: Text = {
  en: 'Normalisation and ReLU come before each convolution instead of after, so nothing stands between one sum and the next: the signal, and the gradient on its way back, pass from any unit to any other unchanged. This makes a thousand layers trainable and also regularises.',
  ko: '정규화와 ReLU를 합성곱의 뒤가 아니라 앞에 두어 덧셈과 다음 덧셈 사이에 아무것도 없다. 신호와 되돌아오는 기울기가 어느 블록에서 어느 블록으로든 그대로 전해지므로 천 층도 학습되고 정규화 효과도 있다.',
};

const cifarTraining: Text = {
  en: 'SGD, batch 128 on two GPUs, momentum 0.9, weight decay 0.0001, rate 0.01 for the first 400 steps, then 0.1, divided by 10 at 32,000 and 48,000 of 64,000; translation and mirroring. ResNet-1001 takes about 27 hours.',
  ko: 'SGD, GPU 두 대에서 배치 128, 모멘텀 0.9, 가중치 감쇠 0.0001, 학습률은 처음 400단계는 0.01, 그다음은 0.1이며 64,000단계 가운데 32,000과 48,000에서 10으로 나눈다. 그림을 옮기고 뒤집는다. ResNet-1001은 27시간쯤 걸린다.',
};

const imagenetTraining: Text = {
  en: 'SGD, batch 256 on eight GPUs, momentum 0.9, weight decay 0.0001, rate 0.1 divided by 10 after 30 and 60 passes; crops and mirror images at a random scale, and in one row of Table 5 with a random aspect ratio too. ResNet-200 takes about three weeks.',
  ko: 'SGD, GPU 여덟 대에서 배치 256, 모멘텀 0.9, 가중치 감쇠 0.0001로 30번과 60번 반복한 뒤 학습률 0.1을 10으로 나눈다. 무작위 크기로, 표 5의 한 행은 무작위 가로세로 비로도 자르고 좌우를 뒤집는다. ResNet-200은 3주쯤 걸린다.',
};

const timmTraining: Text = {
  en: "The paper does not train this depth on ImageNet. timm's weights were trained by a recipe based on A1 of 'ResNet strikes back' (2021), and the ONNX zoo's in MXNet with Gluon.",
  ko: '논문은 이 깊이를 ImageNet에서 학습하지 않았다. timm의 가중치는 2021년 논문 "ResNet strikes back"의 A1을 바탕으로 한 방법으로, ONNX zoo의 것은 MXNet의 Gluon으로 학습했다.',
};

const projection: Text = {
  en: "Where the shape changes, a 1x1 projection without normalisation reads the unit's first activation, as in the authors' code; everywhere else the shortcut carries the sum itself. The last sum gets a normalisation and a ReLU of its own.",
  ko: '형태가 바뀌는 곳에서는 저자들의 코드처럼 정규화 없는 1x1 투영이 블록의 첫 활성값을 읽고, 그 밖의 모든 곳에서는 지름길이 합을 그대로 전한다. 마지막 합에는 정규화와 ReLU가 따로 붙는다.',
};

const zeros: Text = {
  en: 'Shortcuts are option A, zero channels without parameters, as in the first paper for CIFAR: 1,727,962 parameters. With projections (shortcut=B), as the released code draws it, they are 1,730,522; the paper says 1.7 million and not which.',
  ko: '지름길 연결은 첫 논문의 CIFAR 망처럼 매개변수 없이 0인 채널을 덧붙이는 선택지 A로, 매개변수는 1,727,962개이다. 공개된 코드처럼 투영을 쓰면(shortcut=B) 1,730,522개인데, 논문에는 170만이라고만 되어 있다.',
};

const unitNote: Text = {
  en: 'Its depth fits two networks: 6n + 2 with basic units of two 3x3 (this one, n = 18) and 9n + 2 with bottlenecks (n = 12).',
  ko: '110층인 망은 두 가지이다. 3x3 두 개짜리 기본 블록의 6n + 2(이 망, n = 18)와 병목 블록의 9n + 2(n = 12)이다.',
};

const low: Text = {
  en: 'The paper prints 10.2 million parameters; the exact number is 10,327,706, with 100 classes 10,350,836.',
  ko: '논문에는 매개변수가 1020만 개로 되어 있으나 정확한 수는 10,327,706개이고, 클래스가 100개이면 10,350,836개이다.',
};

const bottlenecks: Text = {
  en: 'Depth is 9n + 2: n = 18 units of three layers in each of three stages, the first convolution and the dense layer. For CIFAR-100 set classes=100: 1,726,388 parameters.',
  ko: '깊이는 9n + 2로, 세 단계에 세 층짜리 블록이 18개씩 있고 첫 합성곱과 완전 연결 층이 더해진다. CIFAR-100은 classes=100이며 매개변수는 1,726,388개이다.',
};

const stem: Text = {
  en: 'The first convolution has its normalisation and ReLU before the pooling, and the first unit normalises again: 128 parameters more than where the two are one.',
  ko: '첫 합성곱 뒤에 정규화와 ReLU가 있고 풀링 다음의 첫 블록이 다시 정규화하여, 둘을 하나로 합친 형태보다 매개변수가 128개 많다.',
};

const firstStride: Text = {
  en: "Stride 2 is in the first 1x1 of a stage's first unit, as in the authors' code for CIFAR; in the ImageNet forms it is in the 3x3.",
  ko: '보폭 2는 저자들의 CIFAR 코드처럼 각 단계 첫 블록의 첫 1x1에 있으며, ImageNet용에서는 3x3에 있다.',
};

const stride: Text = {
  en: "Stride 2 is in the 3x3 of a stage's first unit, as in fb.resnet.torch and timm.",
  ko: '보폭 2는 fb.resnet.torch와 timm처럼 각 단계 첫 블록의 3x3에 있다.',
};

const timmForm: Text = {
  en: "This is timm's resnetv2_50: nothing between the first convolution and the pooling. timm keeps its classifier as a 1x1 convolution, the same numbers in another shape. That the ONNX zoo's v2 is this form is believed, not read.",
  ko: 'timm의 resnetv2_50으로, 첫 합성곱과 풀링 사이에 아무것도 없다. timm은 분류기를 1x1 합성곱으로 두는데 형태만 다를 뿐 수는 같다. ONNX zoo의 v2가 이 형태라는 것은 확인하지 못하였다.',
};

const deviations: Readonly<Record<number, readonly Text[]>> = {
  110: [zeros, unitNote],
  164: [projection, bottlenecks, firstStride],
  1001: [projection, low, firstStride],
  50: [timmForm, stride, projection],
  152: [projection, stem, stride],
  200: [projection, stem, stride],
};

const imagenet = (depth: number): Notes => ({
  ...published(`preact-resnet-${depth}`),
  idea,
  training: depth === 50 ? timmTraining : imagenetTraining,
  trainingSource:
    depth === 50
      ? 'model card of timm/resnetv2_50.a1h_in1k; onnx/models validated/vision/classification/resnet/README.md'
      : 'He et al. 2016, Sec. 5 and appendix',
  deviations: deviations[depth]!,
});

const cifar = (depth: number): Notes => ({
  ...published(`preact-resnet-${depth}`),
  idea,
  training: cifarTraining,
  trainingSource: 'He et al. 2016, Sec. 5 and appendix; He et al. 2015, Sec. 4.2',
  deviations: deviations[depth]!,
});

export const preactNotes: NotesById = {
  ...byDepth('preact-resnet-', [50, 152, 200], imagenet),
  ...byDepth('preact-resnet-', [110, 164, 1001], cifar),
};
