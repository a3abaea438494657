import { backend, getBackend, relu, reshape, slice, tidy, time, zeros } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Graph } from '../models/graph.ts';
import { quartilesOf } from '../models/statistics.ts';
import type { LayerTime, LayerTimes, OnProgress, TimingMethod, TimingOptions } from './contract.ts';
import type { Activations, ForwardHooks } from './forward.ts';

/**
 * Where the time of a pass goes, layer by layer. A round is a pass whose nodes are measured one by one and a pass that
 * nobody disturbs; rounds are repeated, so that one interruption by the machine does not stand for a layer.
 */

/** A network at work: what a measurement needs of the engine for one pass. */
export interface Bench {
  readonly graph: Graph;
  /** Runs the network on the picture. The activations stay the engine's. */
  run(hooks: ForwardHooks): Promise<Activations>;
}
/** One turn of the engine: other requests may come between two of them. Rejects where the network has changed since. */
export type OnBench = <T>(work: (bench: Bench) => Promise<T>) => Promise<T>;

type Measured = Pick<
  LayerTimes,
  'method' | 'passes' | 'layers' | 'passMilliseconds' | 'resolutionMilliseconds'
>;

const usualPasses = 15;
const usualBudgetMilliseconds = 4000;
/** So that a median exists, however slow a pass is. */
const leastPasses = 3;

/** Measures every node; `onBench` gives the turns. Throws what a pass throws, 'cancelled' among it. */
export async function measureLayers(
  { passes = usualPasses, budgetMilliseconds = usualBudgetMilliseconds }: TimingOptions,
  onProgress: OnProgress,
  onBench: OnBench,
): Promise<Measured> {
  const begun = performance.now();
  const least = Math.min(passes, leastPasses);
  let done = 0;
  // By the passes that are wanted, or by the time that is given, of which some are run in any case.
  const report = (part: number) => {
    const spent = (performance.now() - begun) / budgetMilliseconds;
    const bounded = Math.min(spent, (done + part) / (1 + 2 * least));
    onProgress({
      phase: 'measure',
      fraction: Math.min(1, Math.max((done + part) / (1 + 2 * passes), bounded)),
    });
  };
  // The first pass is not counted: programs are compiled and the heap grows to its size.
  const samples = await onBench((bench) => Samples.begin(bench, report));
  const undisturbed: number[] = [];
  for (done = 1; done < 1 + 2 * passes;) {
    const spent = performance.now() - begun;
    const round = (2 * spent) / done;
    if (undisturbed.length >= least && spent + round > budgetMilliseconds) break;
    await onBench((bench) => samples.take(bench, report));
    done += 1;
    undisturbed.push(await onBench((bench) => undisturbedPass(bench, report)));
    done += 1;
  }
  onProgress({ phase: 'measure', fraction: 1 });
  return { ...samples.result(), passes: undisturbed.length, passMilliseconds: quartilesOf(undisturbed) };
}

/** Milliseconds of a pass as it usually runs, from the prepared picture to the answer read back. */
async function undisturbedPass({ graph, run }: Bench, onFraction: (part: number) => void): Promise<number> {
  const start = performance.now();
  const activations = await run({ onFraction });
  await activations.get(graph.output).data();
  return performance.now() - start;
}

/** One node's run: what it made, and its time; null where the clock had none to give. */
interface Run {
  readonly output: Tensor4D;
  readonly milliseconds: number | null;
}

interface Clock {
  readonly method: TimingMethod;
  /** Before each pass. */
  prepare(): Promise<void>;
  take(run: () => Tensor4D): Promise<Run>;
  /** Milliseconds below which a time from these readings means nothing. */
  resolution(readings: readonly number[]): number;
}

/** The readings of all nodes. */
class Samples {
  private readonly readings = new Map<string, number[]>();
  private readonly joinedWith = new Map<string, string>();

  private constructor(
    private readonly graph: Graph,
    private readonly clock: Clock,
  ) {}

  /** Runs a first pass, and finds out by it whether a GPU's own clock really runs. */
  static async begin(bench: Bench, onFraction: (part: number) => void): Promise<Samples> {
    const samples = new Samples(bench.graph, hasGpuClock() ? gpuClock : wallOrRoundTrip());
    await samples.take(bench, onFraction);
    const all = [...samples.readings.values()].flat();
    const stands = samples.clock.method === 'gpu-clock' && !all.some((milliseconds) => milliseconds > 0);
    return new Samples(bench.graph, stands ? roundTripClock() : samples.clock);
  }

  async take({ run }: Bench, onFraction: (part: number) => void): Promise<void> {
    await this.clock.prepare();
    await run({
      onFraction,
      around: async (node, runNode, joined) => {
        if (joined) this.joinedWith.set(joined.id, node.id);
        const { output, milliseconds } = await this.clock.take(runNode);
        const readings = this.readings.get(node.id) ?? [];
        this.readings.set(node.id, readings);
        if (milliseconds !== null) readings.push(milliseconds);
        return output;
      },
    });
  }

  result(): Pick<LayerTimes, 'method' | 'layers' | 'resolutionMilliseconds'> {
    const all = [...this.readings.values()].flat();
    return {
      method: this.clock.method,
      layers: this.graph.nodes.map(({ id }) => this.layerTime(id)),
      resolutionMilliseconds: this.clock.resolution(all),
    };
  }

  private layerTime(node: string): LayerTime {
    const readings = this.readings.get(node) ?? [];
    const joinedWith = this.joinedWith.get(node);
    return {
      node,
      milliseconds: readings.length > 0 ? quartilesOf(readings) : null,
      ...(joinedWith !== undefined && { joinedWith }),
    };
  }
}

const computesAtOnce = (): boolean => getBackend() === 'wasm' || getBackend() === 'cpu';
const wallOrRoundTrip = (): Clock => (computesAtOnce() ? wallClock : roundTripClock());

/** Whether the backend has timer queries. WebGPU's says so in a field of its own, and not in the method for it. */
function hasGpuClock(): boolean {
  if (computesAtOnce()) return false;
  const gpu = backend();
  if (getBackend() === 'webgpu') return 'supportTimestampQuery' in gpu && gpu.supportTimestampQuery === true;
  return gpu.timerAvailable();
}

/** wasm and cpu have computed when they return. */
const wallClock: Clock = {
  method: 'wall-clock',
  prepare: async () => undefined,
  async take(run) {
    const start = performance.now();
    const output = run();
    return { output, milliseconds: performance.now() - start };
  },
  resolution: () => clockStep(),
};

/** The GPU writes down when it begins and ends each program of the node; waiting in the queue is not in it. */
const gpuClock: Clock = {
  method: 'gpu-clock',
  prepare: async () => undefined,
  async take(run) {
    let output: Tensor4D | null = null;
    try {
      const { kernelMs } = await time(() => {
        output = run();
      });
      // tfjs types a failed query as an object; a negative time is a clock that was set between two readings.
      const usable = typeof kernelMs === 'number' && kernelMs >= 0;
      return { output: output!, milliseconds: usable ? kernelMs : null };
    } catch (error) {
      (output as Tensor4D | null)?.dispose();
      throw error;
    }
  },
  resolution: smallestStep,
};

/** Waits for the GPU after every node, by reading one value of its output, and takes off what that costs by itself. */
function roundTripClock(): Clock {
  const trips: number[] = [];
  let trip = 0;
  return {
    method: 'round-trip',
    async prepare() {
      // Large enough that tfjs does not keep it, and read it, on the processor.
      const ready = tidy(() => relu(zeros([64, 64])));
      try {
        await readOne(ready);
        for (let i = 0; i < 8; i++) trips.push(await wallOf(() => readOne(ready)));
      } finally {
        ready.dispose();
      }
      trip = quartilesOf(trips).median;
    },
    async take(run) {
      const start = performance.now();
      const output = run();
      try {
        await readOne(output);
      } catch (error) {
        output.dispose();
        throw error;
      }
      return { output, milliseconds: Math.max(0, performance.now() - start - trip) };
    },
    resolution() {
      const { lower, upper } = quartilesOf(trips);
      return Math.max(clockStep(), upper - lower);
    },
  };
}

async function readOne(tensor: Tensor): Promise<void> {
  const first = tidy(() => slice(reshape(tensor, [-1]), 0, 1));
  await first.data().finally(() => first.dispose());
}

async function wallOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Milliseconds between two readings of the page's clock that differ: browsers round it, the more the less isolated a page is. */
function clockStep(): number {
  const edge = (from: number): number => {
    let now = from;
    while (now === from) now = performance.now();
    return now;
  };
  let step = Infinity;
  for (let i = 0; i < 3; i++) {
    const start = edge(performance.now());
    step = Math.min(step, edge(start) - start);
  }
  return step;
}

/** The least difference between readings: a rounded clock gives multiples of its step. */
function smallestStep(readings: readonly number[]): number {
  const sorted = [...new Set(readings)].sort((a, b) => a - b);
  const steps = sorted.map((value, i) => value - (sorted[i - 1] ?? 0)).filter((step) => step > 1e-6);
  return steps.length > 0 ? Math.min(...steps) : 0;
}
