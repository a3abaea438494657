import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import { byNodeId, family } from './recipe.ts';
import { choice, classesSpec, int } from './settings.ts';
import { factsOf } from './facts.ts';

/** Table I of the paper: which of S2's six maps each of C3's sixteen maps reads. */
export const c3Table: readonly (readonly number[])[] = [
  [0, 1, 2],
  [1, 2, 3],
  [2, 3, 4],
  [3, 4, 5],
  [0, 4, 5],
  [0, 1, 5],
  [0, 1, 2, 3],
  [1, 2, 3, 4],
  [2, 3, 4, 5],
  [0, 3, 4, 5],
  [0, 1, 4, 5],
  [0, 1, 2, 5],
  [0, 1, 3, 4],
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5],
];

const activations = ['scaled-tanh', 'tanh', 'sigmoid', 'relu'] as const;

interface LenetSettings {
  readonly activation: (typeof activations)[number];
  /** Height and width of the picture. */
  readonly input: number;
  readonly classes: number;
}

/** `name` gets the activation's kind where it has a `*`: `c1_*`, `*1`. */
function activate(b: GraphBuilder, name: string, x: Value, kind: LenetSettings['activation']): Value {
  const id = name.replace('*', kind === 'scaled-tanh' ? 'tanh' : kind);
  if (kind === 'sigmoid') return b.sigmoid(id, x);
  if (kind === 'relu') return b.relu(id, x);
  // The paper's squashing function is 1.7159 tanh(2a/3).
  return b.tanh(id, x, kind === 'tanh' ? {} : { amplitude: 1.7159, slope: 2 / 3 });
}

/** Section II-B and Fig. 2: sparse C3, trainable subsampling, RBF units. */
function lenet1998({ activation, input, classes }: LenetSettings): Graph {
  const b = new GraphBuilder([input, input, 1]);
  const squashed = (name: string, x: Value): Value => activate(b, `${name}_*`, x, activation);
  let x = squashed('c1', b.conv('c1', b.input, 6, 5));
  x = squashed('s2', b.subsample('s2', x, 2));
  x = squashed('c3', b.conv('c3', x, 16, 5, { table: c3Table }));
  x = squashed('s4', b.subsample('s4', x, 2));
  x = squashed('c5', b.conv('c5', x, 120, 5));
  x = squashed('f6', b.dense('f6', x, 84));
  return b.build(b.rbf('output', x, classes));
}

/** What nearly every tutorial calls LeNet-5: dense C3, plain average pooling, a linear classifier. */
function lenetModern({ activation, input, classes }: LenetSettings): Graph {
  const b = new GraphBuilder([input, input, 1]);
  const active = (name: string, x: Value): Value => activate(b, `*${name}`, x, activation);
  let x = active('1', b.conv('conv1', b.input, 6, 5));
  x = b.avgPool('pool1', x, 2);
  x = active('2', b.conv('conv2', x, 16, 5));
  x = b.avgPool('pool2', x, 2);
  x = active('3', b.dense('fc1', x, 120));
  x = active('4', b.dense('fc2', x, 84));
  x = b.dense('fc3', x, classes);
  return b.build(b.softmax('softmax', x));
}

export const lenet = family({
  id: 'lenet',
  name: 'LeNet-5',
  parameters: {
    form: choice({ en: 'form', ko: '형태' }, ['1998', 'modern'], '1998', {
      valueLabels: {
        '1998': { en: '1998: sparse C3, RBF output', ko: '1998년: 성긴 C3, RBF 출력' },
        modern: { en: 'modern: dense C3, softmax', ko: '현대판: 모두 연결된 C3, 소프트맥스' },
      },
    }),
    input: int({ en: 'input size', ko: '입력 크기' }, { min: 28, max: 128, step: 4 }, 32),
    activation: choice({ en: 'activation', ko: '활성화 함수' }, activations, 'scaled-tanh'),
    classes: classesSpec(10),
  },
  check: ({ form, input }) =>
    form === '1998' && input < 32
      ? {
          en: `LeNet-5 of 1998 needs input=32 or more (C5 reads 5x5 of S4), got ${input}; form=modern takes 28.`,
          ko: `1998년의 LeNet-5는 입력이 32 이상이어야 하는데(C5가 S4를 5x5 창으로 읽음) ${input}입니다. form=modern은 28도 가능합니다.`,
        }
      : null,
  graph: ({ form, ...settings }) => (form === '1998' ? lenet1998(settings) : lenetModern(settings)),
  names: () => ({ convscope: byNodeId }),
  depth: ({ form }) => (form === '1998' ? 7 : 5),
  members: [
    {
      info: factsOf('lenet-5', { name: 'LeNet-5 (1998)', classes: 10, depth: 7 }),
      settings: {},
      expect: {
        params: 60_000,
        macs: 325_680,
        connections: 340_908,
        shapes: { c1: [28, 28, 6], s2: [14, 14, 6], c3: [10, 10, 16], s4: [5, 5, 16], c5: [1, 1, 120] },
        source: 'LeCun et al. 1998, Sec. II-B',
      },
    },
    {
      info: factsOf('lenet-5', { id: 'lenet-5-modern', name: 'LeNet-5 (modern)', classes: 10, depth: 5 }),
      settings: { form: 'modern', activation: 'tanh' },
      expect: {
        params: 61_706,
        macs: 416_520,
        shapes: { conv1: [28, 28, 6], conv2: [10, 10, 16], pool2: [5, 5, 16], fc3: [1, 1, 10] },
        source: 'computed from the layer list; a float32 weight file of 246,824 bytes is 4 x 61,706',
      },
    },
  ],
});
