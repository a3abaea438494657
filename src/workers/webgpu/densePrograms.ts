import { Program } from './program.ts';

const lanes = 64;

/** `w [units, inputs]` times `x [1, inputs]`: one workgroup a unit, its lanes stride over the row and then reduce. */
export class MatrixVector extends Program {
  constructor(units: number) {
    super('matrixVector', [1, units], ['w', 'x'], { lanes }, [lanes, 1, 1], lanes);
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
  if (lane == 0 && unit < uniforms.wShape[0]) { result[unit] = partial[0]; }
}`;
  }
}

/**
 * The transpose: `signal [signals, units]` times `w [units, inputs]`. One thread an input, which reads each weight once
 * for all signals; neighbours read neighbours.
 */
export class VectorMatrix extends Program {
  constructor(signals: number, inputs: number) {
    super('vectorMatrix', [signals, inputs], ['w', 'signal'], { signals });
  }

  protected body(): string {
    return `
fn main(index : i32) {
  let inputs = uniforms.wShape[1];
  if (index >= inputs) { return; }
  let units = uniforms.wShape[0];
  var sums : array<f32, ${this.outputShape[0]}>;
  for (var unit = 0; unit < units; unit++) {
    let weight = w[unit * inputs + index];
    for (var i = 0; i < signals; i++) { sums[i] += weight * signal[i * units + unit]; }
  }
  for (var i = 0; i < signals; i++) { result[i * inputs + index] = sums[i]; }
}`;
  }
}
