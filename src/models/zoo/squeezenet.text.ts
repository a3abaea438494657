import type { NotesById, Text } from '../network.ts';
import { published } from './published.ts';

const training: Text = {
  en: 'SGD with momentum 0.9 and weight decay 0.0002, a rate of 0.04 that falls linearly to 0 over the whole training, batches of 512 by default; dropout 0.5 after fire9, crops of 227x227 and, in the published file, no mirror images.',
  ko: '모멘텀 0.9, 가중치 감쇠 0.0002의 SGD로, 학습률은 0.04에서 시작해 학습 내내 0까지 곧게 내리고 배치는 기본 512이다. fire9 뒤에 드롭아웃 0.5를 두고 227x227 조각을 쓰며, 공개된 파일에서는 좌우 반전을 쓰지 않는다.',
};

const trainingSource =
  'Iandola et al. 2016, Sec. 3.3; forresti/SqueezeNet README.md, SqueezeNet_v1.0/solver.prototxt and train_val.prototxt';

const flops: Text = {
  en: 'The README gives 1.72 GFLOPs for 1.0 and 0.72 for 1.1 at 227x227. 1.72 is twice the 861 million multiply-adds of the Caffe file; twice the 388 million of 1.1 would be 0.775, so its figure is of something else.',
  ko: 'README에는 227x227에서 1.0이 1.72 GFLOPs, 1.1이 0.72 GFLOPs라고 되어 있다. 1.72는 Caffe 파일의 곱셈-덧셈 8억 6100만 번의 두 배이지만, 1.1의 3억 8800만 번의 두 배는 0.775이므로 그 값은 다른 것을 센 것이다.',
};

const input: Text = {
  en: 'The input is 224x224 as in torchvision; the Caffe models take 227x227 (resolution=227). Pools round up, and there is a ReLU on the class maps before their average.',
  ko: '입력은 torchvision처럼 224x224이며, Caffe 모델은 227x227이다(resolution=227). 풀링은 올림 방식이고, 클래스 맵을 평균하기 전에 ReLU가 있다.',
};

const conv10: Text = {
  en: 'conv10 of the Caffe file of 1.0 has padding 1, so its class maps are 15x15 and it needs 861,339,936 multiply-adds at 227x227. Table 1 says 13x13x1000, which is no padding, as here and in torchvision: 832,667,936.',
  ko: '1.0의 Caffe 파일에서는 conv10에 패딩 1이 있어 클래스 맵이 15x15이고 227x227에서 곱셈-덧셈이 861,339,936번이다. 표 1의 13x13x1000은 패딩이 없는 것이며, 여기와 torchvision은 이를 따라 832,667,936번이다.',
};

const bundled: Text = {
  en: "No trained weights are bundled: it is drawn and counted. A file with torchvision's names loads if you drop it here.",
  ko: '학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다. torchvision의 이름을 쓰는 파일을 여기에 놓으면 읽어 들인다.',
};

export const squeezenetNotes: NotesById = {
  'squeezenet-1-0': {
    ...published('squeezenet-1-0'),
    idea: {
      en: 'A fire module first squeezes the channels by 1x1 convolutions and then expands them by 1x1 and 3x3 side by side, so the costly 3x3 filters read few channels. Pooling late keeps the maps large, and an average replaces the dense layers: the accuracy of AlexNet with a fiftieth of the parameters.',
      ko: '파이어 모듈은 먼저 1x1 합성곱으로 채널을 줄이고 다시 1x1과 3x3을 나란히 두어 늘리므로, 비싼 3x3 필터가 적은 채널만 읽는다. 풀링을 늦추어 맵을 크게 유지하고 완전 연결 층은 평균으로 대신하여, AlexNet의 정확도를 50분의 1의 매개변수로 얻는다.',
    },
    training,
    trainingSource,
    deviations: [
      {
        en: 'The "<0.5 MB" of the title is the file after deep compression (pruning, 6-bit weights, Huffman coding). The network itself has 1,248,424 parameters, 4.8 MB in the paper and 5.0 MB of 4 bytes each.',
        ko: '제목의 "<0.5MB"는 심층 압축(가지치기, 6비트 가중치, 허프만 부호)을 거친 파일의 크기이다. 망 자체의 매개변수는 1,248,424개로 논문에는 4.8 MB, 4바이트씩 세면 5.0 MB이다.',
      },
      conv10,
      input,
      flops,
      bundled,
    ],
  },
  'squeezenet-1-1': {
    ...published('squeezenet-1-1'),
    idea: {
      en: 'SqueezeNet with a smaller first layer, 64 filters of 3x3 for 96 of 7x7, and with its pools two modules earlier. It takes 2.3 times less work than 1.0 at the same accuracy, with slightly fewer parameters.',
      ko: '첫 층을 7x7 필터 96개에서 3x3 필터 64개로 줄이고 풀링을 앞당긴 SqueezeNet이다. 정확도는 1.0과 같으면서 계산량이 2.3배 적고 매개변수도 조금 적다.',
    },
    training,
    trainingSource,
    deviations: [
      {
        en: 'Not in the paper: the authors published it in their repository afterwards, with "2.4x less computation"; at 224x224 the ratio is 2.35, and 2.22 between the Caffe files at 227x227.',
        ko: '논문에는 없고 저자들이 나중에 저장소에 공개했다. "계산량이 2.4배 적다"고 하는데, 224x224에서는 2.35배, 227x227의 Caffe 파일끼리는 2.22배이다.',
      },
      input,
      flops,
      bundled,
    ],
  },
};
