import type { NotesById, Text } from '../network.ts';
import { published } from './published.ts';

const trainingSource = 'Zeiler and Fergus 2013, Sec. 3 and Table 2';

const training: Text = {
  en: 'SGD, batch 128, momentum 0.9, rate 0.01 lowered by hand when the validation error stops falling, dropout 0.5 in fc6 and fc7, 70 passes in 12 days on one GTX 580. Ten crops of 224x224 of every 256x256 picture (corners and centre, mirrored too); filters of RMS above 0.1 are scaled back to it. The 15.3 % averages five networks.',
  ko: 'SGD, 배치 128, 모멘텀 0.9, 학습률은 0.01에서 시작해 검증 오류가 줄지 않으면 손으로 낮추고, fc6과 fc7에 드롭아웃 0.5를 써서 GTX 580 한 대로 12일 동안 70번 반복했다. 256x256 사진마다 224x224 조각 열 개(네 모서리와 가운데, 그 좌우 반전)를 쓰고, RMS가 0.1을 넘는 필터는 0.1로 되돌린다. 15.3 %는 망 다섯 개를 평균한 값이다.',
};

const paddings: Text = {
  en: 'The paper states no paddings. A 7x7 kernel at stride 2 without padding makes 109x109 maps; padding 1 and ceil-mode pooling give the 110, 55, 26, 13 and 6 of Fig. 3.',
  ko: '논문에는 패딩이 적혀 있지 않다. 패딩 없이 7x7 커널을 보폭 2로 적용하면 109x109 맵이 나오며, 패딩 1과 올림 방식의 풀링을 쓰면 그림 3의 110, 55, 26, 13, 6이 나온다.',
};

export const zfnetNotes: NotesById = {
  zfnet: {
    ...published('zfnet'),
    idea: {
      en: 'A deconvolutional network maps any activation back to pixels, which shows what each layer of AlexNet responds to and what is wrong with it. Its first layer skipped the middle frequencies and its stride of 4 caused aliasing, so ZFNet reads 7x7 windows at stride 2 and keeps more of the picture in the first two layers.',
      ko: '디컨볼루션 망으로 임의의 활성값을 픽셀로 되돌려, AlexNet의 각 층이 무엇에 반응하고 무엇이 문제인지 보여 준다. 첫 층이 중간 주파수를 놓치고 보폭 4가 앨리어싱을 일으키는 것이 드러나, ZFNet은 7x7 창을 보폭 2로 읽어 처음 두 층에 더 많은 정보를 남긴다.',
    },
    training,
    trainingSource,
    deviations: [
      paddings,
      {
        en: 'The input is 224x224, as the text says; 225, 227 and even 277 occur elsewhere. arXiv version 1 shows another network (an 11x11 first layer at stride 4): Fig. 3 of version 3 is meant.',
        ko: '입력은 논문 본문대로 224x224이며, 다른 자료에는 225, 227, 심지어 277도 나온다. arXiv 1판에는 다른 망(11x11, 보폭 4의 첫 층)이 실려 있으므로 3판의 그림 3을 따랐다.',
      },
      {
        en: 'The paper says only that maps are contrast normalised; the response normalisation of AlexNet is used here, after pooling as in Fig. 3.',
        ko: '논문에는 대비 정규화를 한다고만 되어 있다. 여기서는 AlexNet의 국소 응답 정규화를 그림 3처럼 풀링 뒤에 쓴다.',
      },
      {
        en: "ILSVRC-2013: the winning 11.7 % top-5 (11.2 % with extra data) is Clarifai's; the official ZF entry has 13.5 % with five models, and 14.8 % is the paper's own test of six networks. They are different systems.",
        ko: 'ILSVRC-2013의 우승 기록 11.7 %(추가 데이터 사용 시 11.2 %)는 Clarifai의 것이다. 공식 ZF 출품작은 모델 5개로 13.5 %이고, 14.8 %는 논문이 망 6개로 직접 측정한 값이다. 서로 다른 시스템이다.',
      },
      {
        en: 'No trained weights of this network are bundled: it is drawn and counted. Its convolutional layers run in ZFNet (Imagenette).',
        ko: '이 망의 학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다. 합성곱 층은 ZFNet (Imagenette)에서 실행해 볼 수 있다.',
      },
    ],
  },
  'zfnet-512-1024-512': {
    ...published('zfnet-512-1024-512'),
    idea: {
      en: 'The wider network (b) of the same paper: 512, 1024 and 512 maps in the last three convolutions for 384, 384 and 256. Enlarging the middle layers helps, and the top-5 error of one network falls from 16.5 to 16.0 %.',
      ko: '같은 논문의 더 넓은 망 (b)로, 마지막 세 합성곱의 맵이 384, 384, 256개 대신 512, 1024, 512개이다. 가운데 층을 키우는 것이 효과가 있어 망 하나의 상위 5개 오류율이 16.5 %에서 16.0 %로 내려간다.',
    },
    training,
    trainingSource,
    deviations: [
      {
        en: 'It stands in Table 2 as row (b) and again in Table 3. It has 107,627,624 parameters, 75,501,568 of them in fc6; the paper prints no counts.',
        ko: '표 2의 (b)행에 있고 표 3에 다시 나온다. 매개변수는 107,627,624개이며 그 가운데 75,501,568개가 fc6에 있다. 논문에는 이 수가 적혀 있지 않다.',
      },
      paddings,
      {
        en: "The 36.0 / 14.7 % of Table 2 averages six networks, five of Fig. 3 and this one; 14.8 % is its test error. Clarifai's winning 11.7 % of ILSVRC-2013 is another system.",
        ko: '표 2의 36.0 / 14.7 %는 그림 3의 망 다섯 개와 이 망을 합친 여섯 개를 평균한 값이고, 14.8 %는 그 시험 오류율이다. ILSVRC-2013에서 우승한 Clarifai의 11.7 %는 다른 시스템이다.',
      },
      {
        en: 'No trained weights of this network are bundled: it is drawn and counted.',
        ko: '이 망의 학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다.',
      },
    ],
  },
  'zfnet-512-onnx': {
    ...published('zfnet-512-onnx'),
    idea: {
      en: 'The zfnet512 of the ONNX model zoo: 512 maps in each of the last three convolutions, and a second dense layer of 1024 units. It shows how far a released file can be from the paper whose name it bears.',
      ko: 'ONNX 모델 저장소의 zfnet512이다. 마지막 세 합성곱의 맵이 모두 512개이고 두 번째 완전 연결 층의 뉴런은 1024개이다. 공개된 파일이 논문과 얼마나 다를 수 있는지 보여 준다.',
    },
    training: {
      en: 'How it was trained is not stated by the model zoo; its README gives a validation error of 44.0 / 20.6 %, measured on a centre crop.',
      ko: '모델 저장소에는 학습 방법이 적혀 있지 않다. README에는 가운데 조각 하나로 잰 검증 오류율 44.0 / 20.6 %가 적혀 있다.',
    },
    trainingSource: 'onnx/models validated/vision/classification/zfnet-512/README.md',
    deviations: [
      {
        en: 'Its README says only that "4th layer has 512 maps instead of 1024"; but fc7 has 1024 units for 4096 too, or the file would be 412 MB and not 349 MB: 87,250,536 parameters for 107,627,624.',
        ko: 'README에는 "4번째 층의 맵이 1024개가 아니라 512개"라고만 되어 있지만 fc7도 4096개가 아니라 1024개이다. 그렇지 않으면 파일이 349 MB가 아니라 412 MB여야 한다. 매개변수는 107,627,624개가 아니라 87,250,536개이다.',
      },
      {
        en: 'conv1 and conv2 are unpadded and pools round down, so maps are 109, 54, 25 and 12 wide, and a last 2x2 pool makes 6; the paper has 110, 55, 26 and 13. Normalisation stands before pooling, with alpha 0.0005.',
        ko: 'conv1과 conv2에는 패딩이 없고 풀링은 내림 방식이어서 맵의 폭이 109, 54, 25, 12이며, 마지막 2x2 풀링이 6을 만든다(논문은 110, 55, 26, 13). 정규화는 풀링 앞에 있고 alpha는 0.0005이다.',
      },
      {
        en: 'No trained weights are bundled: it is drawn and counted.',
        ko: '학습된 가중치는 들어 있지 않아 구조와 수치만 보여 준다.',
      },
    ],
  },
  'zfnet-imagenette': {
    ...published('zfnet'),
    idea: {
      en: 'The convolutional layers of ZFNet as published, with a narrower classifier for ten ImageNet classes, trained from scratch for this tool. Its three max-pooling layers record switches, so that the deconvnet of the paper can be tried on it as it was meant.',
      ko: '논문 그대로의 ZFNet 합성곱 층에 ImageNet의 열 가지 클래스만 구별하는 좁은 분류기를 붙여, 이 도구를 위해 처음부터 학습시킨 망이다. 최대 풀링 층 세 개가 스위치를 기록하므로 논문의 디컨브넷을 본래 뜻대로 시험해 볼 수 있다.',
    },
    training: {
      en: 'From scratch on Imagenette for this tool; the whole recipe is in training/ of the repository, and the accuracy is stated with the weights.',
      ko: '이 도구를 위해 Imagenette로 처음부터 학습했다. 전체 방법은 저장소의 training/에 있고, 정확도는 가중치와 함께 적혀 있다.',
    },
    trainingSource: 'training/train_imagenette.py and training/zfnet-imagenette.json of this repository',
    publishedErrors: [],
    deviations: [
      {
        en: 'It knows ten classes only: tench, English springer, cassette player, chain saw, church, French horn, garbage truck, gas pump, golf ball, parachute. A photo of anything else still gets one of these ten names.',
        ko: '텐치, 잉글리시 스프링어, 카세트 플레이어, 전기톱, 교회, 프렌치 호른, 쓰레기차, 주유기, 골프공, 낙하산의 열 가지만 안다. 다른 것을 찍은 사진에도 이 열 가지 가운데 하나로 답한다.',
      },
      {
        en: 'The classifier is 512-512-10 in place of 4096-4096-1000: 8,713,354 parameters for 62,357,608.',
        ko: '분류기는 4096-4096-1000 대신 512-512-10이다. 매개변수는 62,357,608개가 아니라 8,713,354개이다.',
      },
      {
        en: "Response normalisation divides alpha by 5, as PyTorch does, because the weights were trained so. The paper's error rates are not this network's.",
        ko: '가중치를 그렇게 학습했으므로 국소 응답 정규화는 PyTorch처럼 alpha를 5로 나눈다. 논문의 오류율은 이 망의 값이 아니다.',
      },
      paddings,
    ],
  },
};
