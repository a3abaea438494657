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

/** The transpose: `signal [1, units]` times `w [units, inputs]`, one thread an input, neighbours read neighbours. */
export class VectorMatrix extends Program {
  constructor(inputs: number) {
    super('vectorMatrix', [1, inputs], ['w', 'signal'], {});
  }

  protected body(): string {
    return `
fn main(index : i32) {
  let inputs = uniforms.wShape[1];
  if (index >= inputs) { return; }
  var sum = 0.0;
  for (var unit = 0; unit < uniforms.wShape[0]; unit++) { sum += w[unit * inputs + index] * signal[unit]; }
  result[index] = sum;
}`;
  }
}
