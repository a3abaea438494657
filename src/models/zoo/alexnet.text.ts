import type { NetworkInfo, Text } from '../network.ts';

const table2 = 'Krizhevsky et al. 2012, Table 2 (as quoted by Zeiler & Fergus, Table 2)';

export const alexnetInfo: NetworkInfo = {
  id: 'alexnet-2012',
  name: 'AlexNet',
  family: 'alexnet',
  year: 2012,
  authors: 'Krizhevsky, Sutskever, Hinton',
  paper: {
    title: 'ImageNet Classification with Deep Convolutional Neural Networks',
    url: 'https://doi.org/10.1145/3065386',
  },
  dataset: 'ImageNet-1k',
  classes: 1000,
  depth: 8,
  idea: {
    en: 'A large convolutional network, trained on 1.2 million photographs with ReLU, dropout and data augmentation, brings the top-5 error of hand-made features from 26 % down to 16 %. It is split over two GPUs: conv2, conv4 and conv5 see only the maps of their own GPU, and the two halves meet before conv3 and in the fully connected layers.',
    ko: 'ReLU, 드롭아웃, 데이터 증강을 써서 사진 120만 장으로 학습시킨 큰 합성곱 신경망으로, 수작업 특징을 쓰던 방법의 상위 5개 오류율 26 %를 16 %로 낮추었다. 두 GPU에 나뉘어 있어 conv2, conv4, conv5는 자기 GPU의 맵만 보고, 두 쪽은 conv3 앞과 완전 연결 층에서 만난다.',
  },
  publishedErrors: [
    { dataset: 'ImageNet-1k', top1: 40.7, top5: 18.2, protocol: '10-crop', source: `${table2}: 1 CNN` },
    { dataset: 'ImageNet-1k', top1: 38.1, top5: 16.4, protocol: 'ensemble', source: `${table2}: 5 CNNs` },
    {
      dataset: 'ImageNet-1k',
      top1: 42.9,
      top5: 19.8,
      protocol: 'single-crop',
      source: 'BVLC/caffe model readme: bvlc_alexnet.caffemodel',
    },
    {
      dataset: 'ILSVRC-2010',
      top1: 37.5,
      top5: 17.0,
      protocol: '10-crop',
      source: 'Krizhevsky et al. 2012, abstract',
    },
  ],
};

export const alexnetDeviations: readonly Text[] = [
  {
    en: 'The paper says 224x224, but an 11x11 kernel at stride 4 without padding makes 55x55 maps only from 227x227. The input here is 227; 224 with padding 2 gives the same shapes and counts.',
    ko: '논문에는 입력이 224x224라고 되어 있지만, 패딩 없이 11x11 커널을 보폭 4로 적용해 55x55 맵이 나오려면 입력이 227x227이어야 한다. 여기서는 227을 쓰며, 224에 패딩 2를 주어도 형태와 수치는 같다.',
  },
  {
    en: '60,965,224 parameters count the two groups. 62,378,344, in many tutorials, ignores them (conv2 614,656, conv4 1,327,488, conv5 884,992); 61,100,840 is the one-tower network of torchvision.',
    ko: '매개변수 60,965,224개는 두 그룹을 반영한 값이다. 여러 자료의 62,378,344개는 그룹을 무시한 값이고(conv2 614,656, conv4 1,327,488, conv5 884,992), 61,100,840개는 torchvision의 단일 타워 망이다.',
  },
  {
    en: "conv1 has 290,400 x 364 = 105,705,600 connections; lecture notes often print 105,750,600. The first layer's 253,440 neurons in Fig. 2 are 96 x 55 x 48; 96 x 55 x 55 = 290,400 gives the abstract's 650,000 in all (659,272).",
    ko: 'conv1의 연결은 290,400 x 364 = 105,705,600개인데, 강의 자료에는 흔히 105,750,600으로 잘못 적혀 있다. 그림 2의 첫 층 뉴런 253,440개는 96 x 55 x 48이며, 96 x 55 x 55 = 290,400으로 고쳐야 초록의 약 650,000개(659,272개)와 맞는다.',
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
];
