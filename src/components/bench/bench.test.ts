import { beforeEach, describe, expect, it } from 'vitest';
import { ConvScopeError } from '../../models/errors.ts';
import type { BackendName, Engine, EngineEvent, OnEvent } from '../../workers/contract.ts';
import { fakeEngine, fakePlatform, type FakeEngine } from '../store/fake.ts';
import { createBench, plannedPairs, type Bench } from './bench.ts';
import { testMachine } from './testRows.ts';
import { benchCases } from './cases.ts';
import { parseKeptRun, type KeptRun } from './kept.ts';
import type { Report } from './report.ts';
import { leastRuns, patienceMs } from './measure.ts';

const refusal = new ConvScopeError('backend-unavailable', 'No.', {
  backend: 'webgpu',
  reason: 'no-adapter',
  detail: 'nothing is plugged in',
});

const lossOf = (backend: BackendName): EngineEvent => ({
  kind: 'device-lost',
  message: 'the driver was reset',
  report: { backend, reason: 'real-gpu', threads: 0, skipped: [] },
});

interface World {
  readonly bench: Bench;
  /** The engines in the order of their making: four that are tried, then one a row. */
  readonly engines: FakeEngine[];
  /** Called with every new engine; changes what it does. */
  prepare: (engine: FakeEngine) => void;
  hidden: boolean;
  /** What was put aside for the next visit, in order. */
  readonly kept: KeptRun[];
  /** Milliseconds that pass with every look at the clock. */
  tickMs: number;
}

/** An engine on whatever it is started on; webgpu cannot be had, webgl is imitated. */
function engineOf(): FakeEngine {
  const engine = fakeEngine();
  const { start, classify } = engine;
  let started: BackendName = 'wasm';
  return Object.assign(engine, {
    start: async (backend: BackendName) => {
      if (backend === 'webgpu') throw refusal;
      started = backend;
      const report = await start(backend);
      return backend === 'webgl'
        ? { ...report, threads: 0, adapter: 'an imitation', software: true as const }
        : report;
    },
    classify: async () => ({ ...(await classify()), backend: started }),
  } satisfies Partial<Engine>);
}

function newWorld(before: KeptRun | null = null): World {
  const engines: FakeEngine[] = [];
  const kept: KeptRun[] = [];
  let time = 0;
  const page = fakePlatform();
  const world: World = {
    engines,
    kept,
    prepare: () => {},
    hidden: false,
    tickMs: 1,
    bench: createBench({
      connect: () => {
        const engine = engineOf();
        engines.push(engine);
        world.prepare(engine);
        return engine;
      },
      machine: async () => testMachine,
      manifest: page.manifest,
      picture: async () => new Blob([]),
      hidden: () => world.hidden,
      now: () => (time += world.tickMs),
      drawn: async () => undefined,
      date: () => '2026-11-22T09:00:00.000Z',
      keep: (run) => void kept.push(run),
      kept: () => before,
    }),
  };
  return world;
}

let world: World;
const get = () => world.bench.getState();
const states = () => get().rows.map(({ backend, bench, state }) => `${bench.ref} ${backend} ${state}`);
const only = (...backends: readonly BackendName[]) => {
  world.bench.tick(plannedPairs(get()), false);
  world.bench.tick(
    backends.map((backend) => [backend, benchCases[0]!] as const),
    true,
  );
};

beforeEach(async () => {
  world = newWorld();
  await world.bench.look();
});

describe('the look around', () => {
  it('says which backends are there and why others are not, and ends every worker', () => {
    expect(get().backends).toMatchObject({
      webgpu: { state: 'missing', reason: 'no-adapter', detail: 'nothing is plugged in' },
      webgl: { state: 'there', report: { software: true } },
      wasm: { state: 'there' },
      cpu: { state: 'there' },
    });
    expect(world.engines.map(({ calls }) => calls.at(-1))).toEqual(Array(4).fill('dispose'));
    expect(get().machine).toBe(testMachine);
    expect(get().manifest?.weights).toHaveLength(3);
  });

  it('plans all on wasm, the smallest on cpu, nothing on an imitated GPU', () => {
    expect(plannedPairs(get()).map(([backend, { ref }]) => `${ref} ${backend}`)).toEqual([
      'lenet-5-modern wasm',
      'lenet-5-modern cpu',
      'zfnet-imagenette wasm',
      'efficientnet-lite0 wasm',
    ]);
  });

  it('plans what is ticked, but nothing on a backend that is missing', () => {
    only('webgl', 'webgpu');
    expect(plannedPairs(get()).map(([backend]) => backend)).toEqual(['webgl']);
  });
});

describe('a run', () => {
  it('measures each row in a fresh engine and ends it', async () => {
    world.bench.setRuns(5);
    await world.bench.start();
    expect(states()).toEqual([
      'lenet-5-modern wasm done',
      'lenet-5-modern cpu done',
      'zfnet-imagenette wasm done',
      'efficientnet-lite0 wasm done',
    ]);
    expect(world.engines).toHaveLength(8);
    expect(world.engines.map(({ calls }) => calls.at(-1))).toEqual(Array(8).fill('dispose'));
    expect(get()).toMatchObject({ phase: 'idle', step: null, startedAt: '2026-11-22T09:00:00.000Z' });
  });

  it('times every step: loading twice, the first answer, then round by round', async () => {
    only('wasm');
    world.bench.setRuns(5);
    await world.bench.start();
    const { figures } = get().rows[0]!;
    expect(figures).toMatchObject({
      startMs: 1,
      firstMs: 1,
      load: { milliseconds: 1, fromCache: false },
      loadAgain: { milliseconds: 1 },
      memory: { tensors: 0 },
    });
    expect(Object.values(figures.samples).map((times) => times.length)).toEqual([5, 5, 5, 5, 5]);
    const { calls } = world.engines.at(-1)!;
    expect(calls.filter((call) => call === 'classify')).toHaveLength(6);
    // The fake's strongest channel is the last but one; the next strongest is the first.
    expect(calls.filter((call) => call.startsWith('project ')).slice(0, 2)).toEqual([
      'project conv2 14 gradient',
      'project conv2 0 gradient',
    ]);
  });

  it('begins no further round after a minute, but makes three', async () => {
    only('wasm');
    world.bench.setRuns(30);
    world.tickMs = patienceMs;
    await world.bench.start();
    expect(get().rows[0]).toMatchObject({ state: 'done', runs: 30 });
    expect(get().rows[0]!.figures.samples.answer).toHaveLength(leastRuns);
  });

  it('goes on with the other rows where one fails, and keeps what that one had', async () => {
    only('wasm', 'cpu');
    const full = new ConvScopeError('out-of-memory', 'Full.');
    world.prepare = (engine) => {
      if (world.engines.length === 5) engine.failNext.set('faces', full);
    };
    await world.bench.start();
    expect(states()).toEqual(['lenet-5-modern wasm failed', 'lenet-5-modern cpu done']);
    const [failed] = get().rows;
    expect(failed).toMatchObject({ failure: { code: 'out-of-memory' }, figures: { firstMs: 1 } });
    expect(world.engines[4]!.calls.at(-1)).toBe('dispose');
  });

  it('takes no figure of a backend that stood in for a lost one', async () => {
    only('cpu');
    world.prepare = (engine) => {
      let tell: OnEvent | null = null;
      Object.assign(engine, {
        listen: async (onEvent: OnEvent | null) => void (tell = onEvent),
        faces: async () => {
          tell?.({ kind: 'device-gone', message: 'the driver was reset' });
          return [];
        },
      } satisfies Partial<Engine>);
    };
    await world.bench.start();
    expect(get().rows[0]).toMatchObject({
      state: 'failed',
      failure: { code: 'device-lost', details: { detail: 'the driver was reset' } },
      figures: { samples: { faces: [] } },
    });
  });

  it('ends a row as its device is lost, without waiting for what another device makes of it', async () => {
    only('cpu');
    world.prepare = (engine) => {
      engine.hold.add('faces');
      Object.assign(engine, {
        listen: async (onEvent: OnEvent | null) => {
          void expect
            .poll(() => engine.held.length)
            .toBe(1)
            .then(() => onEvent?.(lossOf('cpu')));
        },
      } satisfies Partial<Engine>);
    };
    await world.bench.start();
    expect(get().rows[0]).toMatchObject({
      state: 'failed',
      failure: { code: 'device-lost', details: { detail: 'the driver was reset' } },
      figures: { firstMs: 1 },
    });
    expect(world.engines.at(-1)!.calls.at(-1)).toBe('dispose');
  });

  it('keeps of a round that is cut off what it had', async () => {
    only('cpu');
    world.prepare = (engine) => {
      const { project } = engine;
      let projections = 0;
      Object.assign(engine, {
        project: (...args) => (++projections === 4 ? Promise.reject(refusal) : project(...args)),
      } satisfies Partial<Engine>);
    };
    await world.bench.start();
    const { samples } = get().rows[0]!.figures;
    const counts = Object.fromEntries(Object.entries(samples).map(([key, times]) => [key, times.length]));
    expect(counts).toEqual({ answer: 2, faces: 2, maps: 2, project: 2, projectNext: 1 });
    expect(world.kept.at(-1)!.texts.markdown).toMatch(/^\| LeNet-5 \(modern\) \| cpu \(!\) \|.* 1 \|$/m);
  });

  it('begins no other row on a backend that lost its device, and says so; the other backends go on', async () => {
    world.bench.tick(
      benchCases.map((bench) => ['webgl', bench] as const),
      true,
    );
    world.prepare = (engine) => {
      Object.assign(engine, {
        listen: async (onEvent: OnEvent | null) => {
          // The first row: LeNet-5 on webgl.
          if (world.engines.length === 5) onEvent?.(lossOf('webgl'));
        },
      } satisfies Partial<Engine>);
    };
    await world.bench.start();
    expect(states()).toEqual([
      'lenet-5-modern webgl failed',
      'lenet-5-modern wasm done',
      'lenet-5-modern cpu done',
      'zfnet-imagenette webgl skipped',
      'zfnet-imagenette wasm done',
      'efficientnet-lite0 webgl skipped',
      'efficientnet-lite0 wasm done',
    ]);
    expect(get().rows[3]).toMatchObject({ lostWith: 'LeNet-5 (modern)' });
    const { markdown } = world.kept.at(-1)!.texts;
    expect(markdown).toContain('webgl: failed. webgl was lost while it was measured: the driver was reset.');
    expect(markdown).toContain('webgl: not measured, because webgl lost its device with LeNet-5 (modern).');
  });

  it('goes on where an engine cannot even be ended', async () => {
    only('wasm', 'cpu');
    world.prepare = (engine) =>
      Object.assign(engine, { dispose: () => Promise.reject(new Error('the worker has stopped')) });
    await world.bench.start();
    expect(states()).toEqual(['lenet-5-modern wasm done', 'lenet-5-modern cpu done']);
    expect(get().phase).toBe('idle');
  });

  it('is not started twice', async () => {
    only('wasm');
    await Promise.all([world.bench.start(), world.bench.start()]);
    expect(world.engines).toHaveLength(5);
  });
});

describe('cancelling', () => {
  it('ends the row that runs and those that wait, and keeps what has been measured', async () => {
    only('wasm', 'cpu');
    world.prepare = (engine) => engine.hold.add('project');
    const run = world.bench.start();
    await expect.poll(() => world.engines.at(-1)!.held.length).toBe(1);
    world.bench.cancel();
    expect(get().phase).toBe('stopping');
    await run;
    expect(states()).toEqual(['lenet-5-modern wasm cancelled', 'lenet-5-modern cpu cancelled']);
    expect(get().rows[0]!.figures.firstMs).toBe(1);
    expect(get().phase).toBe('idle');
    expect(world.engines).toHaveLength(5);
    expect(world.engines[4]!.calls.at(-1)).toBe('dispose');
  });

  it('lets the next run measure', async () => {
    only('wasm');
    world.prepare = (engine) => engine.hold.add('project');
    const run = world.bench.start();
    await expect.poll(() => world.engines.at(-1)!.held.length).toBe(1);
    world.bench.cancel();
    await run;
    world.prepare = () => {};
    await world.bench.start();
    expect(states()).toEqual(['lenet-5-modern wasm done']);
  });
});

describe('a hidden tab', () => {
  it('marks the row that runs, and no other', async () => {
    only('wasm', 'cpu');
    world.prepare = (engine) => {
      if (world.engines.length === 5) engine.hold.add('load');
    };
    const run = world.bench.start();
    await expect.poll(() => world.engines.at(-1)!.held.length).toBe(1);
    world.bench.wasHidden();
    world.engines[4]!.hold.clear();
    world.engines[4]!.held[0]!.release();
    await run;
    expect(get().rows.map(({ hidden }) => hidden)).toEqual([true, false]);
  });

  it('marks a row that begins in it', async () => {
    only('wasm');
    world.hidden = true;
    await world.bench.start();
    expect(get().rows.map(({ hidden }) => hidden)).toEqual([true]);
  });
});

describe('what is kept for the next visit', () => {
  it('has what was measured before the page ended in the midst of a row', async () => {
    only('wasm', 'cpu');
    world.tickMs = 400;
    world.prepare = (engine) => {
      if (world.engines.length === 6) engine.hold.add('memory');
    };
    void world.bench.start();
    await expect.poll(() => world.engines.at(-1)!.held.length).toBe(1);
    const last = world.kept.at(-1)!;
    expect(last).toMatchObject({
      date: '2026-11-22T09:00:00.000Z',
      measured: 1,
      during: { network: 'LeNet-5 (modern)', backend: 'cpu' },
    });
    const { rows } = JSON.parse(last.texts.json) as Report;
    expect(rows.map(({ state, samples }) => [state, samples.answer.length])).toEqual([
      ['done', 10],
      ['busy', 10],
    ]);
    expect(last.texts.markdown).toContain('cpu: had not ended when this was written.');
    expect(last.texts.csv.trimEnd().split('\r\n')).toHaveLength(3);
  });

  it('is the whole run once it has ended', async () => {
    only('wasm');
    await world.bench.start();
    expect(world.kept.at(-1)).toMatchObject({ measured: 1, during: null });
  });

  it('is found by the next visit, which keeps nothing before it measures', async () => {
    only('wasm');
    await world.bench.start();
    const run = world.kept.at(-1)!;
    const next = newWorld(parseKeptRun(JSON.stringify(run)));
    await next.bench.look();
    next.bench.keep();
    expect(next.bench.getState().kept).toEqual(run);
    expect(next.kept).toEqual([]);
  });

  it.each([
    ['nothing', null],
    ['null', 'null'],
    ['a run without texts', '{"date":"2026-11-22T09:00:00.000Z","measured":1,"during":null}'],
    ['a run of no day', '{"date":"x","measured":1,"during":null,"texts":{"markdown":"","csv":"","json":""}}'],
  ])('is nothing where somebody left %s', (_, text) => {
    expect(parseKeptRun(text)).toBeNull();
  });
});
