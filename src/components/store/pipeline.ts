import type { StoreApi } from 'zustand/vanilla';
import type { Engine, Purpose } from '../../workers/contract.ts';
import { createLayerRequests, layerSlotsOf, type LayerRequests } from './layerRequests.ts';
import type { PagePlatform } from './platform.ts';
import { createSlots } from './slots.ts';
import type { Slot } from './requests.ts';
import { createStageWork, goesOnWithout, stages, type Sources, type Stage } from './stages.ts';
import type { Store } from './types.ts';

export interface Pipeline extends Omit<LayerRequests, 'forgetLayer'> {
  /** Asks for the list of weights, which every answer needs, before there is anything to compute with. */
  list(): void;
  /**
   * Runs from this stage on; earlier stages that are not done yet run too. Newer calls supersede older ones. Where nobody
   * looks at layers it ends with the answer. `purpose` is what a network that it loads is loaded for.
   */
  run(from: Stage, purpose?: Purpose): Promise<void>;
  /** Somebody looks at layers again: runs what was left out; says whether there was anything. */
  look(): Promise<boolean>;
  /** Like `run('seen')`, but lets a running classification end first: a digit is classified while it is drawn. */
  runDrawing(): void;
  /** Forgets every answer that depends on this stage. */
  forget(from: Stage): void;
  cancel(): void;
}

/**
 * Drives the engine through backend -> weights -> picture -> answer -> faces -> maps -> projection, each in its own
 * slot of the store. A failure ends the walk there.
 */
export function createPipeline(
  store: StoreApi<Store>,
  engine: Engine,
  platform: PagePlatform,
  sources: Sources,
): Pipeline {
  let epoch = 0;
  let walking = false;
  let drawAgain = false;
  let listing: Promise<unknown> | null = null;

  const slots = createSlots(store);
  const stageWork = createStageWork({ store, engine, slots, sources, listed });
  const { forgetLayer, ...layer } = createLayerRequests({ store, engine, slots, walking: () => walking });

  /** The slots that depend on a stage; kernels are the layer's own, whatever the picture. */
  const later = (from: Stage): readonly Pick<Slot<unknown>, 'clear' | 'markStale' | 'restore'>[] =>
    stages
      .slice(stages.indexOf(from) + 1)
      .flatMap((stage): readonly Pick<Slot<unknown>, 'clear' | 'markStale' | 'restore'>[] =>
        stage === 'layer' ? layerSlotsOf(slots).filter((s) => s !== slots.kernels) : [slots[stage]],
      );

  function dropWipedDrawing(): boolean {
    const { seen } = store.getState();
    if (seen.state !== 'failed' || seen.failure.code !== 'no-ink') return false;
    store.setState({ seen: { ...seen, previous: null } });
    return true;
  }

  /** The comparison asks for answers and shows no layer of theirs. */
  const nobodyLooks = () => store.getState().view === 'compare';

  /** One request for the list, however many wait for it. */
  function listed(): Promise<unknown> {
    const mine = (listing ??= slots.manifest.start(() => platform.manifest()));
    void mine.finally(() => {
      if (listing === mine) listing = null;
    });
    return mine;
  }

  async function walk(from: Stage, purpose?: Purpose) {
    epoch += 1;
    const my = epoch;
    const mine = () => my === epoch;
    walking = true;
    // What was measured before stands again: the engine has ended the measurement.
    slots.layerTimes.restore();
    if (from === 'seen' || from === 'answer') later(from).forEach((s) => s.markStale());
    for (const stage of stages) {
      if (stage === 'layer') {
        layer.runLayer();
        break;
      }
      const wanted = stages.indexOf(stage) >= stages.indexOf(from);
      if (!wanted && store.getState()[stage].state === 'done') continue;
      if (stage === 'faces' && nobodyLooks()) {
        later('answer').forEach((s) => s.clear());
        break;
      }
      const goOn = await stageWork[stage](mine, purpose);
      if (!mine()) return;
      if (!goOn) {
        // A picture, weights or a backend that cannot be had leave the engine's last ones, and with them every answer,
        // as they were. A canvas that was wiped is no such picture: its answer goes with it.
        const keep = stage === 'seen' ? !dropWipedDrawing() : goesOnWithout(stage, store.getState());
        later(stage).forEach((s) => (keep ? s.restore() : s.clear()));
        break;
      }
    }
    walking = false;
    if (drawAgain) {
      drawAgain = false;
      await walk('seen');
    }
  }

  /** Whether the engine works on anything; the list comes without it. */
  const busy = () => Object.values(slots).some((s) => s !== slots.manifest && s.state() === 'busy');

  async function run(from: Stage, purpose?: Purpose) {
    if (busy()) void engine.cancel();
    drawAgain = false;
    await walk(from, purpose);
  }

  return {
    ...layer,
    list: () => void listed(),
    run,
    async look() {
      const { answer, faces } = store.getState();
      if (walking || answer.state !== 'done' || faces.state !== 'idle') return false;
      await walk('faces');
      return true;
    },
    runDrawing() {
      const { seen, answer, faces } = store.getState();
      if (!walking) void run('seen');
      // A walk that has not come to the picture yet will find the newest drawing there.
      else if ([seen, answer, faces].some((request) => request.state !== 'idle')) drawAgain = true;
    },
    forget(from) {
      for (const stage of stages.slice(stages.indexOf(from))) {
        if (stage === 'layer') forgetLayer();
        else slots[stage].clear();
      }
    },
    cancel() {
      epoch += 1;
      walking = false;
      drawAgain = false;
      listing = null;
      Object.values(slots).forEach((s) => s.abort());
      void engine.cancel();
    },
  };
}
