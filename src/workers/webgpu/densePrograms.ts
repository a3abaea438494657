import { Program } from './program.ts';

const lanes = 64;
const group: [number, number, number] = [lanes, 1, 1];

/**
 * `w [units, inputs]` times `x [1, inputs]`, and the bias: one workgroup a unit, its lanes stride over the row and then
 * reduce. Writes the units from `first` on of an output of `[1, all units]`.
 */
export class MatrixVector extends Program {
  constructor(
    all: number,
    units: number,
    private readonly biased: boolean,
  ) {
    const inputs = biased ? ['w', 'x', 'bias'] : ['w', 'x'];
    super('matrixVector', [1, all], inputs, { lanes, biased: biased ? 1 : 0 }, group, lanes, 'first : i32,');
    this.threads(units * lanes);
  }

  protected body(): string {
    return `
var<workgroup> partial : array<f32, ${lanes}>;
fn main(index : i32) {
  let unit = index / lanes;
  let lane = i32(localIndex);
  let inputs = uniforms.wShape[1];
  var sum = 0.0;
  // No early return: every lane must reach the barriers.
  if (unit < uniforms.wShape[0]) {
    for (var i = lane; i < inputs; i += lanes) { sum += w[unit * inputs + i] * x[i]; }
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = lanes / 2; half > 0; half /= 2) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0 && unit < uniforms.wShape[0]) {
    result[uniforms.first + unit] = partial[0]${this.biased ? ' + bias[uniforms.first + unit]' : ''};
  }
}`;
  }
}

/**
 * The transpose: the units from `first` on of `signal [signals, all units]` times `w [units, inputs]`, added to what earlier
 * shards gave. One thread an input, which reads each weight once for all signals, and not where these are all zero;
 * neighbours read neighbours.
 */
export class VectorMatrix extends Program {
  constructor(signals: number, inputs: number) {
    super('vectorMatrix', [signals, inputs], ['w', 'signal'], { signals }, group, 1, 'first : i32,');
    this.threads(inputs);
  }

  protected body(): string {
    return `
fn main(index : i32) {
  let inputs = uniforms.wShape[1];
  if (index >= inputs) { return; }
  let all = uniforms.signalShape[1];
  var sums : array<f32, ${this.outputShape[0]}>;
  if (uniforms.first > 0) {
    for (var i = 0; i < signals; i++) { sums[i] = result[i * inputs + index]; }
  }
  for (var unit = 0; unit < uniforms.wShape[0]; unit++) {
    var silent = true;
    for (var i = 0; i < signals; i++) { silent = silent && signal[i * all + uniforms.first + unit] == 0.0; }
    if (silent) { continue; }
    let weight = w[unit * inputs + index];
    for (var i = 0; i < signals; i++) { sums[i] += weight * signal[i * all + uniforms.first + unit]; }
  }
  for (var i = 0; i < signals; i++) { result[i * inputs + index] = sums[i]; }
}`;
  }
}
