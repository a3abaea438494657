import { backend, engine } from '@tensorflow/tfjs-core';
import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

/**
 * What all our WGSL programs share. Only types come from the backend's package: whoever runs on webgpu has loaded it.
 * Sizes are read from tfjs's shape uniforms; hyper-parameters are baked in as constants and named in the shader key,
 * under which tfjs keeps the compiled pipeline.
 */
export abstract class Program implements WebGPUProgram {
  readonly dispatchLayout: { x: number[] };
  dispatch: [number, number, number];
  shaderKey: string;

  /**
   * One thread an output value, unless `threadsPerOutput` puts a whole workgroup on each. `main(index)` gets the
   * thread's number.
   */
  constructor(
    name: string,
    readonly outputShape: number[],
    readonly variableNames: string[],
    private readonly constants: Readonly<Record<string, number>>,
    readonly workgroupSize: [number, number, number] = [64, 1, 1],
    threadsPerOutput = 1,
  ) {
    this.dispatchLayout = { x: outputShape.map((_, axis) => axis) };
    const threads = outputShape.reduce((a, b) => a * b, threadsPerOutput);
    this.dispatch = [Math.ceil(threads / workgroupSize[0]), 1, 1];
    const baked = Object.entries(constants).map(([name, value]) => `${name}${value}`);
    this.shaderKey = `convscope_${name}_${baked.join('_')}`;
  }

  protected abstract body(): string;

  getUserCode(): string {
    const declared = Object.entries(this.constants).map(([name, value]) => `const ${name} : i32 = ${value};`);
    return `${declared.join('\n')}\n${this.body()}`;
  }
}

/** Runs a program and hands its result to tfjs, so that `tidy` and `memory()` see it. */
export function run<T extends Tensor>(program: WebGPUProgram, inputs: Tensor[], dtype: DataType): T {
  const info = (backend() as WebGPUBackend).runWebGPUProgram(program, inputs, dtype);
  return engine().makeTensorFromTensorInfo(info) as T;
}
