import type { Volume } from '../../src/models/graph.ts';

/** The part of onnxruntime-web that is used; the package is no dependency, so its types are not here either. */
interface OrtTensor {
  readonly data: Float32Array;
  dispose(): void;
}
interface OrtSession {
  readonly inputNames: readonly string[];
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}
interface Ort {
  readonly env: {
    readonly versions: { readonly web?: string };
    readonly wasm: { numThreads: number; wasmPaths: string };
  };
  readonly Tensor: new (type: 'float32', values: Float32Array, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<OrtSession> };
}

export interface OrtModel {
  readonly version: string;
  /** By the names of the model's outputs. */
  run(): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

/** A session on wasm with all graph optimisations (the default: it folds batch normalisations and fuses activations). */
export async function openOrt(
  base: string,
  model: Uint8Array,
  threads: number,
  picture: Volume,
): Promise<OrtModel> {
  const ort = (await import(/* @vite-ignore */ `${base}ort.wasm.min.mjs`)) as Ort;
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = base;
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const [height, width, channels] = picture.shape;
  const planes = new Float32Array(picture.values.length);
  for (let i = 0; i < planes.length; i++) {
    planes[(i % channels) * height * width + Math.floor(i / channels)] = picture.values[i]!;
  }
  return {
    version: ort.env.versions.web ?? 'unknown',
    async run() {
      const input = new ort.Tensor('float32', planes, [1, channels, height, width]);
      const outputs = await session.run({ [session.inputNames[0]!]: input });
      return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
    },
    dispose: () => session.release(),
  };
}
