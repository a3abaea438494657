import type { NotesById } from '../network.ts';
import { published } from './published.ts';

export const lenetNotes: NotesById = {
  'lenet-5': {
    ...published('lenet-5'),
    idea: {
      en: 'Local receptive fields, shared weights and subsampling, stacked and trained together by backpropagation, replace hand-made features for reading digits. Each map of C3 reads only some maps of S2, which breaks the symmetry and keeps the connections few, and ten radial basis units compare the result with drawn characters.',
      ko: '국소 수용 영역, 가중치 공유, 서브샘플링을 층층이 쌓고 역전파로 함께 학습시켜, 숫자 인식에 쓰던 수작업 특징을 대신한다. C3의 각 맵은 S2의 일부 맵만 읽어 대칭성을 깨고 연결 수를 줄이며, 마지막의 RBF 유닛 10개는 그 결과를 미리 그려 둔 글자 모양과 비교한다.',
    },
    training: {
      en: 'Stochastic diagonal Levenberg-Marquardt: backpropagation with a step size of its own for every weight, from an estimate of the second derivatives on 500 samples. 20 passes over 60,000 digits; the global rate falls from 0.0005 to 0.00001. The pictures are centred in 32x32 and scaled so that background is -0.1 and ink 1.175; the 0.8 % also needs distorted copies.',
      ko: '확률적 대각 레벤버그-마쿼트 방법으로, 표본 500개에서 추정한 2차 미분값으로 가중치마다 걸음 크기를 따로 정하여 역전파로 숫자 60,000장을 20번 학습했다. 전체 학습률은 0.0005에서 0.00001까지 내린다. 그림은 32x32 가운데에 놓고 배경이 -0.1, 글자가 1.175가 되게 맞추며, 0.8 %는 변형한 그림까지 써서 얻었다.',
    },
    trainingSource: 'LeCun et al. 1998, Sec. III and App. C, read in later code and notes that quote it',
    deviations: [
      {
        en: 'C3 follows Table I of the paper: 60 of the 96 pairs of maps are connected, 1,516 parameters. Many lecture notes give 2,416, which is a dense C3; 2,744 connections for S4 (2,000 here) and 48,000 for C5 (48,120 here) are errors of the same kind.',
        ko: 'C3는 논문의 표 I을 따른다. 맵 쌍 96개 가운데 60개만 연결되어 매개변수는 1,516개이다. 많은 강의 자료의 2,416개는 모두 연결된 C3의 값이고, S4의 연결 2,744개(여기서는 2,000개)와 C5의 48,000개(여기서는 48,120개)도 비슷한 오류이다.',
      },
      {
        en: 'The activation is the scaled hyperbolic tangent 1.7159 tanh(2a/3) in every layer up to F6. The paper calls it a sigmoidal function in S2 and S4; versions with the logistic sigmoid or ReLU are not the original.',
        ko: '활성화 함수는 F6까지 모두 크기를 조정한 쌍곡탄젠트 1.7159 tanh(2a/3)이다. 논문은 S2와 S4에서 이를 시그모이드형 함수라고 부르며, 로지스틱 시그모이드나 ReLU를 쓴 것은 원래의 망이 아니다.',
      },
      {
        en: "The output units compute squared distances to ten fixed prototypes of 84 values, so the smallest output wins. These 840 fixed values are not counted among the 60,000 trainable parameters, but their 840 connections are among the paper's 340,908.",
        ko: '출력 유닛은 84개 값으로 된 고정 원형 10개와의 거리 제곱을 계산하므로 가장 작은 출력이 정답이다. 고정된 값 840개는 학습되는 매개변수 60,000개에 들어가지 않지만, 그 연결 840개는 논문의 340,908개에 들어간다.',
      },
      {
        en: 'No trained weights of this form are bundled: it is drawn and counted, and the modern form beside it runs.',
        ko: '이 형태의 학습된 가중치는 들어 있지 않다. 구조와 수치만 보여 주며, 실행은 옆의 현대판 LeNet-5로 한다.',
      },
    ],
  },
  'lenet-5-modern': {
    ...published('lenet-5'),
    idea: {
      en: 'The shape of LeNet-5 with the parts of today: two convolutions with average pooling find strokes and their arrangement, three fully connected layers decide. With 61,706 parameters it is small enough to follow every number from the drawn digit to the answer.',
      ko: 'LeNet-5의 골격에 오늘날의 부품을 쓴 형태로, 합성곱과 평균 풀링 두 단계가 획과 그 배치를 찾고 완전 연결 층 세 개가 판단한다. 매개변수가 61,706개뿐이어서 손으로 그린 숫자에서 답까지 모든 값을 따라가 볼 수 있다.',
    },
    training: {
      en: 'There is no one recipe for this form; how the bundled weights were trained is in training/ of the repository, and their accuracy is stated with them.',
      ko: '이 형태에는 정해진 학습 방법이 없다. 들어 있는 가중치를 학습한 방법은 저장소의 training/에 있고, 정확도는 그 가중치와 함께 적혀 있다.',
    },
    trainingSource: 'training/train_lenet.py and training/lenet-5-modern.json of this repository',
    publishedErrors: [],
    deviations: [
      {
        en: 'Not the network of the paper: C3 is dense (2,416 parameters for 1,516), pooling has no parameters, the activation is plain tanh, and a linear layer with softmax replaces the RBF units. Hence 61,706 parameters for 60,000.',
        ko: '논문의 망 그대로가 아니다. C3가 모두 연결되어 있고(매개변수 1,516개 대신 2,416개), 풀링에 매개변수가 없으며, 활성화 함수는 보통의 tanh이고, RBF 유닛 대신 선형 층과 소프트맥스를 쓴다. 그래서 매개변수가 60,000개가 아니라 61,706개이다.',
      },
      {
        en: 'The 0.95 % error of the 1998 paper belongs to the original; the accuracy of the bundled weights is stated with them.',
        ko: '1998년 논문의 오류율 0.95 %는 원래 망의 값이다. 들어 있는 가중치의 정확도는 그 가중치와 함께 적혀 있다.',
      },
    ],
  },
};
