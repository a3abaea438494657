import { dispatch } from '../../src/models/graph.ts';
import type { Op, OpTable, Pad, Pair, Shape } from '../../src/models/graph.ts';

/**
 * Every op once more, straight from its definition in double precision: slow loops over PyTorch's own parameter
 * layouts, sharing nothing with the engine. What the engine computes is compared with this.
 */

export interface Field {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** A parameter by its name, as the checkpoint stores it. */
export type Parameters = (name: string) => ArrayLike<number>;

const read = (
  { shape: [height, width, channels], values }: Field,
  y: number,
  x: number,
  c: number,
): number =>
  y < 0 || x < 0 || y >= height || x >= width ? 0 : (values[(y * width + x) * channels + c] ?? 0);

function build(shape: Shape, value: (y: number, x: number, c: number) => number): Field {
  const [height, width, channels] = shape;
  const values = new Float64Array(height * width * channels);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) values[at++] = value(y, x, c);
  }
  return { shape, values };
}

/** Calls `visit` for every tap of the window of output (oy, ox), padding included. */
function eachTap(
  { kernel, stride, pad, dilation = [1, 1] }: { kernel: Pair; stride: Pair; pad: Pad; dilation?: Pair },
  oy: number,
  ox: number,
  visit: (y: number, x: number, ky: number, kx: number) => void,
): void {
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++) {
      visit(oy * stride[0] + ky * dilation[0] - pad[0], ox * stride[1] + kx * dilation[1] - pad[2], ky, kx);
    }
  }
}

const mapped = (f: Field, fn: (v: number) => number): Field => ({ shape: f.shape, values: f.values.map(fn) });
const noPad: Pad = [0, 0, 0, 0];

type Row = [inputs: readonly Field[], output: Shape, parameter: Parameters];
const first = (inputs: readonly Field[]): Field => inputs[0] as Field;

const table: OpTable<Row, Field> = {
  input: (_op, inputs) => first(inputs),
  conv: (op, inputs, output, parameter) => {
    const x = first(inputs);
    const weight = parameter('weight');
    const perGroup = x.shape[2] / op.groups;
    const taps = op.kernel[0] * op.kernel[1];
    const reads = (filter: number): readonly number[] =>
      op.table?.[filter] ??
      Array.from(
        { length: perGroup },
        (_, i) => Math.floor(filter / (op.filters / op.groups)) * perGroup + i,
      );
    const starts = Array.from({ length: op.filters }, (_, filter) =>
      Array.from({ length: filter }, (_, f) => reads(f).length).reduce((a, b) => a + b, 0),
    );
    return build(output, (oy, ox, filter) => {
      let sum = op.bias ? (parameter('bias')[filter] ?? 0) : 0;
      reads(filter).forEach((channel, i) => {
        eachTap(op, oy, ox, (y, xx, ky, kx) => {
          const tap = ((starts[filter] ?? 0) + i) * taps + ky * op.kernel[1] + kx;
          sum += read(x, y, xx, channel) * (weight[tap] ?? 0);
        });
      });
      return sum;
    });
  },
  dense: (op, inputs, output, parameter) => {
    const x = first(inputs);
    const [height, width, channels] = x.shape;
    const weight = parameter('weight');
    return build(output, (_y, _x, unit) => {
      let sum = op.bias ? (parameter('bias')[unit] ?? 0) : 0;
      let at = unit * height * width * channels;
      for (let c = 0; c < channels; c++) {
        for (let y = 0; y < height; y++)
          for (let xx = 0; xx < width; xx++) sum += read(x, y, xx, c) * (weight[at++] ?? 0);
      }
      return sum;
    });
  },
  maxPool: (op, inputs, output) => {
    const x = first(inputs);
    return build(output, (oy, ox, c) => {
      let best = -Infinity;
      eachTap(op, oy, ox, (y, xx) => {
        if (y >= 0 && xx >= 0 && y < x.shape[0] && xx < x.shape[1]) best = Math.max(best, read(x, y, xx, c));
      });
      return best;
    });
  },
  avgPool: (op, inputs, output) => {
    const x = first(inputs);
    const [top, bottom, left, right] = op.counted;
    return build(output, (oy, ox, c) => {
      let sum = 0;
      let count = 0;
      eachTap(op, oy, ox, (y, xx) => {
        sum += read(x, y, xx, c);
        if (y >= -top && y < x.shape[0] + bottom && xx >= -left && xx < x.shape[1] + right) count++;
      });
      return sum / count;
    });
  },
  globalAvgPool: (_op, inputs, output) => {
    const x = first(inputs);
    const area = x.shape[0] * x.shape[1];
    return build(output, (_y, _x, c) => {
      let sum = 0;
      for (let at = 0; at < area; at++) sum += x.values[at * x.shape[2] + c] ?? 0;
      return sum / area;
    });
  },
  batchNorm: (op, inputs, output, p) =>
    build(output, (y, x, c) => {
      const centred = read(first(inputs), y, x, c) - (p('running_mean')[c] ?? 0);
      const deviation = Math.sqrt((p('running_var')[c] ?? 0) + op.epsilon);
      return (centred / deviation) * (p('weight')[c] ?? 0) + (p('bias')[c] ?? 0);
    }),
  lrn: (op, inputs, output) => {
    const x = first(inputs);
    return build(output, (y, xx, c) => {
      let sum = 0;
      for (let j = c - Math.floor(op.size / 2); j <= c + Math.floor((op.size - 1) / 2); j++) {
        if (j >= 0 && j < x.shape[2]) sum += read(x, y, xx, j) ** 2;
      }
      const alpha = op.alphaOverSize ? op.alpha / op.size : op.alpha;
      return read(x, y, xx, c) / (op.k + alpha * sum) ** op.beta;
    });
  },
  relu: (op, inputs) => mapped(first(inputs), (v) => Math.min(Math.max(v, 0), op.cap ?? Infinity)),
  sigmoid: (_op, inputs) => mapped(first(inputs), (v) => 1 / (1 + Math.exp(-v))),
  tanh: (op, inputs) => mapped(first(inputs), (v) => op.amplitude * Math.tanh(op.slope * v)),
  subsample: (op, inputs, output, p) =>
    build(output, (oy, ox, c) => {
      let sum = 0;
      eachTap({ ...op, pad: noPad }, oy, ox, (y, x) => (sum += read(first(inputs), y, x, c)));
      return sum * (p('weight')[c] ?? 0) + (p('bias')[c] ?? 0);
    }),
  rbf: (_op, inputs, output, p) => {
    const { values } = first(inputs);
    return build(output, (_y, _x, unit) =>
      values.reduce((sum, v, i) => sum + (v - (p('weight')[unit * values.length + i] ?? 0)) ** 2, 0),
    );
  },
  dropout: (_op, inputs) => first(inputs),
  add: (_op, inputs, output) =>
    build(output, (y, x, c) => inputs.reduce((sum, f) => sum + read(f, y, x, c), 0)),
  mean: (_op, inputs, output) =>
    build(output, (y, x, c) => inputs.reduce((sum, f) => sum + read(f, y, x, c), 0) / inputs.length),
  concat: (_op, inputs, output) =>
    build(output, (y, x, c) => {
      let channel = c;
      for (const f of inputs) {
        if (channel < f.shape[2]) return read(f, y, x, channel);
        channel -= f.shape[2];
      }
      return NaN;
    }),
  channelPad: (op, inputs, output) =>
    build(output, (y, x, c) => {
      const channel = c - op.before;
      return channel < 0 || channel >= first(inputs).shape[2] ? 0 : read(first(inputs), y, x, channel);
    }),
  softmax: (_op, inputs) => {
    const exponentials = mapped(first(inputs), Math.exp);
    const total = exponentials.values.reduce((a, b) => a + b, 0);
    return mapped(exponentials, (v) => v / total);
  },
};

/** The activation of one op. */
export const referenceForward = (op: Op, ...row: Row): Field => dispatch(table, op, ...row);
