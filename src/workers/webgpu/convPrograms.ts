import type { Corner } from '../adjointRegion.ts';
import type { ConvLayer } from '../weightsLayout.ts';
import { Program, windowsUniform, windowValues } from './program.ts';
import type { Uniforms } from './program.ts';

type Geometry = Pick<ConvLayer, 'kernel' | 'stride' | 'pad' | 'dilation'>;

function geometry({ kernel, stride, pad, dilation }: Geometry): Record<string, number> {
  return {
    kernelH: kernel[0],
    kernelW: kernel[1],
    strideH: stride[0],
    strideW: stride[1],
    padTop: pad[0],
    padLeft: pad[2],
    dilationH: dilation[0],
    dilationW: dilation[1],
  };
}

/**
 * What the ways back bake in: strides, by which they divide. The rest comes as uniforms, so that all layers of one stride
 * share a program, be their signals on windows or on whole maps.
 */
const strides = ({ stride }: Geometry): Record<string, number> => ({
  strideH: stride[0],
  strideW: stride[1],
});

const wayBackUniforms = (input: readonly number[]): string =>
  `kernel : vec2<i32>, dilation : vec2<i32>, ${windowsUniform(input[0]!)}`;

/** The uniforms of the ways back: each signal has its own padding. */
export const wayBackValues = ({ kernel, dilation }: Geometry, pads: readonly Corner[]): Uniforms => [
  kernel,
  dilation,
  ...windowValues(pads),
];

const group: [number, number, number] = [64, 1, 1];

/** Position of a thread's output value in `[signals, height, width, channels]`. */
const locate = `
  let channels = uniforms.outShape[3];
  let channel = index % channels;
  let column = (index / channels) % uniforms.outShape[2];
  let row = (index / (channels * uniforms.outShape[2])) % uniforms.outShape[1];
  let which = index / (channels * uniforms.outShape[2] * uniforms.outShape[1]);
  if (which >= uniforms.outShape[0]) { return; }`;

/** Grouped convolution: kernel `[groups*kh, kw, inputs per group, filters per group]`, one thread an output value. */
export class GroupedConv extends Program {
  constructor(
    output: number[],
    layer: ConvLayer,
    inputsPerGroup: number,
    filtersPerGroup: number,
    private readonly biased: boolean,
  ) {
    super('groupedConv', output, biased ? ['x', 'w', 'bias'] : ['x', 'w'], {
      ...geometry(layer),
      inputsPerGroup,
      filtersPerGroup,
      biased: biased ? 1 : 0,
    });
  }

  protected body(): string {
    return `
fn main(index : i32) {${locate}
  let group = channel / filtersPerGroup;
  let member = channel % filtersPerGroup;
  var sum = ${this.biased ? 'bias[channel]' : '0.0'};
  for (var ky = 0; ky < kernelH; ky++) {
    let y = row * strideH + ky * dilationH - padTop;
    if (y < 0 || y >= uniforms.xShape[1]) { continue; }
    for (var kx = 0; kx < kernelW; kx++) {
      let xx = column * strideW + kx * dilationW - padLeft;
      if (xx < 0 || xx >= uniforms.xShape[2]) { continue; }
      let source = (y * uniforms.xShape[2] + xx) * uniforms.xShape[3] + group * inputsPerGroup;
      let tap = ((group * kernelH + ky) * kernelW + kx) * inputsPerGroup * filtersPerGroup + member;
      for (var i = 0; i < inputsPerGroup; i++) {
        sum += x[source + i] * w[tap + i * filtersPerGroup];
      }
    }
  }
  result[index] = sum;
}`;
  }
}

/**
 * Visits every output position of the thread's signal that reads (row, column): \`oy\`, \`ox\` and the tap \`ky\`, \`kx\` that
 * reads it.
 */
const readers = (visit: string): string => `
  let kernelH = uniforms.kernel.x;
  let kernelW = uniforms.kernel.y;
  let pads = uniforms.windows[which];
  for (var ky = 0; ky < kernelH; ky++) {
    let fromY = row + pads.x - ky * uniforms.dilation.x;
    if (fromY < 0 || fromY % strideH != 0) { continue; }
    let oy = fromY / strideH;
    if (oy >= uniforms.signalShape[1]) { continue; }
    for (var kx = 0; kx < kernelW; kx++) {
      let fromX = column + pads.y - kx * uniforms.dilation.y;
      if (fromX < 0 || fromX % strideW != 0) { continue; }
      let ox = fromX / strideW;
      if (ox >= uniforms.signalShape[2]) { continue; }
      let at = ((which * uniforms.signalShape[1] + oy) * uniforms.signalShape[2] + ox) * uniforms.signalShape[3];
      ${visit}
    }
  }`;

/** The transpose of a grouped convolution, as a gather: one thread an input value. */
export class GroupedConvAdjoint extends Program {
  constructor(input: number[], layer: ConvLayer) {
    super('groupedConvAdjoint', input, ['signal', 'w'], strides(layer), group, 1, wayBackUniforms(input));
  }

  protected body(): string {
    return `
fn main(index : i32) {${locate}
  let inputsPerGroup = uniforms.wShape[2];
  let filtersPerGroup = uniforms.wShape[3];
  let group = channel / inputsPerGroup;
  let within = channel % inputsPerGroup;
  var sum = 0.0;${readers(`
      let tap = (((group * kernelH + ky) * kernelW + kx) * inputsPerGroup + within) * filtersPerGroup;
      for (var f = 0; f < filtersPerGroup; f++) {
        sum += signal[at + group * filtersPerGroup + f] * w[tap + f];
      }`)}
  result[index] = sum;
}`;
  }
}

/** The transpose of a depthwise convolution: kernel `[kh, kw, channels, multiplier]`. */
export class DepthwiseAdjoint extends Program {
  constructor(input: number[], layer: ConvLayer, multiplier: number) {
    const constants = { ...strides(layer), multiplier };
    super('depthwiseAdjoint', input, ['signal', 'w'], constants, group, 1, wayBackUniforms(input));
  }

  protected body(): string {
    return `
fn main(index : i32) {${locate}
  var sum = 0.0;${readers(`
      let tap = ((ky * kernelW + kx) * channels + channel) * multiplier;
      for (var m = 0; m < multiplier; m++) {
        sum += signal[at + channel * multiplier + m] * w[tap + m];
      }`)}
  result[index] = sum;
}`;
  }
}

/**
 * Second half of a strided convolution's transpose: `signal` holds each output position's share for every tap and input
 * channel (`[signals, oh, ow, kh*kw*channels]`); each thread adds up the shares of its input value.
 */
export class GatherColumns extends Program {
  constructor(input: number[], layer: ConvLayer) {
    super('gatherColumns', input, ['signal'], strides(layer), group, 1, wayBackUniforms(input));
  }

  protected body(): string {
    return `
fn main(index : i32) {${locate}
  var sum = 0.0;${readers('sum += signal[at + (ky * kernelW + kx) * channels + channel];')}
  result[index] = sum;
}`;
  }
}
