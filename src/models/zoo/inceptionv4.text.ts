import type { NotesById } from '../network.ts';
import { published } from './published.ts';

export const inceptionv4Notes: NotesById = {
  'inception-v4': {
    ...published('inception-v4'),
    idea: {
      en: 'Once TensorFlow made it unnecessary to split networks over machines, the inception design could be made uniform: a branching stem, then four, seven and three equal blocks of types A, B and C, with a reduction block between the grids of 35, 17 and 8. Large windows are split into 1x7 and 7x1, so width is cheap; without any shortcut it does roughly as well as its residual sibling.',
      ko: 'TensorFlow 덕분에 망을 여러 기계에 쪼갤 필요가 없어지자 인셉션 설계를 균일하게 다듬을 수 있었다. 갈라지는 줄기 다음에 A, B, C형 블록을 네 개, 일곱 개, 세 개 쌓고, 격자 35, 17, 8 사이에 축소 블록을 둔다. 큰 창은 1x7과 7x1로 나누어 넓은 층도 값싸며, 지름길 연결 없이도 잔차를 더한 형제 망과 거의 같게 정확하다.',
    },
    training: {
      en: 'RMSProp in TensorFlow on 20 replicas with a Kepler GPU each: decay 0.9, epsilon 1, rate 0.045 lowered by 6 % every two passes, gradients clipped; evaluated with a running average of the weights. Dropout keeps 80 %; 3.08 % top-5 on the test set averages it with three Inception-ResNet v2.',
      ko: 'TensorFlow에서 Kepler GPU를 하나씩 쓰는 복제 20개로 RMSProp으로 학습했다. 감쇠 0.9, 엡실론 1, 학습률 0.045를 2번 반복마다 6 %씩 낮추고, 기울기를 자르며, 가중치의 이동 평균으로 평가한다. 드롭아웃은 80 %를 남긴다. 시험 집합의 상위 5개 오류율 3.08 %는 Inception-ResNet v2 세 개와 함께 평균한 값이다.',
    },
    trainingSource: 'Szegedy et al. 2016, Training Methodology and Table 4 of the AAAI version',
    deviations: [
      {
        en: "The paper prints no parameters and no multiply-adds. Counted, they are 42,679,816 and 12,253,974,624, the same in timm and in a Caffe port; timm's 12.28 billion adds two operations for every normalised value.",
        ko: '논문에는 매개변수 수와 곱셈-덧셈 수가 없다. 세어 보면 42,679,816개와 12,253,974,624번으로 timm과 Caffe 판이 같다. timm의 122.8억은 정규화하는 값마다 연산 두 번을 더한 것이다.',
      },
      {
        en: 'The average pools inside the blocks do not count padding, as in TensorFlow and timm. 1x7 is a window of one row and seven columns.',
        ko: '블록 안의 평균 풀링은 TensorFlow와 timm처럼 패딩을 세지 않는다. 1x7은 한 행에 일곱 칸인 창이다.',
      },
      {
        en: 'The single-crop 20.0 / 5.0 % is on a validation set without its blacklisted images; the released weights give 19.8 to 19.9 / 4.7 to 5.1 % on all of it. A copy of the table has 25.2 / 7.8 % as the ten-crop error of ResNet: that is the row of BN-Inception.',
        ko: '조각 하나의 20.0 / 5.0 %는 문제가 있는 사진을 뺀 검증 집합의 값이며, 공개된 가중치로 전체를 재면 19.8~19.9 / 4.7~5.1 %이다. 표를 옮긴 자료 가운데 ResNet의 10조각 오류율이 25.2 / 7.8 %로 된 것은 BN-Inception의 행을 잘못 옮긴 것이다.',
      },
      {
        en: 'The paper does not count layers either: 76 is the longest path of convolutions with the classifier. No trained weights are bundled (171 MB in float32): it is drawn and counted.',
        ko: '논문은 층도 세지 않는다. 76은 가장 긴 경로의 합성곱에 분류기를 더한 수이다. 학습된 가중치는 들어 있지 않다(float32로 171 MB). 구조와 수치만 보여 준다.',
      },
    ],
  },
};
