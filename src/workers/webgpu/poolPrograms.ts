import type { PoolWindow } from '../forwardPrograms.ts';
import { Program, windowsUniform } from './program.ts';
import type { Uniforms } from './program.ts';

/** Strides are baked in, the rest are uniforms: all pools of one stride share a program. */
const strides = ({ stride }: PoolWindow): Record<string, number> => ({
  strideH: stride[0],
  strideW: stride[1],
});

const windowUniform = 'kernel : vec2<i32>, pad : vec2<i32>,';

/** The uniforms of a pool's window, which come first. */
export const windowOfPool = ({ kernel, pad }: PoolWindow): Uniforms => [kernel, [pad[0], pad[2]]];

const group: [number, number, number] = [64, 1, 1];

/** The position of each window's maximum: first in row-major order, strictly larger replaces, padding never wins. */
export class FindSwitches extends Program {
  constructor(output: number[], window: PoolWindow) {
    super('findSwitches', output, ['x'], strides(window), group, 1, windowUniform);
  }

  protected body(): string {
    return `
fn main(index : i32) {
  let channels = uniforms.outShape[3];
  let channel = index % channels;
  let column = (index / channels) % uniforms.outShape[2];
  let row = index / (channels * uniforms.outShape[2]);
  if (row >= uniforms.outShape[1]) { return; }
  let height = uniforms.xShape[1];
  let width = uniforms.xShape[2];
  let firstY = max(row * strideH - uniforms.pad.x, 0);
  let firstX = max(column * strideW - uniforms.pad.y, 0);
  let endY = min(row * strideH - uniforms.pad.x + uniforms.kernel.x, height);
  let endX = min(column * strideW - uniforms.pad.y + uniforms.kernel.y, width);
  var position = firstY * width + firstX;
  var best = x[position * channels + channel];
  for (var y = firstY; y < endY; y++) {
    for (var xx = firstX; xx < endX; xx++) {
      let value = x[(y * width + xx) * channels + channel];
      if (value > best) {
        best = value;
        position = y * width + xx;
      }
    }
  }
  result[index] = position;
}`;
  }
}

/**
 * Unpooling as a gather, without atomics: each input value sums the outputs whose switch points at it. Switches are of
 * the whole map; the uniforms have for each signal the first row and column of its window of the output and of the input.
 */
export class Unpool extends Program {
  /** Its uniforms are the window, the width of the whole input, in which switches count, and the corners. */
  constructor(input: number[], window: PoolWindow) {
    const uniforms = `${windowUniform} inputWidth : i32, ${windowsUniform(input[0]!)}`;
    super('unpool', input, ['signal', 'switches'], strides(window), group, 1, uniforms);
  }

  protected body(): string {
    return `
fn main(index : i32) {
  let channels = uniforms.outShape[3];
  let channel = index % channels;
  let which = index / (channels * uniforms.outShape[2] * uniforms.outShape[1]);
  if (which >= uniforms.outShape[0]) { return; }
  let corners = uniforms.windows[which];
  let fromTop = corners.x;
  let fromLeft = corners.y;
  let row = (index / (channels * uniforms.outShape[2])) % uniforms.outShape[1] + corners.z;
  let column = (index / channels) % uniforms.outShape[2] + corners.w;
  let position = row * uniforms.inputWidth + column;
  let firstY = max((max(row + uniforms.pad.x - uniforms.kernel.x + 1, 0) + strideH - 1) / strideH, fromTop);
  let firstX = max((max(column + uniforms.pad.y - uniforms.kernel.y + 1, 0) + strideW - 1) / strideW, fromLeft);
  let endY = min((row + uniforms.pad.x) / strideH + 1, fromTop + uniforms.signalShape[1]);
  let endX = min((column + uniforms.pad.y) / strideW + 1, fromLeft + uniforms.signalShape[2]);
  let first = which * uniforms.signalShape[1];
  var sum = 0.0;
  for (var y = firstY; y < endY; y++) {
    for (var x = firstX; x < endX; x++) {
      if (switches[(y * uniforms.switchesShape[2] + x) * channels + channel] == position) {
        let at = (first + y - fromTop) * uniforms.signalShape[2] + x - fromLeft;
        sum += signal[at * channels + channel];
      }
    }
  }
  result[index] = sum;
}`;
  }
}
