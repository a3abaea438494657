import { backend, env } from '@tensorflow/tfjs-core';

type Pipeline = GPUComputePipeline | Promise<GPUComputePipeline>;

/** The inside of tfjs 4.22.0's WebGPU backend: what a tensor is on the device, and its programs by their keys. */
interface Inside {
  readonly pipelineCache: Record<string, Pipeline>;
  readonly tensorMap: { get(id: object): TensorData };
  write(values: unknown, shape: number[], dtype: string): object;
  uploadToGPU(id: object): void;
  read(id: object): Promise<Float32Array | Int32Array>;
}

interface TensorData {
  readonly shape: readonly number[];
  readonly dtype: string;
  values: unknown;
  resource: unknown;
}

/** Programs that are being compiled while the page goes on. */
export interface Compiling {
  readonly count: number;
  /** Resolves when all are there, or have failed: those are compiled again where they are needed, and complain there. */
  readonly done: Promise<void>;
}

const compileOnly = 'WEBGPU_ENGINE_COMPILE_ONLY';

/** Whether what runs now is a rehearsal. */
export const isRehearsing = (): boolean => env().getBool(compileOnly);

/**
 * Goes through work without computing any of it: tensors that it makes have no buffers, nothing is dispatched, and what
 * it reads of them are zeros. The programs that it meets and that are not there yet are compiled all at once, by the
 * browser's threads. Nothing else may use the backend before `work` ends; `work` must dispose what it makes, and keep
 * none of it. `onFraction`: the part that is compiled, 0..1.
 */
export async function rehearse(
  work: () => Promise<void>,
  onFraction: (fraction: number) => void = () => undefined,
): Promise<Compiling> {
  const gpu = backend() as unknown as Inside;
  const endPretence = pretend(gpu);
  let found: [string, Promise<GPUComputePipeline>][];
  try {
    await work();
  } finally {
    endPretence();
    // Whoever computes meanwhile finds no program that is not there yet, and compiles it as ever.
    found = takePending(gpu.pipelineCache);
  }
  let arrived = 0;
  const arrivals = found.map(([key, pending]) =>
    pending.then(
      (pipeline) => {
        gpu.pipelineCache[key] ??= pipeline;
        onFraction(++arrived / found.length);
      },
      () => undefined,
    ),
  );
  return { count: found.length, done: Promise.all(arrivals).then(() => undefined) };
}

/** Stands in for the backend's ways to the device, until the returned function is called. */
function pretend(gpu: Inside): () => void {
  const made = new WeakSet<object>();
  // In place of a buffer: tfjs computes small tensors without one by itself, and would find other programs.
  const buffer = {};
  const { write, uploadToGPU, read } = gpu;
  gpu.write = (values, shape, dtype) => {
    const id = write.call(gpu, values, shape, dtype);
    made.add(id);
    return id;
  };
  gpu.uploadToGPU = (id) => {
    if (!made.has(id)) return uploadToGPU.call(gpu, id);
    const data = gpu.tensorMap.get(id);
    data.resource ??= buffer;
    data.values = null;
  };
  gpu.read = async (id) => {
    if (!made.has(id)) return read.call(gpu, id);
    const { shape, dtype } = gpu.tensorMap.get(id);
    const size = shape.reduce((product, side) => product * side, 1);
    return dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
  };
  env().set(compileOnly, true);
  return () => {
    env().set(compileOnly, false);
    Object.assign(gpu, { write, uploadToGPU, read });
  };
}

function takePending(cache: Record<string, Pipeline>): [string, Promise<GPUComputePipeline>][] {
  const pending = Object.entries(cache).filter(
    (entry): entry is [string, Promise<GPUComputePipeline>] => entry[1] instanceof Promise,
  );
  for (const [key] of pending) delete cache[key];
  return pending;
}
