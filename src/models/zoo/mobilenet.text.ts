import type { Notes, NotesById, Text } from '../network.ts';
import { mobilenetId } from './mobilenet.ts';
import { published } from './published.ts';

const separable: Text = {
  en: 'A convolution is split in two: one 3x3 filter for each channel on its own, then a 1x1 convolution that mixes the channels, at an eighth to a ninth of the work.',
  ko: '합성곱을 둘로 나누어, 채널마다 따로 3x3 필터 하나를 적용한 다음 1x1 합성곱으로 채널을 섞는다. 계산량은 8분의 1에서 9분의 1이 된다.',
};

const scaling: Text = {
  en: 'Two numbers, the width multiplier alpha and the resolution, trade accuracy for time, so one design serves every phone.',
  ko: '너비 배수 alpha와 해상도라는 두 수로 정확도와 시간을 맞바꾸므로, 설계 하나를 온갖 기기에 쓸 수 있다.',
};

const thin = (alpha: number): Text => ({
  en: `Every layer has ${alpha} times the maps, and parameters and work fall with about the square of that.`,
  ko: `모든 층의 맵이 ${alpha}배이며, 매개변수와 계산량은 대략 그 제곱에 비례하여 줄어든다.`,
});

const erratum: Text = {
  en: 'Table 1 prints stride 2 for the last depthwise layer. Its output stays 7x7, so the stride is 1; with 2 the next row would be 4x4.',
  ko: '표 1에는 마지막 채널별 합성곱의 보폭이 2로 되어 있다. 출력이 그대로 7x7이므로 보폭은 1이다. 2라면 다음 행이 4x4가 된다.',
};

const counts: Text = {
  en: '28 layers count depthwise and pointwise convolutions apart. The released TF-Slim checkpoints have 1001 classes (4,233,001 parameters at alpha 1), and their table gives 317 million multiply-adds for 0.75 at 224, where it is 325 million.',
  ko: '28층은 채널별 합성곱과 1x1 합성곱을 따로 센 것이다. 공개된 TF-Slim 체크포인트는 클래스가 1001개이고(alpha 1에서 매개변수 4,233,001개), 그 표에는 0.75, 224의 곱셈-덧셈이 3억 1700만 번으로 되어 있으나 3억 2500만 번이 맞다.',
};

const padding: Text = {
  en: "Padding is 1 on every side and activations are ReLU, as in the paper's figures and the Caffe and PyTorch ports; TensorFlow's 'same' pads only the bottom and right at stride 2, and TF-Slim has ReLU6.",
  ko: "패딩은 사방 1이고 활성화 함수는 ReLU이다(논문의 그림과 Caffe, PyTorch 판). TensorFlow의 'same'은 보폭 2에서 아래와 오른쪽에만 덧붙이고, TF-Slim은 ReLU6을 쓴다.",
};

const pools: Text = {
  en: 'There is no max pooling, so a deconvnet projection does not depend on the image beyond its scale. No trained weights are bundled: it is drawn and counted.',
  ko: '최대 풀링이 없으므로 디컨브넷 투영은 크기를 빼면 이미지에 따라 달라지지 않는다. 학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다.',
};

const timm: Text = {
  en: 'The errors near 24 % are of weights that timm trained much longer with a newer recipe; the paper has 29.4 %. Errors at 192, 160 and 128 are of the same weights count at other resolutions: set the resolution to see their cost.',
  ko: '24 % 근처의 오류율은 timm이 새로운 방법으로 훨씬 오래 학습한 가중치의 값이고, 논문은 29.4 %이다. 192, 160, 128의 오류율은 매개변수 수는 같고 해상도가 다른 망의 값으로, 해상도를 바꾸면 그 계산량을 볼 수 있다.',
};

function notes(alpha: number): Notes {
  const second = alpha === 1 ? scaling : thin(alpha);
  return {
    ...published(mobilenetId(alpha)),
    idea: { en: `${separable.en} ${second.en}`, ko: `${separable.ko} ${second.ko}` },
    training: {
      en: 'Asynchronous RMSprop in TensorFlow, much as Inception v3, but with less regularisation, since small networks overfit less: no auxiliary heads, no label smoothing, fewer distortions (the smallest crops are left out), and little or no weight decay on the depthwise filters.',
      ko: 'TensorFlow에서 Inception v3와 비슷하게 비동기 RMSprop으로 학습했다. 작은 망은 과적합이 덜하므로 정규화를 줄여, 보조 분류기와 라벨 스무딩을 쓰지 않고 그림 변형도 적게 하며(아주 작은 조각은 쓰지 않는다), 채널별 필터에는 가중치 감쇠를 거의 또는 전혀 주지 않는다.',
    },
    trainingSource: 'Howard et al. 2017, Sec. 3.2',
    deviations: alpha === 1 ? [erratum, counts, padding, timm, pools] : [erratum, counts, padding, pools],
  };
}

export const mobilenetNotes: NotesById = Object.fromEntries(
  [1, 0.75, 0.5, 0.25].map((alpha) => [mobilenetId(alpha), notes(alpha)]),
);
