import type { NotesById, Text } from '../network.ts';
import { published } from './published.ts';

const idea: Text = {
  en: 'One rule, applied again and again, makes the network: put a convolution beside two copies of what you have, one after the other, and average. Paths of every length from 1 to 2^(C-1) result, so it is deep without any residual; drop-path trains them to work alone too.',
  ko: '규칙 하나를 되풀이하여 만든다. 지금까지 만든 것 두 개를 이어 놓고 그 옆에 합성곱 하나를 나란히 두어 평균을 내는 것이다. 길이 1에서 2^(C-1)까지의 경로가 모두 생겨 잔차 없이도 깊어지고, 드롭패스로 경로 하나만으로도 동작하도록 학습한다.',
};

const training: Text = {
  en: 'SGD, batch 100, momentum 0.9, rate 0.02 divided by 10 whenever the number of passes left has halved, 400 passes (20 on SVHN), Xavier weights. Dropout 0, 10, 20, 30, 40 % by block; drop-path 15 % at every join, or a single column kept through the whole network.',
  ko: 'SGD, 배치 100, 모멘텀 0.9, 학습률 0.02를 남은 반복이 반으로 줄 때마다 10으로 나누며 400번(SVHN은 20번) 반복하고 가중치는 Xavier로 시작한다. 드롭아웃은 블록별로 0, 10, 20, 30, 40 %, 드롭패스는 합류점마다 15 %이거나, 망 전체에서 열 하나만 남긴다.',
};

const mixed: Text = {
  en: '"20 layers, C = 4, 38.6 million" mixes three things. Depth is B x 2^(C-1) convolutions: 20 layers are five blocks of C = 3 columns, 40 are C = 4 (Fig. 1); 38.6 million with depth 21 stands in DenseNet\'s Table 2 and does not follow from the released generator, which gives 33.7 million.',
  ko: '"20층, C = 4, 3860만"은 세 가지가 섞인 것이다. 깊이는 합성곱 B x 2^(C-1)개로, 20층은 C = 3인 블록 다섯 개, 40층은 C = 4(그림 1)이다. 깊이 21에 3860만은 DenseNet 논문의 표 2에 있는 값으로, 공개된 생성기에서 나오는 3370만과 다르다.',
};

const pooling: Text = {
  en: 'Pooling follows the last join of a block, as in Fig. 1. The released generator pools every column and joins afterwards: the same counts, slightly different values. It also has no scale and shift in batch normalisation (Caffe), which would be 20,608 parameters less for C = 3 and 44,160 for C = 4.',
  ko: '그림 1처럼 블록의 마지막 합류점 다음에 풀링한다. 공개된 생성기는 열마다 풀링한 다음에 합치는데 수치는 같고 값이 조금 다르다. 또 배치 정규화에 배율과 이동이 없어(Caffe) 매개변수가 C = 3은 20,608개, C = 4는 44,160개 적다.',
};

const joins: Text = {
  en: 'Joins are element-wise means of all columns that end there, as in the paper; convolutions have a bias. The depth counts convolutions of the longest column, not the dense layer.',
  ko: '합류점은 논문처럼 거기서 끝나는 모든 열의 원소별 평균이고, 합성곱에는 편향이 있다. 깊이는 가장 긴 열의 합성곱만 세고 완전 연결 층은 세지 않는다.',
};

const narrow: Text = {
  en: 'The one published error of 40 layers is of a narrow network with 4.8 million parameters, read second-hand; here the widths are those of the 20 layers, which gives 76 million. Set the width to see thinner ones.',
  ko: '40층의 유일한 발표 오류율은 매개변수 480만 개인 좁은 망의 값으로, 원문을 직접 확인하지 못하였다. 여기서는 20층의 너비를 그대로 써서 7600만 개이다. 너비를 바꾸면 더 좁은 망을 볼 수 있다.',
};

const believed: Text = {
  en: "The errors are those of the paper's Table 1 as DenseNet's Table 2 quotes them. For CIFAR-100 set classes=100: 33,781,092 parameters.",
  ko: '오류율은 논문 표 1의 값을 DenseNet 논문의 표 2가 인용한 것이다. CIFAR-100은 classes=100이며 매개변수는 33,781,092개이다.',
};

export const fractalnetNotes: NotesById = Object.fromEntries(
  [20, 40].map((depth) => [
    `fractalnet-${depth}`,
    {
      ...published(`fractalnet-${depth}`),
      idea,
      training,
      trainingSource:
        'Larsson et al. 2017, Sec. 4, read in excerpts; gustavla/fractalnet generation/fractalnet.py and globals.crox',
      deviations: [mixed, pooling, joins, depth === 20 ? believed : narrow],
    },
  ]),
);
