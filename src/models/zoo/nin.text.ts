import type { NotesById } from '../network.ts';
import { published } from './published.ts';

export const ninNotes: NotesById = {
  'nin-cifar': {
    ...published('nin-cifar'),
    idea: {
      en: 'After each convolution a small perceptron, the same at every position, mixes the channels: that is what a 1x1 convolution does, and the later inception modules and bottlenecks live on it. The last layer has one map a class, and its average over the picture is the score, so the large fully connected layers and their overfitting are gone.',
      ko: '합성곱마다 그 뒤에 모든 위치에서 똑같은 작은 퍼셉트론을 두어 채널을 섞는다. 이것이 바로 1x1 합성곱이며, 뒤에 나온 인셉션 모듈과 병목 블록의 바탕이 된다. 마지막 층은 클래스마다 맵이 하나씩이고 그 평균이 점수가 되므로, 큰 완전 연결 층과 그 과적합이 사라진다.',
    },
    training: {
      en: 'As AlexNet: the rate is divided by 10 when the accuracy stops rising; weight decay, and dropout after all mlpconv layers but the last (0.5 here). Pictures with global contrast normalisation and ZCA whitening; 8.81 % with shifted and mirrored copies, 10.41 % without.',
      ko: 'AlexNet처럼 정확도가 더 오르지 않으면 학습률을 10으로 나눈다. 가중치 감쇠를 쓰고, 마지막을 뺀 mlpconv 층 뒤에 드롭아웃(여기서는 0.5)을 둔다. 전역 대비 정규화와 ZCA 백색화를 거친 그림을 쓰며, 옮기고 뒤집은 그림을 더하면 8.81 %, 없으면 10.41 %이다.',
    },
    trainingSource: 'Lin et al. 2013, Sec. 4, read in notes that quote it',
    deviations: [
      {
        en: "The paper's figure shows three mlpconv layers without numbers. The widths, 192-160-96, 192-192-192 and 192-192-10, are those of the authors' released model; it has 966,986 parameters, where the paper prints no count.",
        ko: '논문의 그림에는 mlpconv 층 세 개가 숫자 없이 그려져 있다. 너비 192-160-96, 192-192-192, 192-192-10은 저자들이 공개한 모델의 것이며, 매개변수는 966,986개이다(논문에는 이 수가 없다).',
      },
      {
        en: 'The paper describes max pooling between the layers. The released model pools by the maximum first and by the average the second time, and has a ReLU on its class maps before their average.',
        ko: '논문에는 층 사이에 최대 풀링을 둔다고 되어 있지만, 공개된 모델은 첫 번째는 최대, 두 번째는 평균으로 풀링하며, 클래스 맵을 평균하기 전에도 ReLU를 둔다.',
      },
      {
        en: 'The CIFAR-100 error is 35.68 % in the paper and 35.67 % as the Wide ResNet paper quotes it. No trained weights are bundled: it is drawn and counted.',
        ko: 'CIFAR-100 오류율은 논문에 35.68 %, Wide ResNet 논문의 인용에는 35.67 %로 되어 있다. 학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다.',
      },
    ],
  },
  'nin-imagenet': {
    ...published('nin-imagenet'),
    idea: {
      en: 'Four mlpconv layers with the windows of AlexNet (11x11 at stride 4, 5x5, 3x3, 3x3), each followed by two 1x1 convolutions, and 1000 class maps averaged at the end. Without dense layers it has 7.6 million parameters, an eighth of AlexNet, at about the same error.',
      ko: 'AlexNet의 창(보폭 4의 11x11, 5x5, 3x3, 3x3)을 쓰는 mlpconv 층 네 개로, 저마다 1x1 합성곱 두 개가 뒤따르고 끝에서 클래스 맵 1000개를 평균한다. 완전 연결 층이 없어 매개변수가 AlexNet의 8분의 1인 760만 개인데도 오류율은 비슷하다.',
    },
    training: {
      en: 'The authors released it for Caffe after the paper, trained on ImageNet in batches of 64, with crops of 224x224, mirror images and dropout 0.5 before the last mlpconv layer; the release gives a validation error of 40.64 %.',
      ko: '저자들이 논문 뒤에 Caffe용으로 공개한 망이다. 마지막 mlpconv 층 앞에 드롭아웃 0.5를 두고, 224x224 조각과 좌우 반전을 쓰며 배치 64로 ImageNet에서 학습했다. 공개된 검증 오류율은 40.64 %이다.',
    },
    trainingSource: 'Caffe model zoo gist mavenlin/d802a5849de39225bcc6 (nin_imagenet), read in a copy',
    deviations: [
      {
        en: 'The paper has no ImageNet network. This one is the Caffe model that its first author published later; its error is not the result of a paper.',
        ko: '논문에는 ImageNet용 망이 없다. 이 망은 제1저자가 나중에 공개한 Caffe 모델이며, 오류율도 논문의 결과가 아니다.',
      },
      {
        en: 'The input is 227x227; the released Caffe file crops 224x224, which gives the same maps from pool1 on. Pools round up, as Caffe does.',
        ko: '입력은 227x227이다. 공개된 Caffe 파일은 224x224를 자르는데, pool1부터는 맵의 크기가 같다. 풀링은 Caffe처럼 올림 방식이다.',
      },
      {
        en: 'The dropout before the last mlpconv layer keeps half of pool3; the average of the class maps has no parameters. No trained weights are bundled: it is drawn and counted.',
        ko: '마지막 mlpconv 층 앞의 드롭아웃은 pool3의 절반만 남기며, 클래스 맵의 평균에는 매개변수가 없다. 학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다.',
      },
    ],
  },
};
