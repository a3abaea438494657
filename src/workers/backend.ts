import { getBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import { within } from '../models/within.ts';
import { selfTest } from './backend.selfTest.ts';
import type { BackendName, BackendReason, BackendReport } from './contract.ts';

/** Chooses what computes: the first backend in the host's order that opens and passes the self-test. */

/** An opened backend: registered with tfjs under its name and ready to be set. */
export interface OpenBackend {
  readonly threads: number;
  readonly adapter?: string;
  readonly threadsRefused?: string;
  /** Runs on a GPU's interface without a GPU behind it. */
  readonly software: boolean;
  /** Frees pooled buffers that no tensor uses. */
  purge?(): void;
  gpuBytes?(): number;
  /** What the GPU complained of since the last call; it throws nothing by itself. */
  takeComplaints?(): readonly GpuComplaint[];
  /** Gives the device back after tfjs has let go of the backend. */
  close?(): void;
  /** False where the backend stays registered for other engines of the same process. */
  readonly exclusive: boolean;
}

export interface GpuComplaint {
  readonly kind: 'out-of-memory' | 'validation' | 'internal';
  readonly message: string;
}

export interface OpenOptions {
  /** The user asked for this backend by name: software adapters are allowed. */
  readonly chosen: boolean;
  onLost(message: string): void;
}

/** What a platform offers; `open` throws `BackendRefusal` where a backend cannot be had. */
export interface BackendHost {
  readonly order: readonly BackendName[];
  open(name: BackendName, options: OpenOptions): Promise<OpenBackend>;
}

export class BackendRefusal extends Error {
  constructor(
    readonly reason: BackendReason,
    readonly detail?: string,
  ) {
    super(detail ?? reason);
  }
}

/** A driver that has not answered by then hangs: another backend is to compute, and not nothing. */
export const patienceMs = 20_000;

/**
 * What a driver answers. Refuses with 'no-answer' where that takes longer than `patienceMs`; an answer that comes all the
 * same is given to `late`, since nobody else has it.
 */
export async function inTime<T>(
  work: Promise<T>,
  missing: string,
  late: (value: T) => void = () => undefined,
): Promise<T> {
  const answer = await within(
    patienceMs,
    work.then((value) => ({ value })),
  );
  if (answer) return answer.value;
  work.then(late, () => undefined);
  throw new BackendRefusal('no-answer', `${missing} within ${patienceMs / 1000} s`);
}

export interface RunningBackend {
  readonly name: BackendName;
  readonly open: OpenBackend;
  readonly report: BackendReport;
}

type Skipped = BackendReport['skipped'][number];

/** Opens, sets and tests one backend. On failure nothing of it stays registered. */
async function openAndTest(
  host: BackendHost,
  name: BackendName,
  options: OpenOptions,
): Promise<OpenBackend | Skipped> {
  const before = getBackend() as string | undefined;
  let open: OpenBackend;
  try {
    open = await host.open(name, options);
  } catch (error) {
    return skippedBy(name, error);
  }
  let failure: Skipped | null;
  try {
    // setBackend answers false, and throws nothing, where the factory fails.
    const ready = await setBackend(name);
    const tested = () => (open.threads === 0 ? inTime(selfTest(), 'no self-test came back') : selfTest());
    const wrong = ready ? await tested() : null;
    failure = !ready
      ? { backend: name, reason: 'start-failed' }
      : wrong === null
        ? null
        : { backend: name, reason: 'self-test-failed', detail: wrong };
  } catch (error) {
    failure = skippedBy(name, error);
  }
  if (!failure) return open;
  closeBackend(name, open);
  if (before && before !== name) await setBackend(before);
  return failure;
}

function skippedBy(backend: BackendName, error: unknown): Skipped {
  if (!(error instanceof BackendRefusal)) {
    return {
      backend,
      reason: 'start-failed',
      detail: error instanceof Error ? error.message : String(error),
    };
  }
  return { backend, reason: error.reason, ...(error.detail && { detail: error.detail }) };
}

/** Lets go of a backend and everything that its tensors held. */
export function closeBackend(name: BackendName, open: OpenBackend): void {
  if (!open.exclusive) return;
  try {
    removeBackend(name);
  } catch {
    // A backend that never came up has nothing to dispose.
  }
  open.close?.();
}

/** Why the first of the automatic choices that works is taken. */
const reasonOf = (name: BackendName, skipped: readonly Skipped[]): BackendReason => {
  if (name === 'webgpu' || name === 'webgl') return 'real-gpu';
  return name === 'cpu' ? 'last-resort' : skipped.length > 0 ? 'fallback' : 'real-gpu';
};

const sentences: Partial<Record<BackendReason, string>> = {
  'no-webgpu': 'this browser has no WebGPU here (it also needs https or localhost)',
  'no-adapter': 'WebGPU finds no graphics adapter',
  'no-webgl': 'WebGL 2 cannot be used in a worker here',
  'no-answer': 'its driver does not answer',
  'self-test-failed': 'its self-test gave wrong numbers',
  'start-failed': 'it did not start',
  'device-lost': 'the graphics device was lost',
  'not-in-node': 'the command line computes on wasm or cpu only; open the page for the GPU',
};

const sentence = ({ reason, detail }: Skipped): string =>
  [sentences[reason] ?? reason, detail].filter(Boolean).join(': ');

/**
 * Starts the backend asked for, or for 'auto' the best one; `passedOver` are left out from the start (a lost device).
 * Throws 'backend-unavailable': with the reason for a chosen one, with all reasons where none works.
 */
export async function startBackend(
  host: BackendHost,
  wanted: BackendName | 'auto',
  onLost: (message: string) => void,
  passedOver: readonly Skipped[] = [],
): Promise<RunningBackend> {
  const chosen = wanted !== 'auto';
  const skipped: Skipped[] = [];
  for (const name of chosen ? [wanted] : host.order) {
    const known = passedOver.find(({ backend }) => backend === name);
    const result = known ?? (await openAndTest(host, name, { chosen, onLost }));
    if ('reason' in result) {
      skipped.push(result);
      continue;
    }
    const report: BackendReport = {
      backend: name,
      reason: chosen ? 'chosen-by-user' : reasonOf(name, skipped),
      threads: result.threads,
      ...(result.adapter && { adapter: result.adapter }),
      ...(result.threads === 0 && result.software && { software: true as const }),
      ...(result.threadsRefused && { threadsRefused: result.threadsRefused }),
      skipped,
    };
    return { name, open: result, report };
  }
  const last = skipped.at(-1);
  const reasons = skipped.map((s) => `${s.backend}: ${sentence(s)}`);
  throw new ConvScopeError(
    'backend-unavailable',
    chosen
      ? `The ${wanted} backend cannot be used: ${skipped.map(sentence).join('; ')}. Choose another one.`
      : `Nothing here can compute (${reasons.join('; ')}). Try a current browser.`,
    {
      backend: wanted,
      reason: last?.reason ?? 'start-failed',
      ...(last?.detail && { detail: last.detail }),
      reasons,
    },
  );
}
