import type { NotesById } from '../network.ts';
import { published } from './published.ts';

export const mobilenetv2Notes: NotesById = {
  'mobilenet-v2': {
    ...published('mobilenet-v2'),
    idea: {
      en: 'What passes between blocks is narrow; each block widens it six times, filters every map by itself there, and narrows it again. The shortcut joins the narrow ends, the reverse of a ResNet, and the narrowing has no ReLU, which would destroy information in so few channels.',
      ko: '블록 사이로 전하는 것은 좁고, 블록마다 여섯 배로 넓혀 맵마다 따로 필터를 적용한 다음 다시 좁힌다. ResNet과 반대로 지름길이 좁은 쪽끼리 잇고, 좁히는 층에는 ReLU가 없다. 채널이 적은 곳에서는 ReLU가 정보를 없애기 때문이다.',
    },
    training: {
      en: 'RMSprop with decay and momentum 0.9 on 16 asynchronous GPU workers, batch 96, weight decay 0.00004, rate 0.045 multiplied by 0.98 every pass; batch normalisation after every layer.',
      ko: 'RMSprop(감쇠와 모멘텀 0.9), 비동기로 도는 GPU 16대, 배치 96, 가중치 감쇠 0.00004, 학습률 0.045에 반복마다 0.98을 곱한다. 모든 층 뒤에 배치 정규화를 둔다.',
    },
    trainingSource: 'Sandler et al. 2018, Sec. 6.1',
    deviations: [
      {
        en: 'The paper gives 3.4 million parameters and 300 million multiply-adds; exactly they are 3,504,872 and 300,774,272 with 1000 classes, as in torchvision. It does not count its layers; 53 is the longest path.',
        ko: '논문에는 매개변수 340만 개, 곱셈-덧셈 3억 번으로 되어 있으나 클래스 1000개에서 정확히는 torchvision과 같은 3,504,872개와 300,774,272번이다. 논문은 층을 세지 않으며, 53은 가장 긴 경로의 층 수이다.',
      },
      {
        en: 'The Caffe port of shicai widens in the first block too, by a 1x1 from 32 to 32 maps, and halves the map after the blocks of 64 maps instead of before: 3,505,960 parameters and 429 million multiply-adds. In Table 2 the first expansion is 1, which is no layer.',
        ko: 'shicai의 Caffe 판은 첫 블록에도 맵 32개에서 32개로 가는 1x1을 두고, 맵을 64개짜리 블록 앞이 아니라 뒤에서 반으로 줄여 매개변수가 3,505,960개, 곱셈-덧셈이 4억 2900만 번이다. 표 2에서 첫 확장은 1이므로 층이 없다.',
      },
      {
        en: "Padding is 1 on every side, as in torchvision; TensorFlow's 'same' pads only the bottom and right at stride 2. Widths of other multipliers are rounded to multiples of 8 as in TF-Slim, and the last 1280 maps are kept where the multiplier is below 1.",
        ko: "패딩은 torchvision처럼 사방 1이다. TensorFlow의 'same'은 보폭 2에서 아래와 오른쪽에만 덧붙인다. 다른 배수의 너비는 TF-Slim처럼 8의 배수로 맞추며, 배수가 1보다 작아도 마지막 맵 1280개는 그대로 둔다.",
      },
      {
        en: "There is no max pooling, so a deconvnet projection has no switches. No trained weights are bundled: a file with torchvision's names loads if you drop it here.",
        ko: '최대 풀링이 없으므로 디컨브넷 투영에 스위치가 없다. 학습된 가중치는 들어 있지 않으며, torchvision의 이름을 쓰는 파일을 여기에 놓으면 읽어 들인다.',
      },
    ],
  },
};
