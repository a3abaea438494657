import type { NotesById } from '../network.ts';
import { published } from './published.ts';

export const alexnetNotes: NotesById = {
  'alexnet-2012': {
    ...published('alexnet-2012'),
    idea: {
      en: 'A large convolutional network, trained on 1.2 million photographs with ReLU, dropout and data augmentation, brings the top-5 error of hand-made features from 26 % down to 16 %. It is split over two GPUs: conv2, conv4 and conv5 see only the maps of their own GPU, and the two halves meet before conv3 and in the fully connected layers.',
      ko: 'ReLU, 드롭아웃, 데이터 증강을 써서 사진 120만 장으로 학습시킨 큰 합성곱 신경망으로, 수작업 특징을 쓰던 방법의 상위 5개 오류율 26 %를 16 %로 낮추었다. 두 GPU에 나뉘어 있어 conv2, conv4, conv5는 자기 GPU의 맵만 보고, 두 쪽은 conv3 앞과 완전 연결 층에서 만난다.',
    },
    training: {
      en: 'SGD, batch 128, momentum 0.9, weight decay 0.0005, rate 0.01 divided by 10 three times, about 90 passes in five to six days on two GTX 580. Dropout 0.5 in the first two dense layers; 224x224 crops and mirror images of 256x256, shifted colours; five networks averaged give the 16.4 %.',
      ko: 'SGD, 배치 128, 모멘텀 0.9, 가중치 감쇠 0.0005, 학습률 0.01을 세 번 10으로 나누며 GTX 580 두 대로 닷새에서 엿새 동안 약 90번 반복했다. 처음 두 완전 연결 층에 드롭아웃 0.5, 256x256에서 자른 224x224 조각과 좌우 반전, 색 변화를 썼고, 16.4 %는 망 다섯 개를 평균한 값이다.',
    },
    trainingSource: 'Krizhevsky et al. 2012, Sec. 4 to 6',
    deviations: [
      {
        en: 'The paper says 224x224, but an 11x11 kernel at stride 4 without padding makes 55x55 maps only from 227x227. The input here is 227; 224 with padding 2 gives the same shapes and counts.',
        ko: '논문에는 입력이 224x224라고 되어 있지만, 패딩 없이 11x11 커널을 보폭 4로 적용해 55x55 맵이 나오려면 입력이 227x227이어야 한다. 여기서는 227을 쓰며, 224에 패딩 2를 주어도 형태와 수치는 같다.',
      },
      {
        en: '60,965,224 parameters count the two groups. 62,378,344, in many tutorials, ignores them (conv2 614,656, conv4 1,327,488, conv5 884,992); 61,100,840 is the one-tower network of torchvision.',
        ko: '매개변수 60,965,224개는 두 그룹을 반영한 값이다. 여러 자료의 62,378,344개는 그룹을 무시한 값이고(conv2 614,656, conv4 1,327,488, conv5 884,992), 61,100,840개는 torchvision의 단일 타워 망이다.',
      },
      {
        en: "conv1 has 290,400 x 364 = 105,705,600 connections; some lecture notes print 105,750,600. The first layer's 253,440 neurons in Fig. 2 are 96 x 55 x 48; 96 x 55 x 55 = 290,400 gives the abstract's 650,000 in all (659,272).",
        ko: 'conv1의 연결은 290,400 x 364 = 105,705,600개인데, 105,750,600으로 잘못 적은 강의 자료가 있다. 그림 2의 첫 층 뉴런 253,440개는 96 x 55 x 48이며, 96 x 55 x 55 = 290,400으로 고쳐야 초록의 약 650,000개(659,272개)와 맞는다.',
      },
      {
        en: "The order is the paper's: convolution, ReLU, response normalisation, pooling; pooling before normalisation is CaffeNet. Normalisation has k = 2 and alpha undivided, as in the paper's formula; Caffe has k = 1 and divides alpha by 5.",
        ko: '순서는 논문대로 합성곱, ReLU, 국소 응답 정규화, 풀링이다. 정규화 앞에 풀링을 두는 것은 CaffeNet이다. 정규화는 논문의 식대로 k = 2이고 alpha를 나누지 않으며, Caffe는 k = 1이고 alpha를 5로 나눈다.',
      },
      {
        en: 'The two halves exchange maps at conv3 and in the fully connected layers. Notes that say "conv3 and conv5" are wrong: conv4 and conv5 see their own half only.',
        ko: '두 쪽은 conv3과 완전 연결 층에서 맵을 주고받는다. "conv3과 conv5"라고 쓴 자료는 틀렸다. conv4와 conv5는 자기 쪽만 본다.',
      },
      {
        en: 'No trained weights are bundled (244 MB in float32): the network is drawn and counted.',
        ko: '학습된 가중치는 들어 있지 않다(float32로 244 MB). 구조와 수치만 보여 준다.',
      },
    ],
  },
  caffenet: {
    ...published('caffenet'),
    idea: {
      en: 'AlexNet as the reference model of the Caffe library: the same layers and sizes, with pooling before response normalisation instead of after it. Normalising the pooled maps costs about a quarter of the work, and the errors are about the same (57.4 % against 57.1 % right on one crop).',
      ko: 'Caffe 라이브러리의 기준 모델로 배포된 AlexNet이다. 층과 크기는 같고, 국소 응답 정규화를 풀링 뒤로 옮겼다. 풀링된 맵을 정규화하면 계산이 4분의 1쯤으로 줄고 정확도는 비슷하다(조각 하나로 57.4 %와 57.1 %).',
    },
    training: {
      en: "The solver of the Caffe release: SGD, batch 256, momentum 0.9, weight decay 0.0005, rate 0.01 divided by 10 every 100,000 of 450,000 steps; the released weights are those of step 310,000. Crops and mirror images, but not the paper's shifted colours; dropout 0.5.",
      ko: 'Caffe 배포판의 설정으로 SGD, 배치 256, 모멘텀 0.9, 가중치 감쇠 0.0005를 쓰고, 학습률 0.01을 100,000단계마다 10으로 나누며 450,000단계까지 학습하도록 되어 있고, 공개된 가중치는 310,000단계의 것이다. 조각 자르기와 좌우 반전, 드롭아웃 0.5를 쓰지만 논문의 색 변화는 쓰지 않는다.',
    },
    trainingSource:
      'BVLC/caffe models/bvlc_reference_caffenet: solver.prototxt, train_val.prototxt, readme.md',
    deviations: [
      {
        en: "Convolution, ReLU, pooling, response normalisation: this order is CaffeNet's, though lecture notes print it as AlexNet's too. The paper normalises before it pools.",
        ko: '합성곱, ReLU, 풀링, 국소 응답 정규화의 순서는 CaffeNet의 것인데, AlexNet의 순서라고 적은 강의 자료도 있다. 논문은 풀링 앞에서 정규화한다.',
      },
      {
        en: 'Parameters and multiply-adds equal those of AlexNet (60,965,224 and 724,406,816): normalisation and pooling have neither.',
        ko: '매개변수와 곱셈-덧셈 수는 AlexNet과 같다(60,965,224개, 724,406,816번). 정규화와 풀링에는 둘 다 없기 때문이다.',
      },
      {
        en: 'Caffe divides alpha by the 5 channels of the neighbourhood and has k = 1; the paper has k = 2 and divides by nothing. No trained weights are bundled.',
        ko: 'Caffe는 alpha를 이웃 채널 수 5로 나누고 k = 1이며, 논문은 나누지 않고 k = 2이다. 학습된 가중치는 들어 있지 않다.',
      },
    ],
  },
  'alexnet-one-tower': {
    ...published('alexnet-one-tower'),
    idea: {
      en: 'AlexNet redrawn for one device after a paper on training it in parallel: a single tower of 64, 192, 384, 256 and 256 maps, without groups and without response normalisation. It is the network that torchvision calls AlexNet.',
      ko: '병렬 학습을 다룬 논문에 맞추어 AlexNet을 한 장치용으로 다시 그린 망이다. 맵이 64, 192, 384, 256, 256개인 탑 하나이고 그룹도 국소 응답 정규화도 없다. torchvision에서 AlexNet이라고 부르는 망이다.',
    },
    training: {
      en: "The weights are torchvision's: SGD, batch 256 (32 on each of eight V100), momentum 0.9, weight decay 0.0001, rate 0.01 divided by 10 every 30 of 90 passes (its reference scripts); random crops and mirror images, dropout 0.5.",
      ko: 'torchvision의 가중치로, 그 기준 스크립트에 따라 SGD, 배치 256(V100 여덟 대에 32장씩), 모멘텀 0.9, 가중치 감쇠 0.0001을 쓰고 학습률 0.01을 30번마다 10으로 나누며 90번 반복했다. 무작위 조각 자르기와 좌우 반전, 드롭아웃 0.5를 쓴다.',
    },
    trainingSource: 'pytorch/vision references/classification/README.md',
    deviations: [
      {
        en: 'Not the network of 2012: 61,100,840 parameters and 714,188,480 multiply-adds for 60,965,224 and 724,406,816, other numbers of maps, no groups, no normalisation, and dropout before the dense layers instead of after them.',
        ko: '2012년의 망이 아니다. 매개변수 61,100,840개, 곱셈-덧셈 714,188,480번으로(2012년은 60,965,224개, 724,406,816번) 맵의 수가 다르고, 그룹과 정규화가 없으며, 드롭아웃이 완전 연결 층의 뒤가 아니라 앞에 있다.',
      },
      {
        en: 'It is drawn as torchvision reads the paper. Padding 2 in conv1 lets 224x224 make the same 55x55 maps as 227x227 without padding.',
        ko: '논문을 torchvision이 해석한 대로 그렸다. conv1의 패딩 2 덕분에 224x224 입력에서도 패딩 없는 227x227과 같은 55x55 맵이 나온다.',
      },
      {
        en: "torchvision's adaptive pooling to 6x6 does nothing at 224x224, where pool5 is 6x6 already: it is not drawn. No trained weights are bundled; a file with torchvision's names loads if you drop it here.",
        ko: 'torchvision의 6x6 적응 풀링은 224x224에서는 pool5가 이미 6x6이므로 아무 일도 하지 않아 그리지 않았다. 학습된 가중치는 들어 있지 않으며, torchvision의 이름을 쓰는 파일을 여기에 놓으면 읽어 들인다.',
      },
    ],
  },
};
