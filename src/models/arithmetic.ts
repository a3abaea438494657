import { dispatch } from './graph.ts';
import type { Graph, Node, OpTable, Shape } from './graph.ts';
import { inputShapes } from './lookup.ts';
import type { Text } from './network.ts';
import { elements } from './shape.ts';

/** What a node computes besides multiply-accumulates: additions, comparisons, divisions, exponentials, one each. */
export interface OtherArithmetic {
  readonly operations: number;
  /** How they are counted. */
  readonly rule: Text;
}

/** Work for one output value, and the rule by which it is counted. */
interface PerOutput {
  readonly each: number;
  readonly rule: Text;
}

const nothing = (): PerOutput => ({
  each: 0,
  rule: { en: 'No arithmetic.', ko: '연산이 없다.' },
});

const biasRule: Text = {
  en: 'One addition for the bias of each output.',
  ko: '출력 하나마다 편향을 더하는 덧셈 한 번.',
};

const perOutput: OpTable<[inputs: readonly Shape[]], PerOutput> = {
  input: nothing,
  conv: (op) => (op.bias ? { each: 1, rule: biasRule } : nothing()),
  dense: (op) => (op.bias ? { each: 1, rule: biasRule } : nothing()),
  maxPool: ({ kernel }) => ({
    each: kernel[0] * kernel[1] - 1,
    rule: {
      en: 'Window size less one comparisons for each output; padded positions count.',
      ko: '출력 하나마다 창 크기보다 하나 적은 비교. 패딩 위치도 센다.',
    },
  }),
  avgPool: ({ kernel }) =>
    // A window of one value leaves values out and averages nothing.
    kernel[0] * kernel[1] === 1
      ? nothing()
      : {
          each: kernel[0] * kernel[1],
          rule: {
            en: 'Window size less one additions and one division for each output; padded positions count.',
            ko: '출력 하나마다 창 크기보다 하나 적은 덧셈과 나눗셈 한 번. 패딩 위치도 센다.',
          },
        },
  globalAvgPool: (_op, [input]) => ({
    each: input![0] * input![1],
    rule: {
      en: 'Map size less one additions and one division for each map.',
      ko: '맵마다 맵 크기보다 하나 적은 덧셈과 나눗셈 한 번.',
    },
  }),
  batchNorm: () => ({
    each: 2,
    rule: {
      en: 'One multiplication and one addition for each value (mean, variance, gamma and beta folded to two numbers).',
      ko: '값 하나마다 곱셈 한 번과 덧셈 한 번(평균, 분산, 감마, 베타를 두 수로 합친다).',
    },
  }),
  lrn: ({ size }) => ({
    each: size + 4,
    rule: {
      en: 'For each value: one square, the sum over the neighbourhood, a scaling, an addition, a power, a division.',
      ko: '값 하나마다 제곱, 이웃 합, 배율, 덧셈, 거듭제곱, 나눗셈.',
    },
  }),
  relu: ({ cap }) => ({
    each: cap === undefined ? 1 : 2,
    rule: {
      en: 'One comparison for each value, two with a cap.',
      ko: '값 하나마다 비교 한 번, 상한이 있으면 두 번.',
    },
  }),
  sigmoid: () => ({
    each: 3,
    rule: {
      en: 'An exponential, an addition and a division for each value.',
      ko: '값 하나마다 지수, 덧셈, 나눗셈 한 번씩.',
    },
  }),
  tanh: ({ amplitude, slope }) => ({
    each: 1 + (amplitude === 1 ? 0 : 1) + (slope === 1 ? 0 : 1),
    rule: {
      en: 'One hyperbolic tangent for each value, and a multiplication for an amplitude and for a slope other than 1.',
      ko: '값 하나마다 쌍곡탄젠트 한 번, 진폭과 기울기가 1이 아니면 곱셈 한 번씩.',
    },
  }),
  subsample: ({ kernel }) => ({
    each: kernel[0] * kernel[1] + 1,
    rule: {
      en: 'For each output: the sum of the window, one multiplication by the coefficient, one addition of the bias.',
      ko: '출력 하나마다 창의 합, 계수를 곱하는 곱셈 한 번, 편향을 더하는 덧셈 한 번.',
    },
  }),
  rbf: (_op, [input]) => ({
    each: 3 * elements(input!) - 1,
    rule: {
      en: 'A subtraction, a square and an addition for each input of each unit.',
      ko: '유닛마다 입력 하나에 뺄셈, 제곱, 덧셈 한 번씩.',
    },
  }),
  dropout: () => ({
    each: 0,
    rule: { en: 'Nothing in inference: dropout is the identity.', ko: '추론에서는 항등이므로 연산이 없다.' },
  }),
  add: (_op, inputs) => ({
    each: inputs.length - 1,
    rule: {
      en: 'Inputs less one additions for each value.',
      ko: '값 하나마다 입력 수보다 하나 적은 덧셈.',
    },
  }),
  mean: (_op, inputs) => ({
    each: inputs.length,
    rule: {
      en: 'Inputs less one additions and one multiplication for each value.',
      ko: '값 하나마다 입력 수보다 하나 적은 덧셈과 곱셈 한 번.',
    },
  }),
  concat: nothing,
  channelPad: nothing,
  softmax: () => ({
    each: 5,
    rule: {
      en: 'For each value: a comparison for the largest, a subtraction, an exponential, an addition, a division.',
      ko: '값 하나마다 최댓값 비교, 뺄셈, 지수, 덧셈, 나눗셈.',
    },
  }),
};

/** The arithmetic of a node that is not a multiply-accumulate of a convolution or dense layer, and how it is counted. */
export function otherArithmetic(graph: Graph, node: Node): OtherArithmetic {
  const { each, rule } = dispatch(perOutput, node.op, inputShapes(graph, node));
  return { operations: each * elements(node.shape), rule };
}
