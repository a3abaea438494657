import type { StoreApi } from 'zustand/vanilla';
import { buildNetwork } from '../zoo.ts';
import type { Pixels } from '../../models/preprocessing.ts';
import type { Engine, OnProgress, Purpose, WeightSource } from '../../workers/contract.ts';
import type { PagePlatform } from './platform.ts';
import { createSlot, lastValue, toFailure, type Slot } from './requests.ts';
import type { Answers, Request, Store } from './types.ts';

/** Sides of the thumbnails asked of the engine: sharp at the size at which they are drawn on a 2x screen. */
export const thumbnailPx = 64;
export const facePx = 48;
/** As many as in the paper's figure 2. */
const galleryCount = 9;

/** The stages of an answer, in order: each needs all before it. */
const stages = ['backend', 'weights', 'seen', 'answer', 'faces', 'layer'] as const;
export type Stage = (typeof stages)[number];

/** Where pictures come from: what the store knows and the engine does not. */
export interface Sources {
  image(): Promise<Blob | Pixels>;
  weights(ref: string): Promise<WeightSource | null>;
  /** The engine could read the picture. */
  accepted(): void;
}

export interface Pipeline {
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
  runLayer(): void;
  runChannel(): void;
  /** Projects the layer's strongest channels if somebody looks at them, else forgets them. */
  runGallery(): void;
  /** Measures the layers of the loaded network, beside everything else. */
  measureTimes(): void;
  /** Forgets every answer that depends on this stage. */
  forget(from: Stage): void;
  forgetChannel(): void;
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

  function slot<K extends keyof Answers>(key: K): Slot<Value<K>> {
    return createSlot<Value<K>>(
      () => store.getState()[key] as Request<Value<K>>,
      (request) => store.setState({ [key]: request } as unknown as Partial<Store>),
      (error) => store.getState().explain(error),
    );
  }
  const slots = {
    manifest: slot('manifest'),
    backend: slot('backend'),
    weights: slot('weights'),
    seen: slot('seen'),
    answer: slot('answer'),
    faces: slot('faces'),
    maps: slot('maps'),
    kernels: slot('kernels'),
    channelMap: slot('channelMap'),
    projection: slot('projection'),
    gallery: slot('gallery'),
    layerTimes: slot('layerTimes'),
  };

  const layerSlots = [slots.maps, slots.kernels, slots.channelMap, slots.projection, slots.gallery];
  const later = (from: Stage): readonly Pick<Slot<unknown>, 'clear' | 'markStale' | 'restore'>[] =>
    stages
      .slice(stages.indexOf(from) + 1)
      .flatMap((stage): readonly Pick<Slot<unknown>, 'clear' | 'markStale' | 'restore'>[] =>
        stage === 'layer' ? layerSlots.filter((s) => s !== slots.kernels) : [slots[stage]],
      );

  function dropWipedDrawing(): boolean {
    const { seen } = store.getState();
    if (seen.state !== 'failed' || seen.failure.code !== 'no-ink') return false;
    store.setState({ seen: { ...seen, previous: null } });
    return true;
  }

  /** Whether the engine has what it had before this stage failed, for the network of the moment. */
  function goesOnWithout(stage: Stage): boolean {
    const { backend, weights, network } = store.getState();
    if (stage === 'backend') return backend.state === 'failed' && backend.previous !== null;
    return stage === 'weights' && weights.state === 'failed' && weights.previous?.ref === network;
  }

  /** The comparison asks for answers and shows no layer of theirs. */
  const nobodyLooks = () => store.getState().view === 'compare';

  /** Ends what the engine does for the layer, unless an answer or one of `needed` would end with it. */
  function stopLayerWork(needed: readonly (typeof layerSlots)[number][]) {
    const busyNow = (s: (typeof layerSlots)[number]) => s.state() === 'busy';
    // The engine ends everything or nothing; a measurement lets others through between two passes.
    if (slots.layerTimes.state() === 'busy') return;
    if (!walking && layerSlots.some(busyNow) && !needed.some(busyNow)) void engine.cancel();
  }

  let listing: Promise<unknown> | null = null;
  /** One request for the list, however many wait for it. */
  function listed(): Promise<unknown> {
    const mine = (listing ??= slots.manifest.start(() => platform.manifest()));
    void mine.finally(() => {
      if (listing === mine) listing = null;
    });
    return mine;
  }

  /** Each stage resolves to whether the walk may go on. */
  const stageWork: Record<
    Exclude<Stage, 'layer'>,
    (mine: () => boolean, purpose?: Purpose) => Promise<boolean>
  > = {
    async backend() {
      const { backendChoice, backend } = store.getState();
      const first = lastValue(backend) === null;
      const work = (onProgress: OnProgress) =>
        engine.start(backendChoice, onProgress).catch((error: unknown) => {
          const { code, details } = toFailure(error);
          // A choice of an earlier visit, which this device can not fulfil today: another one computes, and that is said.
          if (!first || backendChoice === 'auto' || code !== 'backend-unavailable') throw error;
          store.setState({ notice: { key: 'backend-passed-over', details } });
          return engine.start('auto', onProgress);
        });
      return (await slots.backend.start(work)) !== null;
    },
    async weights(mine, purpose) {
      if (store.getState().manifest.state !== 'done') {
        if (!(await listed()) || !mine()) return false;
      }
      const ref = store.getState().network;
      const source = await sources.weights(ref);
      if (source === null || !mine()) return false;
      const work = (onProgress: OnProgress) => engine.load(ref, source, onProgress, purpose);
      return (await slots.weights.start(work)) !== null;
    },
    async seen() {
      const work = async (onProgress: OnProgress) => engine.setImage(await sources.image(), onProgress);
      const seen = await slots.seen.start(work);
      if (seen !== null) sources.accepted();
      return seen !== null;
    },
    async answer() {
      const answer = await slots.answer.start((onProgress) => engine.classify(onProgress));
      return answer !== null;
    },
    async faces() {
      return (await slots.faces.start(() => engine.faces(facePx))) !== null;
    },
  };

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
        pipeline.runLayer();
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
        const keep = stage === 'seen' ? !dropWipedDrawing() : goesOnWithout(stage);
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

  const pipeline: Pipeline = {
    list: () => void listed(),
    async run(from, purpose) {
      if (busy(store.getState())) void engine.cancel();
      drawAgain = false;
      await walk(from, purpose);
    },
    async look() {
      const { answer, faces } = store.getState();
      if (walking || answer.state !== 'done' || faces.state !== 'idle') return false;
      await walk('faces');
      return true;
    },
    runDrawing() {
      const { seen, answer, faces } = store.getState();
      if (!walking) void pipeline.run('seen');
      // A walk that has not come to the picture yet will find the newest drawing there.
      else if ([seen, answer, faces].some((request) => request.state !== 'idle')) drawAgain = true;
    },
    runLayer() {
      const { answer, layer } = store.getState();
      if (layer === null || answer.state !== 'done') return;
      slots.maps.coalesce(() => engine.featureMaps(layer, thumbnailPx));
      const { kernels, network } = store.getState();
      const shown = kernels.state === 'done' && kernels.value.node === layer;
      if (!shown && hasKernels(network, layer)) slots.kernels.coalesce(() => engine.kernels(layer));
      pipeline.runChannel();
      pipeline.runGallery();
    },
    runChannel() {
      const { answer, layer, channel, seed, rule, lrn, projection } = store.getState();
      if (layer === null || channel === null || answer.state !== 'done') return;
      // The engine works one by one: a projection that nobody waits for any more would hold up the next.
      if (projection.state === 'busy') stopLayerWork([slots.maps, slots.kernels, slots.gallery]);
      slots.channelMap.coalesce(() => engine.channelMap(layer, channel));
      slots.projection.coalesce((onProgress) =>
        engine.project({ node: layer, channel, seed, rule, ...(lrn ? { lrn } : {}) }, onProgress),
      );
    },
    runGallery() {
      const { answer, layer, galleryOpen, rule, lrn, gallery } = store.getState();
      if (gallery.state === 'busy') stopLayerWork(layerSlots.filter((s) => s !== slots.gallery));
      if (!galleryOpen) slots.gallery.clear();
      if (!galleryOpen || layer === null || answer.state !== 'done') return;
      const channels = { strongest: galleryCount };
      slots.gallery.coalesce((onProgress) =>
        engine.projectMany(
          { node: layer, channels, seed: 'strongest', rule, ...(lrn ? { lrn } : {}) },
          onProgress,
        ),
      );
    },
    measureTimes() {
      const { weights, network } = store.getState();
      if (weights.state !== 'done' || weights.value.ref !== network) return;
      if (slots.layerTimes.state() === 'busy') return;
      void slots.layerTimes.start((onProgress) => engine.layerTimes({}, onProgress));
    },
    forget(from) {
      for (const stage of stages.slice(stages.indexOf(from))) {
        if (stage !== 'layer') slots[stage].clear();
        else {
          stopLayerWork([]);
          layerSlots.forEach((s) => s.clear());
        }
      }
    },
    forgetChannel() {
      slots.channelMap.clear();
      slots.projection.clear();
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
  return pipeline;
}

function hasKernels(ref: string, layer: string): boolean {
  return buildNetwork(ref).graph.nodes.some(({ id, op }) => id === layer && op.kind === 'conv');
}

type Value<K extends keyof Answers> = Answers[K] extends Request<infer T> ? T : never;

const requestKeys: readonly (keyof Answers)[] = [
  'backend',
  'weights',
  'seen',
  'answer',
  'faces',
  'maps',
  'kernels',
  'channelMap',
  'projection',
  'gallery',
  'layerTimes',
];

function busy(state: Store): boolean {
  return requestKeys.some((key) => state[key].state === 'busy');
}

/** The first stage that failed, to try again from; null where nothing did. */
export function failedStage(state: Store): Stage | 'channel' | 'gallery' | null {
  if (state.manifest.state === 'failed') return 'weights';
  for (const stage of stages) {
    if (stage !== 'layer' && state[stage].state === 'failed') return stage;
  }
  if (state.maps.state === 'failed' || state.kernels.state === 'failed') return 'layer';
  if (state.channelMap.state === 'failed' || state.projection.state === 'failed') return 'channel';
  if (state.gallery.state === 'failed') return 'gallery';
  return null;
}
