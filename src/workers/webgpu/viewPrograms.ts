import { Program } from './program.ts';

/**
 * The share of source `i` in target `t`, of `targets` that together cover `sources`: in whole numbers, so that it is the
 * same share as on the CPU.
 */
const share = `
fn firstOf(t : i32, sources : i32, targets : i32) -> i32 { return t * sources / targets; }
fn endOf(t : i32, sources : i32, targets : i32) -> i32 { return ((t + 1) * sources + targets - 1) / targets; }
fn share(i : i32, t : i32, sources : i32, targets : i32) -> f32 {
  let overlap = min((i + 1) * targets, (t + 1) * sources) - max(i * targets, t * sources);
  return f32(overlap) / f32(sources);
}`;

const lanes = 64;
const group: [number, number, number] = [lanes, 1, 1];

/** Area averages of every channel, one plane after the other, at the front of the output. One thread a value. */
export class Thumbnails extends Program {
  constructor(length: number, values: number) {
    super('thumbnails', [length], ['x'], {}, group, 1, 'rows : i32, columns : i32,');
    this.threads(values);
  }

  protected body(): string {
    return `${share}
fn main(index : i32) {
  let height = uniforms.xShape[1];
  let width = uniforms.xShape[2];
  let channels = uniforms.xShape[3];
  let channel = index % channels;
  let at = index / channels;
  let row = at / uniforms.columns;
  let column = at % uniforms.columns;
  if (row >= uniforms.rows) { return; }
  var sum = 0.0;
  let bottom = endOf(row, height, uniforms.rows);
  let right = endOf(column, width, uniforms.columns);
  for (var y = firstOf(row, height, uniforms.rows); y < bottom; y++) {
    let weight = share(y, row, height, uniforms.rows);
    for (var xx = firstOf(column, width, uniforms.columns); xx < right; xx++) {
      sum += weight * share(xx, column, width, uniforms.columns) * x[(y * width + xx) * channels + channel];
    }
  }
  result[channel * uniforms.rows * uniforms.columns + at] = sum;
}`;
  }
}

/**
 * Smallest, largest, sum and position of the largest value, of each channel in each stretch of `positions` positions:
 * `[4, stretches, channels]` from \`first\` on. Comparisons are those of channelStats: NaN is neither, the first maximum wins.
 */
export class PartialStats extends Program {
  constructor(length: number, stretches: number, channels: number) {
    super('partialStats', [length], ['x'], {}, group, 1, 'first : i32, stretches : i32, positions : i32,');
    this.threads(stretches * channels);
  }

  protected body(): string {
    return `
fn main(index : i32) {
  let channels = uniforms.xShape[3];
  let channel = index % channels;
  let stretch = index / channels;
  if (stretch >= uniforms.stretches) { return; }
  let start = stretch * uniforms.positions;
  let end = min(start + uniforms.positions, uniforms.xShape[1] * uniforms.xShape[2]);
  var smallest = uniforms.INFINITY;
  var largest = -uniforms.INFINITY;
  var sum = 0.0;
  var place = start;
  for (var position = start; position < end; position++) {
    let value = x[position * channels + channel];
    sum += value;
    if (value < smallest) { smallest = value; }
    if (value > largest) {
      largest = value;
      place = position;
    }
  }
  let block = uniforms.stretches * channels;
  let to = uniforms.first + index;
  result[to] = smallest;
  result[to + block] = largest;
  result[to + 2 * block] = sum;
  result[to + 3 * block] = f32(place);
}`;
  }
}

/**
 * The mean over channels of several activations, each averaged to its small size: one workgroup a value, whose lanes read
 * neighbours. A dispatch takes as many activations as a shader may bind buffers, which saves most of the dispatches.
 */
export class Faces extends Program {
  constructor(
    length: number,
    private readonly count: number,
    values: number,
  ) {
    const names = Array.from({ length: count }, (_, i) => `x${i}`);
    const uniforms = names.map((_, i) => `size${i} : vec4<i32>, face${i} : vec4<i32>,`).join(' ');
    super('faces', [length], names, { count }, group, 1, uniforms);
    this.threads(values * lanes);
  }

  protected body(): string {
    const each = Array.from({ length: this.count }, (_, i) => i);
    const sum = (i: number) => `
fn sum${i}(at : i32, lane : i32) -> f32 {
  let height = uniforms.size${i}.x;
  let width = uniforms.size${i}.y;
  let channels = uniforms.size${i}.z;
  let rows = uniforms.face${i}.x;
  let columns = uniforms.face${i}.y;
  let row = at / columns;
  let column = at % columns;
  let left = firstOf(column, width, columns);
  let values = (endOf(column, width, columns) - left) * channels;
  var sum = 0.0;
  let bottom = endOf(row, height, rows);
  for (var y = firstOf(row, height, rows); y < bottom; y++) {
    let weight = share(y, row, height, rows) / f32(channels);
    for (var i = lane; i < values; i += ${lanes}) {
      let xx = left + i / channels;
      sum += weight * share(xx, column, width, columns) * x${i}[(y * width + left) * channels + i];
    }
  }
  return sum;
}`;
    const choose = each.map(
      (i) => `if (value < uniforms.face${i}.w) { sum = sum${i}(value - uniforms.face${i}.z, lane); }`,
    );
    return `${share}${each.map(sum).join('')}
var<workgroup> partial : array<f32, ${lanes}>;
fn main(index : i32) {
  let value = index / ${lanes} + uniforms.face0.z;
  let lane = i32(localIndex);
  var sum = 0.0;
  // No early return: every lane must reach the barriers.
  ${choose.join(' else ')}
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = ${lanes / 2}; half > 0; half /= 2) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0 && value < uniforms.face${this.count - 1}.w) { result[value] = partial[0]; }
}`;
  }
}
