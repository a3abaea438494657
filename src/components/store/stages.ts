import type { StoreApi } from 'zustand/vanilla';
import type { Pixels } from '../../models/preprocessing.ts';
import type { Engine, OnProgress, Purpose, WeightSource } from '../../workers/contract.ts';
import { facePx } from './defaults.ts';
import { lastValue, toFailure } from './requests.ts';
import type { Slots } from './slots.ts';
import type { Store } from './types.ts';

/** The stages of an answer, in order: each needs all before it. */
export const stages = ['backend', 'weights', 'seen', 'answer', 'faces', 'layer'] as const;
export type Stage = (typeof stages)[number];

/** Where pictures and weights come from: what the store knows and the engine does not. */
export interface Sources {
  image(): Promise<Blob | Pixels>;
  weights(ref: string): Promise<WeightSource | null>;
  /** The engine could read the picture. */
  accepted(): void;
}

/** What each stage asks of the engine; resolves to whether the walk may go on. `mine` says whether it still is the newest. */
export type StageWork = Record<
  Exclude<Stage, 'layer'>,
  (mine: () => boolean, purpose?: Purpose) => Promise<boolean>
>;

interface StageHost {
  readonly store: StoreApi<Store>;
  readonly engine: Engine;
  readonly slots: Slots;
  readonly sources: Sources;
  /** Waits for the list of weights; null where it did not come. */
  listed(): Promise<unknown>;
}

export function createStageWork({ store, engine, slots, sources, listed }: StageHost): StageWork {
  return {
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
}

/** Whether the engine has what it had before this stage failed, for the network of the moment. */
export function goesOnWithout(stage: Stage, state: Store): boolean {
  const { backend, weights, network } = state;
  if (stage === 'backend') return backend.state === 'failed' && backend.previous !== null;
  return stage === 'weights' && weights.state === 'failed' && weights.previous?.ref === network;
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
