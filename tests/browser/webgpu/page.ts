import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend as tfjsBackend, env, memory, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { openWebgl } from '../../../src/workers/backend.webgl.ts';
import { openWebgpu } from '../../../src/workers/backend.webgpu.ts';
import { Program } from '../../../src/workers/webgpu/program.ts';
import { opCases } from '../../numerics/cases.ts';
import { checkOp } from '../../numerics/checkOps.ts';
import type { OpErrors } from '../../numerics/checkOps.ts';
import { checkVectors, countKinds, expectedCounts } from '../../numerics/checkVectors.ts';
import type { Finding } from '../../numerics/checkVectors.ts';
import { loadNet } from '../../vectors/load.ts';
import type { VectorIndex } from '../../vectors/load.ts';
import { checkEdge, edgeCases, type EdgeResult } from './edges.ts';
import { checkHalves, type HalfErrors } from './halfChecks.ts';
import { checkPictures, type PictureErrors } from './pictureChecks.ts';
import { checkViews, type ViewErrors } from './viewChecks.ts';

/** The page of the GPU tests: the same checks as in Node, on the device that the product opens. */

export interface Leak {
  readonly tensors: number;
  readonly bytes: number;
}

export interface GpuChecks {
  start(backend: 'webgpu' | 'webgl'): Promise<string>;
  ops(): Promise<(OpErrors & { readonly name: string } & Leak)[]>;
  /** Ops that run on programs of ours, or on tfjs's, at the edges of workgroups and tiles. */
  edges(whose: keyof typeof edgeCases): Promise<(EdgeResult & Leak)[]>;
  views(): Promise<{ readonly errors: readonly ViewErrors[]; readonly leak: Leak }>;
  pictures(): Promise<{ readonly results: readonly PictureErrors[]; readonly leak: Leak }>;
  halves(): Promise<{ readonly results: readonly HalfErrors[]; readonly leak: Leak }>;
  /** Programs of ours that no check has run so far, by the names of their classes; and any that are not listed. */
  programs(): { readonly all: number; readonly notRun: readonly string[]; readonly unlisted: number };
  netNames(): Promise<string[]>;
  vectors(name: string): Promise<{
    readonly findings: readonly Finding[];
    readonly counts: Record<Finding['kind'], number>;
    readonly expected: Record<Finding['kind'], number>;
    readonly leak: Leak;
  }>;
  /** What the device complained about: tfjs would go on with zeros. */
  complaints(): string[];
}

const complaints: string[] = [];

type ProgramClass = abstract new (...args: never[]) => Program;

const isProgram = (value: unknown): value is ProgramClass =>
  typeof value === 'function' && value.prototype instanceof Program;

/** Every program of ours, by the name that its module exports it under. */
const registered = new Map<unknown, string>(
  Object.values(
    import.meta.glob<Record<string, unknown>>('../../../src/workers/webgpu/*.ts', { eager: true }),
  )
    .flatMap((module) => Object.entries(module))
    .filter(([, value]) => isProgram(value))
    .map(([name, value]) => [value, name]),
);
const hasRun = new Set<unknown>();

/** Takes down which programs run. */
function watch(gpu: WebGPUBackend): void {
  const { runWebGPUProgram } = gpu;
  gpu.runWebGPUProgram = (program, ...rest) => {
    if (program instanceof Program) hasRun.add(program.constructor);
    return runWebGPUProgram.call(gpu, program, ...rest);
  };
}

async function leaking<T>(work: () => Promise<T>): Promise<[T, Leak]> {
  const before = memory();
  const result = await work();
  const after = memory();
  return [result, { tensors: after.numTensors - before.numTensors, bytes: after.numBytes - before.numBytes }];
}

const index = async (): Promise<VectorIndex> => (await fetch('./index.json')).json() as Promise<VectorIndex>;

const checks: GpuChecks = {
  async start(backend) {
    const open = backend === 'webgpu' ? openWebgpu : openWebgl;
    const device = await open({
      chosen: true,
      onLost: (message) => console.error(`device lost: ${message}`),
    });
    // Small tensors would be computed on the CPU and tell nothing of the GPU.
    if (backend === 'webgpu') env().set('WEBGPU_CPU_FORWARD', false);
    if (!(await setBackend(backend))) throw new Error(`tfjs did not take the ${backend} backend`);
    if (backend === 'webgpu') {
      const gpu = tfjsBackend() as WebGPUBackend;
      watch(gpu);
      gpu.device.addEventListener('uncapturederror', ({ error }) => complaints.push(error.message));
    }
    return device.adapter ?? '';
  },
  async ops() {
    const results = [];
    for (const test of opCases) {
      const [errors, leak] = await leaking(() => checkOp(test));
      results.push({ name: test.name, ...errors, ...leak });
    }
    return results;
  },
  async edges(whose) {
    const results = [];
    for (const test of edgeCases[whose]) {
      const [result, leak] = await leaking(() => checkEdge(test));
      results.push({ ...result, ...leak });
    }
    return results;
  },
  async views() {
    const [errors, leak] = await leaking(checkViews);
    return { errors, leak };
  },
  async pictures() {
    const [results, leak] = await leaking(checkPictures);
    return { results, leak };
  },
  async halves() {
    const [results, leak] = await leaking(checkHalves);
    return { results, leak };
  },
  programs: () => ({
    all: registered.size,
    notRun: [...registered].filter(([program]) => !hasRun.has(program)).map(([, name]) => name),
    unlisted: [...hasRun].filter((program) => !registered.has(program)).length,
  }),
  netNames: async () => (await index()).nets.map(({ name }) => name),
  async vectors(name) {
    const entry = (await index()).nets.find((net) => net.name === name);
    if (!entry) throw new Error(`no net ${name}`);
    const net = loadNet(entry, await (await fetch(`./${entry.file}`)).arrayBuffer());
    const [findings, leak] = await leaking(() => checkVectors(net));
    return { findings, counts: countKinds(findings), expected: expectedCounts(net), leak };
  },
  complaints: () => complaints,
};

Object.assign(window, { checks });
