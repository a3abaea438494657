import type { Notes, NotesById, Text } from '../network.ts';
import { byDepth, published } from './published.ts';

const training: Text = {
  en: 'SGD, batch 128 on two GPUs, momentum 0.9, weight decay 0.0001, rate 0.1 divided by 10 at 32,000 and 48,000 of 64,000 steps; no dropout. Pictures padded by 4, cut to 32x32 at random and mirrored. ResNet-110 warms up at rate 0.01 for some 400 steps.',
  ko: 'SGD, GPU 두 대에서 배치 128, 모멘텀 0.9, 가중치 감쇠 0.0001, 64,000단계 가운데 32,000과 48,000에서 학습률 0.1을 10으로 나눈다. 드롭아웃은 없다. 그림에 4픽셀을 덧대어 32x32로 무작위로 자르고 좌우를 뒤집는다. ResNet-110은 처음 약 400단계를 학습률 0.01로 시작한다.',
};

const trainingSource = 'He et al. 2015, Sec. 4.2';

const small: Text = {
  en: 'The residual network for small pictures: one 3x3 convolution, then three stages of n blocks of two 3x3 with 16, 32 and 64 maps, 6n + 2 layers in all. Shortcuts are identities or zero padding throughout, so it has exactly the parameters of the plain network and shows what the shortcut alone does.',
  ko: '작은 그림을 위한 잔차 망으로, 3x3 합성곱 하나 뒤에 3x3 두 개짜리 블록 n개씩의 단계가 맵 16, 32, 64개로 세 번 이어져 모두 6n + 2층이다. 지름길은 항등이거나 0을 덧붙인 것뿐이어서 매개변수가 보통의 망과 똑같고, 지름길만의 효과를 보여 준다.',
};

const huge: Text = {
  en: 'With 200 blocks in each of the three stages it is still trainable, to under 0.1 % error on the training images. Its test error is above that of 110 layers, which the paper puts down to overfitting: 19 million parameters for 50,000 small pictures.',
  ko: '세 단계에 블록이 200개씩이어도 학습이 되어, 학습 오차가 0.1 % 아래로 내려간다. 시험 오차는 110층보다 높은데, 논문은 작은 그림 5만 장에 매개변수 1900만 개여서 과적합한 것으로 본다.',
};

const plain: Text = {
  en: 'The same 6n + 2 layers without shortcuts, to compare. From 20 to 56 layers its error rises, on the training images too, where the residual network improves.',
  ko: '비교를 위하여 같은 6n + 2층에서 지름길을 없앤 망이다. 20층에서 56층으로 갈수록 학습 오차까지 커지는데, 잔차 망은 오히려 좋아진다.',
};

const optionA: Text = {
  en: 'Shortcuts are option A, as in the paper for CIFAR: where the maps shrink, every second row and column is taken and channels of zeros are added after the others. Some ports add them on both sides, which is the same network with its channels in another order.',
  ko: '지름길 연결은 논문의 CIFAR 망처럼 선택지 A로, 맵이 작아지는 곳에서 행과 열을 하나씩 건너뛰어 취하고 0인 채널을 뒤에 덧붙인다. 양쪽에 덧붙이는 구현도 있는데, 채널의 순서만 다른 같은 망이다.',
};

const noShortcuts: Text = {
  en: 'There are no shortcuts; the counts equal those of the residual network of the same depth. The paper shows errors of plain networks in the curves of Fig. 6 only, so none are listed.',
  ko: '지름길 연결이 없으며, 수치는 같은 깊이의 잔차 망과 같다. 보통의 망의 오류율은 논문의 그림 6에 곡선으로만 있어 싣지 않았다.',
};

const rounding: Text = {
  en: 'Table 6 rounds the parameters to 0.27, 0.46, 0.66, 0.85, 1.7 and 19.4 million for 20 to 1202 layers; here they are exact, with batch normalisation and the dense layer.',
  ko: '표 6의 매개변수는 20층에서 1202층까지 27만, 46만, 66만, 85만, 170만, 1940만으로 어림한 값이고, 여기서는 배치 정규화와 완전 연결 층까지 정확히 센다.',
};

const bestOfFive: Text = {
  en: '6.43 % is the best of five runs of ResNet-110; their mean is 6.61 with a deviation of 0.16, which is what the later paper on pre-activation quotes.',
  ko: '6.43 %는 ResNet-110을 다섯 번 학습한 것 가운데 가장 좋은 값이고, 평균은 6.61(표준 편차 0.16)이다. 뒤의 사전 활성화 논문은 이 평균을 인용한다.',
};

const wrongSize: Text = {
  en: 'Table 5 of the Wide ResNet paper prints 10.2 million parameters for ResNet-1202; it has 19.4 million. The 6.67 % of the stochastic depth paper is its own run of this network without dropping.',
  ko: 'Wide ResNet 논문의 표 5에는 ResNet-1202의 매개변수가 1020만으로 되어 있으나 1940만이다. 확률적 깊이 논문의 6.67 %는 이 망을 블록 건너뛰기 없이 직접 학습한 값이다.',
};

const residual = (depth: number): Notes => ({
  ...published(`cifar-resnet-${depth}`),
  idea: depth > 1000 ? huge : small,
  training,
  trainingSource,
  deviations: [
    optionA,
    rounding,
    ...(depth === 110 ? [bestOfFive] : []),
    ...(depth === 1202 ? [wrongSize] : []),
  ],
});

const plainNotes = (depth: number): Notes => ({
  ...published(`cifar-plain-${depth}`),
  idea: plain,
  training,
  trainingSource,
  deviations: [noShortcuts, rounding],
});

const stochasticTraining: Text = {
  en: 'SGD with Nesterov momentum 0.9, batch 128, weight decay 0.0001, 500 passes, rate 0.1 divided by 10 at 250 and 375. Pictures shifted by up to 4 pixels and mirrored; 5,000 of the training pictures choose the pass to report.',
  ko: '네스테로프 모멘텀 0.9인 SGD, 배치 128, 가중치 감쇠 0.0001로 500번 반복하며 250과 375에서 학습률 0.1을 10으로 나눈다. 그림을 4픽셀까지 옮기고 좌우를 뒤집으며, 학습 그림 5,000장으로 보고할 시점을 고른다.',
};

const stochasticTraining1202: Text = {
  en: 'As the network of 110 layers, but 300 passes: rate 0.01 for the first 10, then 0.1, divided by 10 at 150 and 225.',
  ko: '110층의 망과 같지만 300번 반복한다. 학습률은 처음 10번은 0.01, 그다음은 0.1이며 150과 225에서 10으로 나눈다.',
};

const stochastic: Text = {
  en: 'In every training step each block is left out at random and only its shortcut stays, late blocks more often than early ones, so a short network is trained and a deep one is used. That saves a quarter of the time, keeps gradients strong, and acts like an ensemble of networks of every depth.',
  ko: '학습 단계마다 블록을 무작위로 빼고 지름길만 남기며 뒤쪽 블록일수록 더 자주 뺀다. 짧은 망으로 학습하여 깊은 망으로 쓰는 셈이다. 학습 시간이 4분의 1 줄고 기울기가 약해지지 않으며, 온갖 깊이의 망을 앙상블한 효과가 난다.',
};

const folded: Text = {
  en: "Each block's drop_path shows 1 - p_l, the probability that training leaves the block out. At test time the paper multiplies the block's output by p_l; here, as in today's libraries, that factor is part of the weights of its last normalisation, and drop_path changes nothing.",
  ko: '블록마다 있는 drop_path의 값은 학습에서 그 블록을 빼는 확률 1 - p_l이다. 논문은 시험할 때 블록의 출력에 p_l을 곱하는데, 여기서는 요즘 라이브러리처럼 그 배율이 마지막 정규화의 가중치에 들어 있어 drop_path는 아무것도 바꾸지 않는다.',
};

const expected: Text = {
  en: 'With p_L = 0.5 the 54 blocks of 110 layers have (3L - 1)/4 = 40.25 survivors on average; the paper says 40. Parameters and multiply-adds are those of the ResNet of the same depth.',
  ko: 'p_L = 0.5이면 110층의 블록 54개 가운데 평균 (3L - 1)/4 = 40.25개가 살아남으며, 논문에는 40개로 되어 있다. 매개변수와 곱셈-덧셈 수는 같은 깊이의 ResNet과 같다.',
};

const quoted: Text = {
  en: 'The errors are those of the ECCV paper, 5.25 and 24.98 %; the Wide ResNet paper quotes 5.23 and 24.58 %. Without dropping the ECCV paper has 27.76 % on CIFAR-100 in its table and 27.22 % in its text.',
  ko: '오류율은 ECCV 논문의 5.25 %와 24.98 %이며, Wide ResNet 논문은 5.23 %와 24.58 %로 인용한다. 블록을 빼지 않은 망의 CIFAR-100 오류율은 ECCV 논문의 표에는 27.76 %, 본문에는 27.22 %로 되어 있다.',
};

const pooledShortcuts: Text = {
  en: 'Where the maps shrink the shortcuts of the paper take averages before adding channels of zeros; here they take every second row and column, as He et al. do. The counts are the same.',
  ko: '맵이 작아지는 곳에서 논문의 지름길은 평균 풀링을 한 다음 0인 채널을 덧붙이지만, 여기서는 He 등의 논문처럼 행과 열을 하나씩 건너뛰어 취한다. 수치는 같다.',
};

const baseline: Text = {
  en: "Constant depth has 6.67 % here, in this paper's own run; He et al. report 7.93 % for the same network. The 600 probabilities are drawn with survival=true.",
  ko: '블록을 빼지 않은 망은 이 논문의 학습으로 6.67 %인데, He 등은 같은 망에서 7.93 %를 보고했다. 확률 600개는 survival=true로 그린다.',
};

const stochasticNotes = (depth: number): Notes => ({
  ...published(`stochastic-depth-resnet-${depth}`),
  idea: stochastic,
  training: depth > 1000 ? stochasticTraining1202 : stochasticTraining,
  trainingSource: 'Huang et al. 2016, Sec. 4',
  deviations: [folded, pooledShortcuts, expected, depth === 110 ? quoted : baseline],
});

export const cifarResnetNotes: NotesById = {
  ...byDepth('cifar-resnet-', [20, 32, 44, 56, 110, 1202], residual),
  ...byDepth('cifar-plain-', [20, 32, 44, 56], plainNotes),
  ...byDepth('stochastic-depth-resnet-', [110, 1202], stochasticNotes),
  /** No paper publishes this form; it is here to be trained on Fashion-MNIST. */
  'fashion-resnet-20': {
    ...residual(20),
    definedIn: 'not in the paper: ResNet-20 of Sec. 4.2 with an input of 28x28 and one channel',
    training: {
      en: 'Not trained in the paper, which has CIFAR-10 only. The same recipe serves: SGD with momentum 0.9, weight decay 0.0001, rate 0.1 divided by 10 twice.',
      ko: '논문은 CIFAR-10으로만 학습했다. 모멘텀 0.9인 SGD, 가중치 감쇠 0.0001, 학습률 0.1을 두 번 10으로 나누는 같은 방법을 쓸 수 있다.',
    },
    publishedErrors: [],
    deviations: [
      {
        en: 'Not a network of the paper: the input has 28x28 positions and one channel, as MNIST and Fashion-MNIST, so the stages are 28x28, 14x14 and 7x7 and conv1 has 288 weights less.',
        ko: '논문에 없는 형태이다. MNIST와 Fashion-MNIST처럼 입력이 28x28의 한 채널이므로, 단계의 크기는 28x28, 14x14, 7x7이고 conv1의 가중치가 288개 적다.',
      },
      optionA,
    ],
  },
};
