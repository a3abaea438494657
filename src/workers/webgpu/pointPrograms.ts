import type { OpOf } from '../../models/graph.ts';
import { Program, windowsUniform } from './program.ts';

/** Position of a thread's value in signals `[signals, height, width, channels]`, and of the same place in a whole map. */
const locate = (map: string): string => `
  let channels = uniforms.outShape[3];
  let channel = index % channels;
  let column = (index / channels) % uniforms.outShape[2];
  let row = (index / (channels * uniforms.outShape[2])) % uniforms.outShape[1];
  let which = index / (channels * uniforms.outShape[2] * uniforms.outShape[1]);
  if (which >= uniforms.outShape[0]) { return; }
  let corner = uniforms.windows[which];
  let position = (row + corner.x) * uniforms.${map}Shape[2] + column + corner.y;
  let at = position * channels;`;

/** The way back through a ReLU: the signal where its output is positive and below the cap; rectified first, if asked. */
export class ReluAdjoint extends Program {
  constructor(
    output: number[],
    private readonly capped: boolean,
    private readonly rectified: boolean,
  ) {
    const constants = { capped: capped ? 1 : 0, rectified: rectified ? 1 : 0 };
    super(
      'reluAdjoint',
      output,
      ['signal', 'y'],
      constants,
      [64, 1, 1],
      1,
      `cap : f32, ${windowsUniform(output[0]!)}`,
    );
  }

  protected body(): string {
    return `
fn main(index : i32) {${locate('y')}
  let value = y[at + channel];
  let open = value > 0.0${this.capped ? ' && value < uniforms.cap' : ''};
  result[index] = select(0.0, ${this.rectified ? 'max(signal[index], 0.0)' : 'signal[index]'}, open);
}`;
  }
}

export type LrnOp = OpOf<'lrn'>;

/** Hyper-parameters as WGSL: the sum over the window of channels, and s^-beta by roots where those do. */
function lrnFunctions({ size, alpha, beta, k, alphaOverSize }: LrnOp): string {
  const float = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  const power =
    beta === 0.5
      ? 'inverseSqrt(s)'
      : beta === 0.75
        ? 'inverseSqrt(s) * sqrt(inverseSqrt(s))'
        : `pow(s, ${float(-beta)})`;
  return `
const below : i32 = ${Math.floor(size / 2)};
const above : i32 = ${Math.floor((size - 1) / 2)};
const factor : f32 = ${float(alphaOverSize ? alpha / size : alpha)};
const beta : f32 = ${float(beta)};
// The values of one position begin at \`at\`.
fn denominator(at : i32, channel : i32, channels : i32) -> f32 {
  var sum = 0.0;
  let last = min(channel + above, channels - 1);
  for (var i = max(channel - below, 0); i <= last; i++) { sum += a[at + i] * a[at + i]; }
  return ${float(k)} + factor * sum;
}
fn negativePower(s : f32) -> f32 { return ${power}; }`;
}

const lrnKey = ({ size, alpha, beta, k, alphaOverSize }: LrnOp): string =>
  [size, alpha, beta, k, Number(alphaOverSize)].join('_');

/** Local response normalisation across channels. */
export class Lrn extends Program {
  constructor(
    output: number[],
    private readonly op: LrnOp,
  ) {
    super(`lrn_${lrnKey(op)}`, output, ['a'], {});
  }

  protected body(): string {
    return `${lrnFunctions(this.op)}
fn main(index : i32) {
  let channels = uniforms.outShape[3];
  if (index >= channels * uniforms.outShape[1] * uniforms.outShape[2]) { return; }
  let channel = index % channels;
  result[index] = a[index] * negativePower(denominator(index - channel, channel, channels));
}`;
  }
}

/** The way back through it: by its derivative, or by \`scale\` as if the denominator were constant. */
export class LrnAdjoint extends Program {
  constructor(
    output: number[],
    private readonly op: LrnOp,
    private readonly scale: boolean,
  ) {
    const name = `lrnAdjoint_${lrnKey(op)}`;
    super(name, output, ['signal', 'a'], { scale: scale ? 1 : 0 }, [64, 1, 1], 1, windowsUniform(output[0]!));
  }

  protected body(): string {
    const direct = 'signal[index] * negativePower(denominator(at, channel, channels))';
    if (this.scale) {
      return `${lrnFunctions(this.op)}
fn main(index : i32) {${locate('a')}
  result[index] = ${direct};
}`;
    }
    return `${lrnFunctions(this.op)}
fn main(index : i32) {${locate('a')}
  var gathered = 0.0;
  // The windows that hold this channel are those of its neighbours on the other side.
  let last = min(channel + below, channels - 1);
  for (var i = max(channel - above, 0); i <= last; i++) {
    let s = denominator(at, i, channels);
    gathered += signal[index - channel + i] * a[at + i] * negativePower(s) / s;
  }
  result[index] = ${direct} - 2.0 * factor * beta * a[at + channel] * gathered;
}`;
  }
}
