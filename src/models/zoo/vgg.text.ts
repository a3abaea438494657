import type { Notes, NotesById, Text } from '../network.ts';
import { published } from './published.ts';
import { vggId } from './vgg.ts';
import type { Configuration } from './vgg.ts';

const training: Text = {
  en: 'SGD, batch 256, momentum 0.9, weight decay 0.0005, rate 0.01 divided by 10 three times, 370,000 steps (74 passes) in two to three weeks on four Titan Black; dropout 0.5 in the first two dense layers, random crops, mirror images and shifted colours of pictures whose shorter side is 256, 384 or a random 256 to 512. Deeper nets start from the first four convolutions and the dense layers of A.',
  ko: 'SGD, 배치 256, 모멘텀 0.9, 가중치 감쇠 0.0005, 학습률 0.01을 세 번 10으로 나누며 Titan Black 네 대로 2~3주 동안 370,000단계(74번 반복) 학습했다. 처음 두 완전 연결 층에 드롭아웃 0.5를 쓰고, 짧은 변을 256, 384 또는 256~512의 무작위 크기로 맞춘 사진에서 조각 자르기, 좌우 반전, 색 변화를 썼다. 더 깊은 망은 A의 처음 네 합성곱 층과 완전 연결 층에서 시작한다.',
};

const bnTraining: Text = {
  en: "The weights are torchvision's: SGD, batch 256 (32 on each of eight V100), momentum 0.9, weight decay 0.0001, rate 0.1 divided by 10 every 30 of 90 passes (its reference scripts), ten times the rate of the forms without normalisation.",
  ko: 'torchvision의 가중치로, 그 기준 스크립트에 따라 SGD, 배치 256(V100 여덟 대에 32장씩), 모멘텀 0.9, 가중치 감쇠 0.0001을 쓰고 학습률 0.1을 30번마다 10으로 나누며 90번 반복했다. 학습률이 배치 정규화가 없는 형태의 열 배이다.',
};

const noTraining: Text = {
  en: 'No training of this form is known here; torchvision trained A, B, D and E with batch normalisation, by SGD.',
  ko: '이 형태를 학습한 자료는 찾지 못하였다. torchvision은 A, B, D, E에 배치 정규화를 넣어 SGD로 학습했다.',
};

const smallWindows: Text = {
  en: 'Two 3x3 convolutions see as much as one 5x5 and three as much as one 7x7, with fewer parameters and a ReLU after each, so a network may be deep and stay uniform.',
  ko: '3x3 합성곱 두 개는 5x5 하나만큼, 세 개는 7x7 하나만큼 넓게 보면서 매개변수는 더 적고 ReLU는 더 많으므로, 단순한 구조로 깊은 망을 만들 수 있다.',
};

/** The second sentence of each configuration's idea. */
const own: Readonly<Record<Configuration, Text>> = {
  A: {
    en: 'A is the shallowest, with 11 layers: it can be trained from random weights, and its layers start the deeper ones.',
    ko: 'A는 11층으로 가장 얕아 무작위 가중치에서 학습할 수 있고, 그 층들이 더 깊은 망의 출발점이 된다.',
  },
  'A-LRN': {
    en: 'A-LRN adds the response normalisation of AlexNet to A, which does not help and costs time: the deeper ones leave it out.',
    ko: 'A-LRN은 A에 AlexNet의 국소 응답 정규화를 더한 것인데, 나아지지 않고 시간만 들어 더 깊은 망에서는 뺐다.',
  },
  B: {
    en: 'B has two convolutions in every stage, 13 layers in all, and beats the same network with one 5x5 in place of each pair.',
    ko: 'B는 모든 단계에 합성곱이 두 개씩 있어 모두 13층이며, 두 개를 5x5 하나로 바꾼 망보다 낫다.',
  },
  C: {
    en: 'C adds a 1x1 convolution to each of the last three stages: more non-linearity helps, but seeing more of the picture, as D does, helps more.',
    ko: 'C는 마지막 세 단계에 1x1 합성곱을 하나씩 더한다. 비선형성이 늘면 나아지지만, D처럼 더 넓게 보면 더 나아진다.',
  },
  D: {
    en: 'D has 16 layers and is what is called VGG-16 today; 103 of its 138 million parameters are in the first dense layer.',
    ko: 'D는 16층으로, 지금 VGG-16이라고 부르는 망이다. 매개변수 1억 3800만 개 가운데 1억 300만 개가 첫 완전 연결 층에 있다.',
  },
  E: {
    en: 'E, VGG-19, has 19 layers; its error is about that of D: the paper finds that it saturates at 19 layers.',
    ko: 'E(VGG-19)는 19층이지만 오류율이 D와 거의 같다. 논문은 19층에서 오류율이 더 줄지 않는다고 한다.',
  },
};

const withBn: Text = {
  en: 'Batch normalisation after every convolution lets it be trained at ten times the rate.',
  ko: '모든 합성곱 뒤에 배치 정규화를 두어 열 배의 학습률로 학습할 수 있다.',
};

const join = (...texts: readonly Text[]): Text => ({
  en: texts.map((text) => text.en).join(' '),
  ko: texts.map((text) => text.ko).join(' '),
});

const memory: Text = {
  en: 'Lecture notes give VGG-16 "96 MB of memory" a picture. That is 24 million values of 4 bytes by a rounding of their own: convolutions and dense layers make 13.6 million values (54 MB in float32), and all outputs, each ReLU and pooling with memory of its own, 28.7 million (115 MB).',
  ko: '강의 자료에는 VGG-16의 메모리가 사진 한 장에 "96 MB"라고 되어 있다. 이는 나름대로 어림한 2400만 개에 4바이트를 곱한 값이다. 합성곱과 완전 연결 층의 출력은 1360만 개(float32로 54 MB), ReLU와 풀링에도 따로 메모리를 주면 모든 출력은 2870만 개(115 MB)이다.',
};

const evaluation: Text = {
  en: 'The errors of the paper are for dense evaluation (the dense layers slide over the whole picture) and for scale jittering; single-crop errors are those of re-trained weights, and higher. Multiply-adds: 15.47 billion for D and 19.63 for E, where 15.3 and 19.6 are printed elsewhere.',
  ko: '논문의 오류율은 완전 연결 층을 사진 전체에 미끄러뜨리는 조밀 평가와 크기 변화로 얻은 값이다. 조각 하나로 잰 값은 다시 학습한 가중치의 것이며 더 높다. 곱셈-덧셈은 D가 154.7억, E가 196.3억 번인데 다른 자료에는 153억과 196억으로 되어 있다.',
};

const bundled: Text = {
  en: 'No trained weights are bundled (more than 500 MB in float32): it is drawn and counted.',
  ko: '학습된 가중치는 들어 있지 않다(float32로 500 MB가 넘는다). 구조와 수치만 보여 준다.',
};

const lrnNote: Text = {
  en: "The constants of response normalisation are taken to be AlexNet's (5 channels, alpha 0.0001, beta 0.75, k = 2). It has no parameters, so the counts are those of A: 132,863,336.",
  ko: '국소 응답 정규화의 상수는 AlexNet의 것(이웃 채널 5, alpha 0.0001, beta 0.75, k = 2)으로 두었다. 매개변수가 없으므로 수치는 A와 같은 132,863,336개이다.',
};

const cNote: Text = {
  en: 'The 1x1 convolutions of C are conv3_3, conv4_3 and conv5_3. Both C and D are "VGG-16"; the name today means D.',
  ko: 'C의 1x1 합성곱은 conv3_3, conv4_3, conv5_3이다. C와 D가 모두 16층이지만 지금 VGG-16이라고 하면 D를 뜻한다.',
};

const bnNote: Text = {
  en: 'Not in the paper: batch normalisation was published after it. Each normalised map adds 2 parameters and 2 stored statistics; the convolutions keep their biases, which normalisation makes redundant, as in torchvision.',
  ko: '논문에는 없는 형태이다. 배치 정규화는 그 뒤에 발표되었다. 정규화하는 맵마다 매개변수 2개와 저장되는 통계 2개가 늘고, torchvision처럼 합성곱의 편향도 그대로 두는데 정규화 때문에 사실상 필요가 없다.',
};

/** One column of Table 1, with batch normalisation or without. */
function notes(configuration: Configuration, bn: boolean): Notes {
  const ofBn = configuration === 'C' ? noTraining : bnTraining;
  return {
    ...published(vggId(configuration, bn)),
    idea: join(bn ? withBn : smallWindows, own[configuration]),
    training: bn ? ofBn : training,
    trainingSource: bn
      ? 'pytorch/vision references/classification/README.md'
      : 'Simonyan and Zisserman 2014, Sec. 3',
    deviations: [
      ...(bn ? [bnNote] : []),
      ...(configuration === 'A-LRN' ? [lrnNote] : []),
      ...(configuration === 'C' ? [cNote] : []),
      ...(configuration === 'D' ? [memory] : []),
      evaluation,
      bundled,
    ],
  };
}

const all = Object.keys(own) as Configuration[];
const byId = (configurations: readonly Configuration[], bn: boolean): NotesById =>
  Object.fromEntries(configurations.map((each) => [vggId(each, bn), notes(each, bn)]));

export const vggNotes: NotesById = {
  ...byId(all, false),
  ...byId(
    all.filter((each) => each !== 'A-LRN'),
    true,
  ),
};
