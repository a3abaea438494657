import type { Text } from '../../models/network.ts';

/** The remarks of `ilsvrc.json` in words for a reader, in both languages. */
export const challengeNotes: Readonly<Record<string, Text>> = {
  'method believed; team and figure read': {
    en: 'The method is believed; team and figure were read.',
    ko: '방법은 추정이고, 팀과 수치는 확인했다.',
  },
  'external data: ImageNet Fall 2011': {
    en: 'The other data: ImageNet of fall 2011.',
    ko: '대회 밖의 데이터: 2011년 가을의 ImageNet.',
  },
  'best entry of the year, external data': {
    en: 'The best entry of the year, with other data.',
    ko: '대회 밖의 데이터를 쓴 그해 최고 기록.',
  },
  "the paper's own 14.8 (6 convnets) is a different system; 13.511 is read in one place only; place 3 follows from the listed figures":
    {
      en: 'The paper’s 14.8 of 6 convnets is another system. 13.511 was read in one place only; its third place follows from the figures.',
      ko: '논문의 14.8(합성곱 망 6개)은 다른 시스템이다. 13.511은 한 곳에서만 확인했고, 3위라는 순위는 수치에서 따른다.',
    },
  'read in one place only; a ten-crop or larger net than Fig. 3 is not excluded (the paper has 16.1 on test for one convnet)':
    {
      en: 'Read in one place only; ten crops, or a net larger than Fig. 3, are not excluded: the paper has 16.1 for one convnet.',
      ko: '한 곳에서만 확인했다. 10-크롭이거나 그림 3보다 큰 망일 수 있다. 논문에는 망 하나가 16.1로 되어 있다.',
    },
  '7.325 to 7.407 by entry': {
    en: 'Its entries lie between 7.325 and 7.407.',
    ko: '참가 기록은 7.325에서 7.407 사이이다.',
  },
  'configuration not stated': {
    en: 'Which configuration is not stated.',
    ko: '어느 구성인지 밝히지 않았다.',
  },
  'second by classification error': {
    en: 'Second by classification error.',
    ko: '분류 오류율로 2위.',
  },
  '144 crops': { en: '144 crops.', ko: '144 크롭.' },
  'first published figure below 5.1; its single model has 5.71 (validation, multi-scale dense), which is not below':
    {
      en: 'The first published figure below 5.1. Its single model has 5.71 on the validation set, which is not below.',
      ko: '5.1보다 낮은 첫 발표 수치. 단일 모델은 검증 집합에서 5.71로 더 낮지 않다.',
    },
};
