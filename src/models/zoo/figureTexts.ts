import type { Text } from '../network.ts';

/**
 * What papers, READMEs and their readers say of a published figure, in the reader's language. The figures keep the words in
 * which they were noted; names, titles and file names stay as they are in every language.
 */
type Language = keyof Text;

/** Where a figure is from: `He et al. 2015, Table 3` is `He et al. 2015, 표 3`. */
export function sourceText(source: string, language: Language): string {
  if (language === 'en') return source;
  return phrases.reduce((text, [english, korean]) => text.replace(english, korean), source);
}

/** In what it is not quite the network that is named. */
export function variantText(variant: string, language: Language): string {
  return language === 'en' ? variant : (variants[variant] ?? variant);
}

/** A remark on a figure. */
export function noteText(note: string, language: Language): string {
  return language === 'en' ? note : (notes[note] ?? note);
}

/** Parts of sources, the longer ones before what they hold. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [
    /official results page (\S+) \(as quoted in notes on it\)/,
    '공식 결과 페이지 $1 (그 페이지에 대한 메모의 인용)',
  ],
  [/blog of 2 September 2014: about 12 % on 280 images/, '2014년 9월 2일 블로그: 사진 280장에서 약 12 %'],
  [/blog of 2 September 2014/, '2014년 9월 2일 블로그'],
  [/\(read as quoted in (.+?), Table (\d+)\)/, '($1, 표 $2의 인용으로 확인)'],
  [/\(read also in (.+?), Table (\d+)\)/, '($1, 표 $2에서도 확인)'],
  [/\(read in copies; top-1 also in (.+?), Table (\d+)\)/, '(사본으로 확인, top-1은 $1, 표 $2에도 있음)'],
  [/\(top-1 also in Table (\d+)\)/, '(top-1은 표 $1에도 있음)'],
  [/, quoted in (.+?), Table (\d+)$/, ', $1, 표 $2에 인용'],
  [/1 convnet as in Fig\. (\d+)/, '그림 $1과 같은 convnet 1개'],
  [/(\d+) convnets?/, 'convnet $1개'],
  [/(\d+) CNNs?(\*?)/, 'CNN$2 $1개'],
  [/\(1 net\)/, '(망 1개)'],
  [/\(single ConvNet, ([\d.]+)\)/, '(ConvNet 하나, $1)'],
  [/their replication/, '저자들의 재현'],
  [/their baseline/, '저자들의 기준 망'],
  [/their test of (\S+?)\)/, '저자들의 $1 실험)'],
  [/MNIST page of LeCun, Cortes, Burges/, 'LeCun, Cortes, Burges의 MNIST 페이지'],
  [/(ILSVRC-\d+) page/, '$1 페이지'],
  [/table of ultra-deep fractal networks/, '초심층 프랙털 망의 표'],
  [
    /abstract of the first arXiv version \(read on a summary page\)/,
    'arXiv 첫 판의 초록(요약 페이지에서 확인)',
  ],
  [/Table (\d+) of the AAAI version/, 'AAAI판 표 $1'],
  [/classification results table/, '분류 결과 표'],
  [/compression comparison table/, '압축 비교 표'],
  [/width and resolution tables/, '너비와 해상도 표'],
  [/(\S+)-crop table/, '$1-크롭 표'],
  [/\(dropout results\)/, '(드롭아웃 결과)'],
  [/port \(stored copy (\d+)\)/, '이식판(보관된 사본 $1)'],
  [/README quoting TF-Slim/, 'README(TF-Slim 인용)'],
  [/technical report/, '기술 보고서'],
  [/([\d.]+ %) in float32/, 'float32에서 $1'],
  [/ at (\d+) px/, ', $1 px'],
  [/\bS in \[/, 'S ∈ ['],
  [/\babstract\b/g, '초록'],
  [/, text\b/, ', 본문'],
  [/\bTables (\d+) and (\d+)/g, '표 $1, $2'],
  [/\bTable (\d+)/g, '표 $1'],
  [/\bSec\. ([\d.]+)/, '$1절'],
  [/multi-크롭/, '다중 크롭'],
  [/single-크롭/, '단일 크롭'],
];

const variants: Readonly<Record<string, string>> = {
  'sixth convolutional layer, pre-trained on ImageNet Fall 2011 (what * means is believed)':
    '여섯째 합성곱 층, 2011년 가을의 ImageNet으로 사전 학습(*의 뜻은 추정)',
  'replication by Zeiler & Fergus': 'Zeiler & Fergus의 재현',
  'dense layers of 2048': '완전 연결 층 2048',
  'dense layers of 8192': '완전 연결 층 8192',
  dropout: '드롭아웃',
  'torchvision form': 'torchvision 형태',
  'shortcut A': '지름길 A',
  'shortcut B': '지름길 B',
  'shortcut C': '지름길 C',
  'constant-depth baseline of the stochastic depth paper': '확률적 깊이 논문의 고정 깊이 기준 망',
  'batch 64': '배치 64',
  'dropout and drop-path': '드롭아웃과 드롭 패스',
  'narrow (4.8 M parameters)': '좁은 망(매개변수 4.8 M)',
  'k = 48, cosine learning rate (72.7 M parameters)': 'k = 48, 코사인 학습률(매개변수 72.7 M)',
  'dropout 0.2': '드롭아웃 0.2',
};

const notes: Readonly<Record<string, string>> = {
  'trained without the colour (relighting) augmentation of the paper: this remark is believed':
    '논문의 색(조명) 증강 없이 학습: 이 설명은 추정',
  'Caffe conversion measured at 224 px, not 227 px':
    'Caffe에서 변환한 것으로, 227 px이 아니라 224 px에서 측정',
  'crops at test time not read; ten crops is believed': '시험 때의 크롭은 확인하지 못함, 10-크롭은 추정',
  'Caffe conversion measured at 224 px': 'Caffe에서 변환한 것으로, 224 px에서 측정',
  '35.67 in the Wide ResNet paper, Table 5': 'Wide ResNet 논문 표 5에는 35.67',
  'that the SVHN net has these very widths is believed': 'SVHN 망의 너비가 바로 이것이라는 것은 추정',
  'top-5 is not stated; the CNTK examples README prints 40.61 top-1 error for the same model':
    'top-5는 적혀 있지 않음. CNTK 예제 README는 같은 모델의 top-1 오류를 40.61로 적음',
  "bilinear resize, crop fraction 0.875; timm's own evaluation":
    '이중 선형 크기 조정, 크롭 비율 0.875; timm 자체 평가',
  'test scales 256, 384, 512 (believed)': '시험 크기 256, 384, 512(추정)',
  'Table 7 does not name the configuration; its validation figures 24.4/7.1 are those of E':
    '표 7은 구성을 밝히지 않음. 검증 수치 24.4/7.1은 E의 것',
  'which configuration is not stated; E is assumed': '어느 구성인지 밝히지 않음, E로 가정',
  '6.66 / 6.656 on the ILSVRC-2014 page; that the paper prints 6.67 for validation and test alike is believed':
    'ILSVRC-2014 페이지에는 6.66 / 6.656. 논문이 검증과 시험을 모두 6.67로 적었다는 것은 추정',
  'batch normalisation instead of LRN (believed)': 'LRN 대신 배치 정규화(추정)',
  "not the paper's net: batch normalisation, 3x3 kernels in the 5x5 branch (torchvision form)":
    '논문의 망이 아님: 배치 정규화, 5x5 가지에 3x3 커널(torchvision 형태)',
  "bicubic resize, crop fraction 0.95; timm's own evaluation":
    '쌍삼차 크기 조정, 크롭 비율 0.95; timm 자체 평가',
  "bicubic resize, crop fraction 1.0; timm's own evaluation":
    '쌍삼차 크기 조정, 크롭 비율 1.0; timm 자체 평가',
  'stride in the 3x3 convolution, not in the 1x1 as in the paper':
    '스트라이드가 논문처럼 1x1이 아니라 3x3 합성곱에 있음',
  "bilinear resize, crop fraction 0.965; timm's own evaluation":
    '이중 선형 크기 조정, 크롭 비율 0.965; timm 자체 평가',
  "bicubic resize, crop fraction 0.875; timm's own evaluation":
    '쌍삼차 크기 조정, 크롭 비율 0.875; timm 자체 평가',
  "the authors' models: stride in the 1x1 convolution, as in the paper":
    '저자들의 모델: 논문처럼 스트라이드가 1x1 합성곱에 있음',
  "conversion of the authors' Caffe models (believed)": '저자들의 Caffe 모델을 변환한 것(추정)',
  '27.22 in the text and in DenseNet Table 2': '본문과 DenseNet 표 2에는 27.22',
  '48,238 non-blacklisted validation images; on all 50,000 about 0.2 / 0.1 worse':
    '제외 목록에 없는 검증 사진 48,238장; 50,000장 전체에서는 약 0.2 / 0.1 나쁨',
  'Szegedy et al. 2016 print 18.9 / 4.3 on all 50,000':
    'Szegedy et al. 2016은 50,000장 전체에서 18.9 / 4.3으로 적음',
  'the Inception-v4 paper prints 17.3 / 3.6; 17.2 / 3.58 in a table of the paper is believed':
    'Inception-v4 논문에는 17.3 / 3.6; 논문 표의 17.2 / 3.58은 추정',
  'Gluon ResNet v2; that v2 means pre-activation is believed':
    'Gluon ResNet v2; v2가 사전 활성화를 뜻한다는 것은 추정',
  "that resnet-200.t7 is the pre-activation form is inferred: the ResNeXt paper's Table 4 gives 21.7/5.8 for ResNet-200 of the pre-activation paper, in this implementation":
    'resnet-200.t7이 사전 활성화 형태라는 것은 추론: ResNeXt 논문 표 4가 이 구현으로 사전 활성화 논문의 ResNet-200을 21.7/5.8로 적음',
  'the original (post-activation) ResNet-200: 21.8 / 6.0': '원래의(사후 활성화) ResNet-200: 21.8 / 6.0',
  'original unit 6.61': '원래 유닛 6.61',
  'original unit 5.93': '원래 유닛 5.93',
  'original unit 25.16': '원래 유닛 25.16',
  "run by DenseNet's authors": 'DenseNet 저자들이 실행',
  'original unit 7.61; 4.89 +- 0.14 over runs': '원래 유닛 7.61; 여러 번 실행하여 4.89 +- 0.14',
  '4.69 +- 0.20 over runs': '여러 번 실행하여 4.69 +- 0.20',
  'original unit 27.82; 22.68 +- 0.22 over runs': '원래 유닛 27.82; 여러 번 실행하여 22.68 +- 0.22',
  '5.23 quoted by WRN and DenseNet': 'WRN과 DenseNet의 인용은 5.23',
  '24.58 quoted by WRN and DenseNet': 'WRN과 DenseNet의 인용은 24.58',
  '5.79 in Table 9 and a README is the top-5 of ResNet-200': '표 9와 한 README의 5.79는 ResNet-200의 top-5',
  'V1 by name, but trained with the new recipe (resize 232): not comparable with the other V1 weights':
    '이름은 V1이지만 새 방법으로 학습(크기 조정 232): 다른 V1 가중치와 비교할 수 없음',
  'not seen in a stored document': '보관된 문서에서 확인하지 못함',
  'non-blacklisted subset of the validation set': '검증 집합에서 제외 목록에 없는 부분',
  'all 50,000 validation images': '검증 사진 50,000장 전체',
  '95.2 in the slim README itself is believed, 95.3 was read in the quotation':
    'slim README 자체의 95.2는 추정, 인용에서는 95.3으로 확인',
};
