import type { PoolWindow } from '../forwardPrograms.ts';
import { Program, windowsUniform } from './program.ts';

function constants({ kernel, stride, pad }: PoolWindow): Record<string, number> {
  return {
    kernelH: kernel[0],
    kernelW: kernel[1],
    strideH: stride[0],
    strideW: stride[1],
    padTop: pad[0],
    padLeft: pad[2],
  };
}

/** The position of each window's maximum: first in row-major order, strictly larger replaces, padding never wins. */
export class FindSwitches extends Program {
  constructor(output: number[], window: PoolWindow) {
    super('findSwitches', output, ['x'], constants(window));
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
  let firstY = max(row * strideH - padTop, 0);
  let firstX = max(column * strideW - padLeft, 0);
  let endY = min(row * strideH - padTop + kernelH, height);
  let endX = min(column * strideW - padLeft + kernelW, width);
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
  /** `inputWidth` is the whole map's, in which switches count. */
  constructor(input: number[], window: PoolWindow, inputWidth: number) {
    const baked = { ...constants(window), inputWidth };
    super('unpool', input, ['signal', 'switches'], baked, [64, 1, 1], 1, windowsUniform(input[0]!));
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
  let position = row * inputWidth + column;
  let firstY = max((max(row + padTop - kernelH + 1, 0) + strideH - 1) / strideH, fromTop);
  let firstX = max((max(column + padLeft - kernelW + 1, 0) + strideW - 1) / strideW, fromLeft);
  let endY = min((row + padTop) / strideH + 1, fromTop + uniforms.signalShape[1]);
  let endX = min((column + padLeft) / strideW + 1, fromLeft + uniforms.signalShape[2]);
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
