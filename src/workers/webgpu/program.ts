import { backend, engine } from '@tensorflow/tfjs-core';
import type { DataType, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

/**
 * What all our WGSL programs share. Only types come from the backend's package: whoever runs on webgpu has loaded it.
 * Sizes are read from tfjs's shape uniforms; hyper-parameters are baked in as constants and named in the shader key,
 * under which tfjs keeps the compiled pipeline. What changes from run to run comes as uniforms of the program's own.
 */
export abstract class Program implements WebGPUProgram {
  readonly dispatchLayout: { x: number[] };
  dispatch: [number, number, number];
  shaderKey: string;
  readonly uniforms?: string;

  /**
   * One thread an output value, unless `threadsPerOutput` puts a whole workgroup on each or `threads` says another number.
   * `main(index)` gets the thread's number.
   */
  constructor(
    name: string,
    readonly outputShape: number[],
    readonly variableNames: string[],
    private readonly constants: Readonly<Record<string, number>>,
    readonly workgroupSize: [number, number, number] = [64, 1, 1],
    threadsPerOutput = 1,
    uniforms?: string,
  ) {
    this.dispatchLayout = { x: outputShape.map((_, axis) => axis) };
    this.dispatch = [0, 1, 1];
    this.threads(outputShape.reduce((a, b) => a * b, threadsPerOutput));
    if (uniforms) this.uniforms = uniforms;
    // The number of slots in an array is part of the program.
    const slots = uniforms ? `_${uniforms}` : '';
    const baked = Object.entries(constants).map(([name, value]) => `${name}${value}`);
    this.shaderKey = `convscope_${name}_${baked.join('_')}${slots}`;
  }

  protected threads(count: number): void {
    this.dispatch = [Math.ceil(count / this.workgroupSize[0]), 1, 1];
  }

  protected abstract body(): string;

  getUserCode(): string {
    const declared = Object.entries(this.constants).map(([name, value]) => `const ${name} : i32 = ${value};`);
    return `${declared.join('\n')}\n${this.body()}`;
  }
}

/** Values of a program's own uniforms, in order: whole numbers, or one float. */
export type Uniforms = readonly (readonly number[] | { readonly float: number })[];

const asProgramUniforms = (uniforms: Uniforms): { type: string; data: number[] }[] =>
  uniforms.map((value) =>
    'float' in value ? { type: 'float32', data: [value.float] } : { type: 'int32', data: [...value] },
  );

/** Runs a program and hands its result to tfjs, so that `tidy` and `memory()` see it. */
export function run<T extends Tensor>(
  program: WebGPUProgram,
  inputs: Tensor[],
  dtype: DataType,
  uniforms: Uniforms = [],
): T {
  const gpu = backend() as WebGPUBackend;
  const info = gpu.runWebGPUProgram(program, inputs, dtype, asProgramUniforms(uniforms));
  return engine().makeTensorFromTensorInfo(info) as T;
}

/** How many windows a program has room for: one, or some multiple, so that there are few programs. */
const windowSlots = (signals: number): number => (signals === 1 ? 1 : 8 * Math.ceil(signals / 8));

/** Declares four whole numbers for each signal, as uniforms: a buffer of their own would have to be made and filled. */
export const windowsUniform = (signals: number): string =>
  `windows : array<vec4<i32>, ${windowSlots(signals)}>,`;

/** The values that `windowsUniform` declares. */
export function windowValues(windows: readonly (readonly number[])[]): Uniforms {
  return Array.from({ length: windowSlots(windows.length) }, (_, i) => {
    const [a = 0, b = 0, c = 0, d = 0] = windows[i] ?? [];
    return [a, b, c, d];
  });
}

/** A program of several that write into one output, with its inputs and the values of its uniforms in order. */
export interface Part {
  readonly program: WebGPUProgram;
  readonly inputs: Tensor[];
  readonly uniforms: Uniforms;
}

/** Runs programs one after the other on one new output, which no tensor has to be copied together for. */
export function runTogether<T extends Tensor>(shape: number[], parts: readonly Part[]): T {
  const gpu = backend() as WebGPUBackend;
  const output: TensorInfo = gpu.makeTensorInfo(shape, 'float32');
  for (const { program, inputs, uniforms } of parts) {
    gpu.runWebGPUProgram(program, inputs, 'float32', asProgramUniforms(uniforms), output);
  }
  return engine().makeTensorFromTensorInfo(output) as T;
}
