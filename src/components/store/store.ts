import { useStore as useZustand } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { buildNetwork } from '../zoo.ts';
import { connectEngine } from '../../workers/connect.ts';
import type { Engine } from '../../workers/contract.ts';
import { createActions } from './actions.ts';
import { createAttempts } from './attempts.ts';
import { createCommitter, type Committer } from './commit.ts';
import { firstPreferences, firstRule } from './defaults.ts';
import { createEventListener } from './engineEvents.ts';
import { choicesOf, firstChoices } from './openingChoices.ts';
import { createPictures } from './pictures.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import { browserPlatform, type PagePlatform } from './platform.ts';
import { idle, lastValue } from './requests.ts';
import { answering, getShelfStore, type ShelfStore } from './shelf.ts';
import type { Answers, Store } from './types.ts';
import { queryToChoices } from './url.ts';
import { createWeightSources } from './weightSources.ts';

export interface AppStore extends StoreApi<Store> {
  /** Reads the address and the kept picture, then answers; resolves when the first answer is there or has failed. */
  boot(): Promise<void>;
}

const noAnswers: Answers = {
  manifest: idle,
  backend: idle,
  weights: idle,
  seen: idle,
  answer: idle,
  faces: idle,
  maps: idle,
  kernels: idle,
  channelMap: idle,
  projection: idle,
  gallery: idle,
  layerTimes: idle,
};

/** The page's store over an engine, a browser and the shelf of kept weights, all of which tests may fake. */
export function createAppStore(engine: Engine, platform: PagePlatform, shelf: ShelfStore): AppStore {
  let parts!: Parts;
  const store = createStore<Store>()((_set, _get, api) => {
    const choices = firstChoices(platform);
    parts = createParts(api, engine, platform, shelf);
    return {
      ...choices,
      ...firstPreferences,
      ...platform.readPreferences(),
      ...noAnswers,
      notice: null,
      tried: 0,
      ...createActions(parts),
    };
  });
  const { attempts, pipeline, weights, commit, showStrongest } = parts;
  const get = store.getState;
  const set = store.setState;

  async function boot() {
    const opening = { store, platform, attempts };
    pipeline.list();
    platform.onPop(
      () => void choicesOf(platform.query(), opening).then((choices) => commit(choices, 'none')),
    );
    const asked = queryToChoices(platform.query());
    const choices = await choicesOf(platform.query(), opening);
    set(choices);
    if (!asked.layer && !asked.rule) set({ rule: firstRule(buildNetwork(choices.network).graph) });
    void engine.listen(createEventListener(store, pipeline));
    await pipeline.run('backend');
    if (!asked.layer) showStrongest();
  }

  // Other weights were chosen for the network of the moment, or came, or were deleted: they answer from now on.
  shelf.subscribe((state, before) => {
    const { network } = get();
    const answer = (of: typeof state) => answering(of, network, weights.isBundled(network))?.id;
    // The first look at the shelf changes nothing: who needed it waited for it.
    if (before.items === null || answer(state) === answer(before)) return;
    weights.forget(network);
    pipeline.forget('weights');
    void pipeline.run('weights');
  });

  // Once a visit, and not over what the user should know first.
  const stop = store.subscribe(({ weights: loaded, notice }, before) => {
    if (loaded === before.weights || loaded.state !== 'done' || notice !== null) return;
    const { notCached } = loaded.value;
    if (!notCached) return;
    stop();
    set({ notice: { key: `weights-${notCached}`, details: {} } });
  });

  return Object.assign(store, { boot });
}

/** What the store is made of; all of it reads the store only once that is there. */
function createParts(store: StoreApi<Store>, engine: Engine, platform: PagePlatform, shelf: ShelfStore) {
  const attempts = createAttempts({
    platform,
    look: () => pipeline.run('seen'),
    tried: () => store.setState(({ tried }) => ({ tried: tried + 1 })),
    refused: () => store.getState().seen.state === 'failed',
    choose: (image) => void committer.commit({ image }, 'push'),
    notKept: ({ code, details }) => store.setState({ notice: { key: code, details } }),
    refuse: (failure) =>
      store.setState({ seen: { state: 'failed', failure, previous: lastValue(store.getState().seen) } }),
  });
  const pictures = createPictures({ store, platform, attempts });
  const weights = createWeightSources({ store, engine, shelf, reload: () => pipeline.run('weights') });
  const pipeline: Pipeline = createPipeline(store, engine, platform, {
    image: () => pictures.current(),
    accepted: () => attempts.accept(),
    weights: (ref) => weights.of(ref),
  });
  const committer: Committer = createCommitter({ store, platform, attempts, pipeline });
  return { store, engine, platform, attempts, pictures, weights, pipeline, ...committer };
}
type Parts = ReturnType<typeof createParts>;

let appStore: AppStore | null = null;

/** The page's own store: made at the first use, so that importing this file starts no worker. */
export function getAppStore(): AppStore {
  appStore ??= createAppStore(connectEngine(), browserPlatform(), getShelfStore());
  return appStore;
}

/** For tests and stories: components read this store from now on. */
export function setAppStore(store: AppStore | null): void {
  appStore = store;
}

/** What components see while the page is first drawn; null from then on. */
let held: Store | null = null;

/**
 * Until `showChanges`, components see the store as it is now. The first drawing is cut into slices, and what happens between
 * two of them (the engine starts, weights arrive) would make React draw all of it once more in one piece, so that no two
 * components show different states.
 */
export function holdChanges(): void {
  held = getAppStore().getState();
}

/** Called once components listen. They are told what has changed since, in a task after that of the drawing's effects. */
export function showChanges(): void {
  if (held === null) return;
  held = null;
  getAppStore().setState({});
}

/** Reads the store in a component: `useStore((s) => s.network)`. */
export function useStore<T>(selector: (state: Store) => T): T {
  return useZustand(getAppStore(), (state) => selector(held ?? state));
}
useStore.getState = (): Store => getAppStore().getState();
useStore.subscribe = (listener: () => void): (() => void) => getAppStore().subscribe(listener);
