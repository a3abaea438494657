import {
  add,
  avgPool,
  batchNorm,
  conv2d,
  depthwiseConv2d,
  env,
  matMul,
  maxPool,
  mul,
  pad,
  relu,
  sigmoid,
  slice,
  sum,
  tensor,
  tidy,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';

/** A few ops with numbers worked out by hand: browsers have shipped backends that compute something else. */

interface Trial {
  readonly name: string;
  run(): Tensor;
  readonly expected: readonly number[];
}

const range = (n: number, from = 1): number[] => Array.from({ length: n }, (_, i) => from + i);
const image = (values: readonly number[], shape: [number, number, number, number]): Tensor4D =>
  tensor([...values], shape) as Tensor4D;
const explicit = (t: number, b: number, l: number, r: number): [number, number][] => [
  [0, 0],
  [t, b],
  [l, r],
  [0, 0],
];
type ExplicitPad = Parameters<typeof conv2d>[3];

const trials: readonly Trial[] = [
  {
    name: 'conv2d',
    run: () =>
      conv2d(
        image(range(9), [1, 3, 3, 1]),
        image(range(4), [2, 2, 1, 1]),
        1,
        explicit(1, 0, 0, 1) as ExplicitPad,
      ),
    expected: [11, 18, 9, 37, 47, 21, 67, 77, 33],
  },
  {
    name: 'conv2d with stride',
    run: () => conv2d(image(range(9), [1, 3, 3, 1]), image([1, 10], [1, 1, 1, 2]), 2, 'valid'),
    expected: [1, 10, 3, 30, 7, 70, 9, 90],
  },
  {
    name: 'depthwiseConv2d',
    run: () =>
      depthwiseConv2d(
        image(range(8), [1, 2, 2, 2]),
        image([1, 10, 1, 10, 1, 10, 1, 10], [2, 2, 2, 1]),
        1,
        'valid',
      ),
    expected: [16, 200],
  },
  {
    // 2049 needs twelve bits of mantissa: half precision cannot hold it.
    name: 'matMul',
    run: () => matMul(tensor([2048, 1, 0, 2, 3, 4], [2, 3]), tensor([1, 2, 1, 4, 5, 6], [3, 2])),
    expected: [2049, 4100, 25, 40],
  },
  {
    name: 'maxPool',
    run: () => maxPool(image(range(9, -9), [1, 3, 3, 1]), 2, 1, 'valid'),
    expected: [-5, -4, -2, -1],
  },
  {
    name: 'avgPool',
    run: () => avgPool(image(range(9), [1, 3, 3, 1]), 2, 1, 'valid'),
    expected: [3, 4, 6, 7],
  },
  {
    name: 'batchNorm',
    run: () =>
      batchNorm(
        image([1, 2, 3, 4], [1, 1, 2, 2]),
        tensor([1, 2]),
        tensor([4, 1]),
        tensor([1, 0]),
        tensor([2, 3]),
        0,
      ),
    expected: [1, 0, 3, 6],
  },
  {
    name: 'relu, mul and add',
    run: () => relu(add(mul(tensor([-1, 2, 3]), tensor([2, 2, -2])), tensor([3, 1, 1]))),
    expected: [1, 5, 0],
  },
  { name: 'sigmoid', run: () => sigmoid(tensor([0, 100, -100])), expected: [0.5, 1, 0] },
  { name: 'sum', run: () => sum(tensor(range(6), [2, 3]), 0), expected: [5, 7, 9] },
  {
    name: 'pad and slice',
    run: () => slice(padded(tensor([1, 2, 3, 4], [2, 2])), [0, 1], [3, 2]),
    expected: [0, 0, 2, 0, 4, 0],
  },
];

const padded = (t: Tensor): Tensor =>
  pad(t, [
    [1, 0],
    [0, 1],
  ]);

const tolerance = 1e-4;

/** Null where all trials agree on the current backend, else a sentence on the first that does not. */
export async function selfTest(): Promise<string | null> {
  // Small tensors would be computed on the CPU and tell nothing of the GPU.
  const forwards = ['WEBGPU_CPU_FORWARD', 'WEBGL_CPU_FORWARD'].filter((flag) => flag in env().getFlags());
  const before = forwards.map((flag) => env().getBool(flag));
  forwards.forEach((flag) => env().set(flag, false));
  try {
    for (const trial of trials) {
      const values = await readAndDispose(trial);
      const wrong = trial.expected.findIndex(
        (value, i) => !(Math.abs(value - values[i]!) <= tolerance * Math.max(1, Math.abs(value))),
      );
      if (values.length !== trial.expected.length || wrong >= 0) {
        return `${trial.name} gave ${values[wrong]} in place of ${trial.expected[wrong]}`;
      }
    }
    return null;
  } finally {
    forwards.forEach((flag, i) => env().set(flag, before[i]!));
  }
}

async function readAndDispose(trial: Trial): Promise<ArrayLike<number>> {
  const result = tidy(trial.run);
  try {
    return await result.data();
  } finally {
    result.dispose();
  }
}
