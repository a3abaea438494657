import type { NotesById, PublishedError, Text } from '../network.ts';
import { published } from './published.ts';

const training: Text = {
  en: 'Asynchronous SGD on CPUs (DistBelief), momentum 0.9, the rate lowered by 4 % every 8 passes, weights averaged over time, dropout 40 %, two auxiliary losses of weight 0.3. The sampling of crops changed on the way; what worked well after the competition is crops of 8 to 100 % of the picture with aspect ratios of 3/4 to 4/3, with photometric distortions. 6.67 % averages seven networks on 144 crops each.',
  ko: 'CPU에서 비동기 SGD(DistBelief)로 학습했다. 모멘텀 0.9, 8번 반복마다 학습률을 4 %씩 낮추고, 가중치를 시간에 따라 평균하며, 드롭아웃 40 %, 가중치 0.3의 보조 손실 두 개를 쓴다. 조각을 자르는 방법은 도중에 바뀌었고, 대회 뒤에 잘 된 것으로 확인한 방법은 사진의 8~100 % 넓이, 가로세로비 3/4~4/3인 조각과 색 왜곡이다. 6.67 %는 망 일곱 개를 조각 144개씩으로 평균한 값이다.',
};

const ofTorchvision = ({ series }: PublishedError): boolean => series === 'torchvision-v1';
const { publishedErrors, ...bibliography } = published('googlenet');
const ofPaper = publishedErrors.filter((error) => !ofTorchvision(error));

export const googlenetNotes: NotesById = {
  googlenet: {
    ...bibliography,
    idea: {
      en: 'An inception module looks at the same maps through 1x1, 3x3 and 5x5 windows and a pooling at once and lets the next layer choose. 1x1 convolutions shrink the channels before the large windows, and an average over the last maps replaces the large fully connected layers, so 22 layers cost nine times fewer parameters than AlexNet.',
      ko: '인셉션 모듈은 같은 맵을 1x1, 3x3, 5x5 창과 풀링으로 동시에 보고 선택은 다음 층에 맡긴다. 큰 창 앞의 1x1 합성곱이 채널을 줄이고 마지막 맵의 평균이 큰 완전 연결 층을 대신하므로, 22층인데도 매개변수가 AlexNet의 9분의 1쯤이다.',
    },
    training,
    trainingSource: 'Szegedy et al. 2014, Sec. 5 to 7',
    deviations: [
      {
        en: 'It has 6,998,552 parameters with biases. Sources say 4, 5, 6.8 or 7 million: 5 million is "12 times fewer than AlexNet" in the paper, 6.8 million the sum of its Table 1, and 13,378,280 counts the two auxiliary classifiers.',
        ko: '편향을 포함한 매개변수는 6,998,552개이다. 자료마다 400만, 500만, 680만, 700만으로 다른데, 500만은 논문의 "AlexNet보다 12배 적다"에서, 680만은 표 1의 합에서 온 값이고, 13,378,280개는 보조 분류기 두 개를 더한 값이다.',
      },
      {
        en: 'Table 1 of the paper is wrong in places: a 7x7 convolution with 64 filters has 9.2K weights and 118M multiply-adds (printed 2.7K and 34M), 4c has 497K (463K) and 5a 1018K (1072K). Its operations add to 1,502M; exactly, 1,583M.',
        ko: '논문의 표 1에는 틀린 값이 있다. 필터가 64개인 7x7 합성곱의 가중치는 9.2K, 곱셈-덧셈은 118M이고(표에는 2.7K와 34M), 4c는 497K(463K), 5a는 1018K(1072K)이다. 연산 수의 합은 표에서 1,502M이지만 정확히는 1,583M이다.',
      },
      {
        en: 'The two auxiliary classifiers (on 4a and 4d) exist only during training. Switch them on with aux=true: they add 3,188,840 and 3,190,888 parameters, 13,378,280 in all, and 8,372,224 multiply-adds.',
        ko: '보조 분류기 두 개(4a와 4d 뒤)는 학습할 때만 있다. aux=true로 켜면 매개변수가 3,188,840개와 3,190,888개 늘어 모두 13,378,280개가 되고, 곱셈-덧셈은 8,372,224번 늘어난다.',
      },
      {
        en: 'The network of torchvision is another one: batch normalisation in place of response normalisation, and 3x3 kernels in the 5x5 branch (its issue 906), 6,624,904 parameters.',
        ko: 'torchvision의 망은 다르다. 국소 응답 정규화 대신 배치 정규화를 쓰고 5x5 갈래에 3x3 커널을 쓰며(이슈 906), 매개변수는 6,624,904개이다.',
      },
      {
        en: 'Paddings, ceil-mode pooling and the constants of response normalisation are those of the published Caffe model (BVLC). No trained weights are bundled: it is drawn and counted.',
        ko: '패딩, 올림 방식의 풀링, 국소 응답 정규화의 상수는 공개된 Caffe 모델(BVLC)의 것이다. 학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다.',
      },
    ],
    publishedErrors: ofPaper,
  },
  'googlenet-aux': {
    ...bibliography,
    definedIn: 'Table 1 and Sec. 5',
    idea: {
      en: 'GoogLeNet as it was trained: two small classifiers on the side, behind inception 4a and 4d, whose losses count 0.3 each, bring gradient into the middle of a deep network and make its features tell classes apart early. They are cut off afterwards, so the answer is that of GoogLeNet.',
      ko: '학습할 때의 GoogLeNet이다. 인셉션 4a와 4d 뒤에 작은 분류기 두 개를 옆으로 달고 그 손실을 0.3씩 더해, 깊은 망의 중간까지 그래디언트를 보내고 이른 층의 특징도 클래스를 구별하게 한다. 학습이 끝나면 떼어 내므로 답은 GoogLeNet과 같다.',
    },
    training,
    trainingSource: 'Szegedy et al. 2014, Sec. 5 to 7',
    deviations: [
      {
        en: 'Each has 5x5 average pooling at stride 3, a 1x1 convolution of 128 maps, a dense layer of 1024 units, dropout of 70 % and a classifier: 3,188,840 and 3,190,888 parameters, 13,378,280 in all with the 6,998,552 that stay.',
        ko: '분류기마다 보폭 3의 5x5 평균 풀링, 맵 128개의 1x1 합성곱, 뉴런 1024개의 완전 연결 층, 드롭아웃 70 %, 분류 층이 있다. 매개변수는 3,188,840개와 3,190,888개이고, 남는 6,998,552개와 합해 13,378,280개이다.',
      },
      {
        en: 'The paper calls their effect on the error small, about 0.5 %, and one of the two enough; its successor (Inception v3, Sec. 4) finds that they do not speed up training but regularise.',
        ko: '논문은 그 효과가 0.5 % 정도로 작고 둘 가운데 하나면 충분하다고 한다. 후속 논문(Inception v3, 4절)은 학습을 빠르게 하는 것이 아니라 정규화 역할을 한다고 본다.',
      },
      {
        en: 'The errors are those of GoogLeNet, for what was only there in training does not answer; charts of released weights show them once, at GoogLeNet.',
        ko: '학습할 때만 있는 부분은 답에 관여하지 않으므로 오류율은 GoogLeNet의 값이다. 공개된 가중치의 도표에는 GoogLeNet에만 표시한다.',
      },
    ],
    publishedErrors: ofPaper.map((error) => ({ ...error, comparable: false })),
  },
  'googlenet-torchvision': {
    ...bibliography,
    idea: {
      en: 'GoogLeNet as torchvision has it, with batch normalisation after every convolution and without response normalisation. Its 5x5 branch has 3x3 windows, as the TensorFlow model that its weights come from; to correct that would need training anew.',
      ko: 'torchvision의 GoogLeNet으로, 합성곱마다 배치 정규화가 뒤따르고 국소 응답 정규화는 없다. 5x5 갈래의 창이 3x3인데, 가중치를 가져온 TensorFlow 모델이 그렇기 때문이며 고치려면 다시 학습해야 한다.',
    },
    training: {
      en: 'torchvision did not train it: the weights were ported from TensorFlow (30.2 / 10.5 % on a centre crop), and how those were trained is not stated with them. The auxiliary heads of torchvision have no trained weights.',
      ko: 'torchvision이 학습한 것이 아니라 TensorFlow의 가중치를 옮긴 것이며(가운데 조각 하나로 30.2 / 10.5 %), 학습 방법은 함께 적혀 있지 않다. torchvision의 보조 분류기에는 학습된 가중치가 없다.',
    },
    trainingSource: 'pytorch/vision references/classification/README.md and issue 906',
    publishedErrors: publishedErrors.filter(ofTorchvision),
    definedIn: 'not in the paper: torchvision/models/googlenet.py',
    deviations: [
      {
        en: 'The branch that the paper calls 5x5 has 3x3 kernels here ("known bug", issue 906 of pytorch/vision); convolutions have no bias and batch normalisation with epsilon 0.001; pool4 is 2x2. Hence 6,624,904 parameters for 6,998,552 and 1,498,376,192 multiply-adds for 1,582,671,872.',
        ko: '논문의 5x5 갈래가 여기서는 3x3 커널이다(pytorch/vision 이슈 906의 "알려진 버그"). 합성곱에는 편향이 없고 epsilon 0.001의 배치 정규화가 붙으며 pool4는 2x2이다. 그래서 매개변수는 6,998,552개가 아니라 6,624,904개, 곱셈-덧셈은 1,582,671,872번이 아니라 1,498,376,192번이다.',
      },
      {
        en: 'With the auxiliary classifiers it has 13,004,888 parameters. torchvision pools for them adaptively to 4x4, with windows that are not evenly spaced; here they are drawn with the 5x5 windows at stride 3 of the paper.',
        ko: '보조 분류기까지 더하면 매개변수는 13,004,888개이다. torchvision은 간격이 고르지 않은 창으로 4x4 적응 풀링을 하지만, 여기서는 논문의 5x5, 보폭 3으로 그렸다.',
      },
      {
        en: "The released weights expect inputs scaled to -1..1; torchvision converts inside the model (transform_input). No trained weights are bundled; a file with torchvision's names loads if you drop it here.",
        ko: '공개된 가중치는 -1에서 1로 맞춘 입력을 받으며, torchvision은 모델 안에서 변환한다(transform_input). 학습된 가중치는 들어 있지 않고, torchvision의 이름을 쓰는 파일을 여기에 놓으면 읽어 들인다.',
      },
    ],
  },
  'googlenet-naive': {
    ...bibliography,
    definedIn: 'Fig. 2a with the maps of Table 1',
    idea: {
      en: 'What GoogLeNet would cost with the naive module of Fig. 2a, without 1x1 convolutions before the large windows: pooling passes all channels on, so every module has more than the one before, 4,944 at the end. It takes 14 times the parameters and 8 times the work, which is why the paper reduces first.',
      ko: '큰 창 앞에 1x1 합성곱이 없는 그림 2a의 단순한 모듈로 GoogLeNet을 만들면 드는 비용을 보여 준다. 풀링이 모든 채널을 그대로 넘기므로 모듈을 지날 때마다 채널이 늘어 끝에는 4,944개가 된다. 매개변수는 14배, 계산량은 8배로, 논문이 먼저 채널을 줄이는 까닭이다.',
    },
    training: {
      en: 'The paper draws the module to reject it and trains no network of it.',
      ko: '논문은 이 모듈을 쓰지 않기로 하는 이유를 보이려고 그렸을 뿐, 이것으로 만든 망을 학습하지 않았다.',
    },
    trainingSource: 'Szegedy et al. 2014, Sec. 4 and Fig. 2',
    publishedErrors: [],
    deviations: [
      {
        en: 'The paper draws this module (Fig. 2a) but no network of it. Here each module of Table 1 keeps the maps of its 1x1, 3x3 and 5x5 convolutions and loses its reductions and its pool projection.',
        ko: '논문에는 이 모듈만 있고(그림 2a) 이것으로 만든 망은 없다. 여기서는 표 1의 모듈마다 1x1, 3x3, 5x5 합성곱의 맵 수는 그대로 두고 축소용 합성곱과 풀링 뒤의 투영을 뺐다.',
      },
      {
        en: '97,526,008 parameters and 12,568,061,056 multiply-adds, where the reduced modules need 6,998,552 and 1,582,671,872.',
        ko: '매개변수 97,526,008개, 곱셈-덧셈 12,568,061,056번이다. 축소한 모듈로는 6,998,552개와 1,582,671,872번이면 된다.',
      },
    ],
  },
};
