import type { NotesById } from '../network.ts';
import { published } from './published.ts';

export const inceptionv3Notes: NotesById = {
  'inception-v3': {
    ...published('inception-v3'),
    idea: {
      en: 'Large windows are split: 5x5 into two 3x3, 7x7 into 1x7 and 7x1, which gives more layers and more width for the same work, and grids shrink by pooling and convolution side by side so that nothing is squeezed. Batch normalisation, label smoothing and RMSProp do the rest: 21.2 / 5.6 % on one crop with 5.7 billion multiply-adds.',
      ko: '큰 창을 쪼갠다. 5x5는 3x3 두 개로, 7x7은 1x7과 7x1로 나누어 같은 계산량으로 층과 너비를 늘리고, 격자를 줄일 때는 풀링과 합성곱을 나란히 두어 정보가 좁은 곳에 몰리지 않게 한다. 여기에 배치 정규화, 라벨 스무딩, RMSProp을 더해 곱셈-덧셈 57억 번으로 조각 하나에서 21.2 / 5.6 %를 얻는다.',
    },
    training: {
      en: 'TensorFlow on 50 replicas with a Kepler GPU each, batch 32, 100 passes; RMSProp with decay 0.9 and epsilon 1, rate 0.045 lowered by 6 % every two passes, gradients clipped at 2, label smoothing 0.1, one auxiliary classifier with batch normalisation, running average of the weights. 17.3 / 3.5 % averages four networks on 144 crops.',
      ko: 'TensorFlow에서 Kepler GPU를 하나씩 쓰는 복제 50개로 배치 32, 100번 반복했다. 감쇠 0.9, 엡실론 1의 RMSProp, 학습률 0.045를 2번 반복마다 6 %씩 낮추고, 기울기를 2에서 자르며, 라벨 스무딩 0.1, 배치 정규화한 보조 분류기 하나, 가중치의 이동 평균을 쓴다. 17.3 / 3.5 %는 망 네 개를 조각 144개로 평균한 값이다.',
    },
    trainingSource: 'Szegedy et al. 2015, abstract, Sec. 7 and 8',
    deviations: [
      {
        en: 'The paper says 42 layers; the longest path of the released network has 48. Its Table 1 is an outline: the numbers of maps come from the released code, as in torchvision.',
        ko: '논문은 42층이라고 하지만 공개된 망의 가장 긴 경로는 48층이다. 논문의 표 1은 개요일 뿐이며, 맵의 수는 torchvision과 마찬가지로 공개된 코드를 따랐다.',
      },
      {
        en: 'The auxiliary classifier exists only during training. Switched on with aux=true it adds 3,326,696 parameters: 27,161,264 for 23,834,568.',
        ko: '보조 분류기는 학습할 때만 있다. aux=true로 켜면 매개변수가 3,326,696개 늘어 23,834,568개가 27,161,264개가 된다.',
      },
      {
        en: 'torchvision counts padding in the average pools inside the modules; TensorFlow does not. Its weights are the TensorFlow ones and expect inputs scaled to -1..1, which torchvision does inside the model (transform_input) and timm by its mean and deviation of 0.5: apply one of them, not both.',
        ko: 'torchvision은 모듈 안의 평균 풀링에서 패딩을 세지만 TensorFlow는 세지 않는다. 가중치는 TensorFlow의 것으로 -1에서 1로 맞춘 입력을 받는데, torchvision은 모델 안에서(transform_input), timm은 평균과 편차 0.5로 변환하므로 둘 중 하나만 적용해야 한다.',
      },
      {
        en: 'The pool branch of the last module averages, as in the paper, TF-Slim and torchvision. The TensorFlow graph of 2015, which the FID score uses, and a Caffe port take the maximum there.',
        ko: '마지막 모듈의 풀링 갈래는 논문, TF-Slim, torchvision처럼 평균이다. FID 점수에 쓰는 2015년의 TensorFlow 그래프와 Caffe 판은 여기서 최댓값을 쓴다.',
      },
      {
        en: "No trained weights are bundled (95 MB in float32): it is drawn and counted. A file with torchvision's names loads if you drop it here.",
        ko: '학습된 가중치는 들어 있지 않다(float32로 95 MB). 구조와 수치만 보여 주며, torchvision의 이름을 쓰는 파일을 여기에 놓으면 읽어 들인다.',
      },
    ],
  },
};
