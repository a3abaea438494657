import { env, findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import {
  BackendWasm,
  getThreadsCount,
  init,
  setWasmPaths,
} from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm';
import '@tensorflow/tfjs-backend-wasm/dist/register_all_kernels';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import type { OpenBackend } from './backend.ts';
import { guardHeap, type WasmHeap } from './backend.heap.ts';

/**
 * Opens wasm in the browser: with SIMD where there is SIMD, with threads where the page is cross-origin isolated and
 * there are cores for more than one: the module without threads computes the same on one, and starts no workers. Only
 * the kernels and the backend's class are imported, not the package's entry, which would register a backend of its own.
 * Where the threads cannot be started (a content policy that forbids blob workers), one thread computes; the report says so.
 */
export async function openWasm(): Promise<OpenBackend> {
  const simd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const count = threadsTaken(navigator.hardwareConcurrency);
  const threaded =
    simd &&
    count > 1 &&
    globalThis.crossOriginIsolated &&
    (await env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'));
  let threadsRefused: string | undefined;
  const threads = threaded
    ? await threadedModule(count).catch((error: unknown) => {
        threadsRefused = error instanceof Error ? error.message : String(error);
        return null;
      })
    : null;
  const wasm = threads ?? (await singleModule());
  guardHeap(wasm as unknown as WasmHeap);
  const backend = new BackendWasm(wasm);
  if (findBackendFactory('wasm')) removeBackend('wasm');
  registerBackend('wasm', () => backend, 2);
  return {
    threads: threads ? getThreadsCount() : 1,
    ...(threadsRefused && { threadsRefused }),
    software: false,
    exclusive: true,
  };
}

/** What tfjs's threaded module takes: half of the logical cores, since two of them often share one core; four at most. */
export const threadsTaken = (logicalCores: number): number =>
  Math.min(Math.max(Math.floor(logicalCores / 2), 1), 4);

/** Threads that a policy blocks never answer. */
const threadStartMilliseconds = 10_000;

type WasmModule = ConstructorParameters<typeof BackendWasm>[0];

async function singleModule(): Promise<WasmModule> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plainUrl,
    'tfjs-backend-wasm-simd.wasm': simdUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
  });
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  return (await init()).wasm;
}

interface EmscriptenConfig {
  locateFile(path: string): string;
  readonly mainScriptUrlOrBlob: Blob;
  onAbort(what: unknown): void;
}
interface Emscripten {
  cwrap(name: string, result: string | null, parameters: readonly string[]): (...values: number[]) => number;
  tfjs?: Record<string, (...values: number[]) => number>;
}
type EmscriptenFactory = (config: EmscriptenConfig) => Promise<Emscripten>;

/**
 * The package gives its threads the text of a function that the bundler has minified and that names variables of the
 * bundle ("e is not defined"). So the glue travels as text, untouched, and is evaluated once here and once a thread.
 */
async function threadedModule(threads: number): Promise<WasmModule> {
  const [{ default: text }, { default: threadFile }] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js?raw'),
    import('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js?raw'),
  ]);
  const glue = withWorkers(text, threads - 1);
  const factory = await evaluate(glue);
  const threadUrl = scriptUrl(threadScript(threadFile));
  const module = await new Promise<Emscripten>((resolve, reject) => {
    factory({
      locateFile: (path) => (path.endsWith('.wasm') ? new URL(threadedUrl, import.meta.url).href : threadUrl),
      mainScriptUrlOrBlob: new Blob([glue], { type: 'text/javascript' }),
      onAbort: (what) => reject(new Error(`the threaded wasm module stopped: ${String(what)}`)),
    }).then(resolve, reject);
    setTimeout(() => reject(new Error('the threads did not start')), threadStartMilliseconds);
  });
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  };
  // The seam to emscripten: the module has the calls that BackendWasm makes, under the names that it uses.
  return module as unknown as WasmModule;
}

const scriptUrl = (...text: string[]): string =>
  URL.createObjectURL(new Blob(text, { type: 'text/javascript' }));

/** A classic script's global as a module's default export: module workers have no importScripts. */
async function evaluate(glue: string): Promise<EmscriptenFactory> {
  const url = scriptUrl(glue, '\nexport default WasmBackendModuleThreadedSimd;');
  try {
    return ((await import(/* @vite-ignore */ url)) as { default: EmscriptenFactory }).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Emscripten starts workers before it knows how many threads there will be, eight of some 17 MB each. The thread that
 * asks computes too, so one less than the threads is enough.
 */
export function withWorkers(glue: string, workers: number): string {
  const sized = glue.replace('pthreadPoolSize=8;', `pthreadPoolSize=${workers};`);
  if (sized === glue) throw new Error('the glue of @tensorflow/tfjs-backend-wasm has changed its form');
  return sized;
}

/** The file is a module that exports the thread's script as one template literal. */
function threadScript(file: string): string {
  const script = /`([^`]*)`/.exec(file)?.[1];
  if (!script) throw new Error('the thread script of @tensorflow/tfjs-backend-wasm has changed its form');
  return script;
}
