import { useStore as useZustand } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { firstComparison } from '../../models/compare.ts';
import { ConvScopeError } from '../../models/errors.ts';
import type { Network } from '../../models/network.ts';
import type { Pixels } from '../../models/preprocessing.ts';
import { buildNetwork } from '../zoo.ts';
import { connectEngine } from '../../workers/connect.ts';
import type { Answer, Engine, EngineEvent, Purpose } from '../../workers/contract.ts';
import { createAttempts, ownBlob } from './attempts.ts';
import { firstDigit } from './digit.ts';
import {
  firstLayer,
  firstRule,
  firstNetwork,
  firstPreferences,
  firstSample,
  isDefined,
  languageFor,
  readsDigits,
  samples,
} from './defaults.ts';
import { createPipeline, failedStage } from './pipeline.ts';
import { browserPlatform, type PagePlatform } from './platform.ts';
import { idle, lastValue, toFailure } from './requests.ts';
import { answering, getShelfStore, type ShelfStore } from './shelf.ts';
import type { Actions, Choices, Failure, ImageChoice, Preferences, Store } from './types.ts';
import { choicesToQuery, queryToChoices, unreadParts } from './url.ts';
import { createWeightSources } from './weightSources.ts';

export interface AppStore extends StoreApi<Store> {
  /** Reads the address and the kept picture, then answers; resolves when the first answer is there or has failed. */
  boot(): Promise<void>;
}

type History = 'push' | 'replace' | 'none';

/** Settings that change faster than this are one movement of a slider, and one step back. */
const oneGestureMs = 1000;

/** The page's store over an engine, a browser and the shelf of kept weights, all of which tests may fake. */
export function createAppStore(engine: Engine, platform: PagePlatform, shelf: ShelfStore): AppStore {
  let drawing: Pixels | null = null;
  let photo: ImageChoice = { kind: 'sample', name: firstSample };
  let tunedAt = -Infinity;
  let crashedWithoutAnswer = false;

  const store = createStore<Store>()(() => ({
    ...firstChoices(),
    ...firstPreferences,
    ...platform.readPreferences(),
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
    notice: null,
    ...makeActions(),
  }));
  const get = store.getState;
  const set = store.setState;

  function firstChoices(): Choices {
    return {
      view: 'network',
      network: firstNetwork,
      layer: firstLayer(buildNetwork(firstNetwork).graph),
      channel: null,
      seed: 'strongest',
      rule: 'deconvnet',
      lrn: null,
      galleryOpen: false,
      image: { kind: 'sample', name: firstSample },
      language: languageFor(platform.languages()),
      overlay: 'none',
    };
  }

  const attempts = createAttempts({
    platform,
    look: () => pipeline.run('seen'),
    refused: () => get().seen.state === 'failed',
    choose: (image) => void commit({ image }, 'push'),
    notKept: ({ code, details }) => set({ notice: { key: code, details } }),
    refuse: (failure) => set({ seen: { state: 'failed', failure, previous: lastValue(get().seen) } }),
  });
  const weights = createWeightSources({ store, engine, shelf, reload: () => pipeline.run('weights') });
  const pipeline = createPipeline(store, engine, platform, {
    async image() {
      const tried = attempts.blob();
      if (tried) return tried;
      const { image } = get();
      if (image.kind === 'sample') return platform.sample(image.name);
      if (image.kind === 'drawing') return drawing ?? firstDigit();
      return ownBlob(attempts, image.id);
    },
    accepted: () => attempts.accept(),
    weights: (ref) => weights.of(ref),
  });

  /** Makes choices, writes them to the address and asks the engine for what they change. */
  function commit(change: Partial<Choices>, history: History, purpose?: Purpose): Promise<void> {
    const before = get();
    set(change);
    const now = get();
    if (now.image.kind !== 'drawing') photo = now.image;
    const query = choicesToQuery(now);
    if (history === 'push' && query !== platform.query()) platform.pushQuery(query);
    if (history === 'replace') platform.replaceQuery(query);

    if (now.network !== before.network) {
      attempts.forget();
      pipeline.forget('weights');
      return pipeline.run('weights', purpose);
    }
    if (!sameImage(now.image, before.image) && !attempts.running()) return pipeline.run('seen');
    if (before.view === 'compare' && now.view !== 'compare') void lookAgain();
    if (now.layer !== before.layer) {
      pipeline.forget('layer');
      pipeline.runLayer();
      return Promise.resolve();
    }
    if (now.channel === null) {
      pipeline.forgetChannel();
    } else if (
      now.channel !== before.channel ||
      now.rule !== before.rule ||
      now.lrn !== before.lrn ||
      now.seed !== before.seed
    ) {
      pipeline.runChannel();
    }
    const others = now.galleryOpen && (now.rule !== before.rule || now.lrn !== before.lrn);
    if (others || now.galleryOpen !== before.galleryOpen) pipeline.runGallery();
    return Promise.resolve();
  }

  /** The picture that a network opens with: a digit network draws, the others go back to the last photo. */
  function imageFor(network: Network): ImageChoice {
    if (readsDigits(network)) return { kind: 'drawing' };
    return get().image.kind === 'drawing' ? photo : get().image;
  }

  /** Of a page that is to be reloaded it says whether the user's own picture will be there. */
  async function explain(error: unknown): Promise<Failure> {
    const failure = await platform.explain(toFailure(error));
    const { image } = get();
    if (failure.code !== 'page-updated' || image.kind !== 'user') return failure;
    const kept = await platform.keptImage(image.id ?? '');
    return kept ? failure : { ...failure, details: { ...failure.details, found: 'unkept' } };
  }

  function onEvent(event: EngineEvent) {
    set({ notice: { key: event.kind, details: { reason: event.message } } });
    if (event.kind === 'device-lost') set({ backend: { state: 'done', value: event.report } });
    if (event.kind === 'crashed') restart(event.message);
  }

  /** Computes everything anew after a crash; where nothing was answered since the last one, that would crash again. */
  function restart(message: string) {
    const again = crashedWithoutAnswer;
    crashedWithoutAnswer = true;
    if (!again) {
      void pipeline.run('backend');
      return;
    }
    pipeline.cancel();
    const failure = toFailure(new ConvScopeError('internal', message, { message }));
    set({
      backend: { state: 'failed', failure, previous: null },
      notice: { key: 'crashed-again', details: {} },
    });
  }

  function setPreferences(change: Partial<Preferences>) {
    set(change);
    const { theme, backendChoice, mapOrder, mapScale } = get();
    platform.writePreferences({ theme, backendChoice, mapOrder, mapScale });
  }

  function openNetwork(ref: string, layer: string | null, history: History) {
    const network = buildNetwork(ref);
    // A rule that was chosen is kept where it is defined; one that came with a network goes with it.
    const chosen = get().rule !== firstRule(buildNetwork(get().network).graph);
    const kept = chosen && isDefined(get().rule, network.graph);
    const rule = kept ? get().rule : firstRule(network.graph);
    const opened: Partial<Choices> = { layer, channel: null, seed: 'strongest', lrn: null, rule };
    const image = imageFor(network);
    void commit({ view: 'network', network: ref, image, ...opened }, history).then(() => {
      if (get().network === ref) showStrongest();
    });
  }

  /** The answer of this network, unless it is on its way, failed, or another has been opened meanwhile. */
  function answerOf(network: string): Answer | null {
    const { answer } = get();
    return answer.state === 'done' && answer.value.ref === network ? answer.value : null;
  }

  function makeActions(): Actions & Pick<Store, 'dismissNotice'> {
    return {
      showView: (view) => void commit({ view }, 'push'),
      changeComparison: (change, history = 'push') =>
        void commit({ compare: { ...(get().compare ?? firstComparison), ...change } }, history),
      async answerWith(ref) {
        const { ref: network, graph } = buildNetwork(ref);
        const layer = firstLayer(graph);
        const opened: Partial<Choices> = { layer, channel: null, seed: 'strongest', lrn: null };
        // The open network is loaded anew: its first run is measured like that of the others.
        const other = network !== get().network;
        await commit({ network, rule: firstRule(graph), ...opened }, 'replace', 'answers');
        if (!other) await pipeline.run('weights', 'answers');
        const first = answerOf(network);
        if (first) await pipeline.run('answer');
        const again = answerOf(network);
        const loaded = lastValue(get().weights);
        return first && again && loaded ? { first, again, loaded } : null;
      },
      chooseNetwork(ref) {
        const network = buildNetwork(ref);
        if (network.ref === get().network) {
          void commit({ view: 'network' }, 'push');
          return;
        }
        openNetwork(network.ref, firstLayer(network.graph), 'push');
      },
      tuneNetwork(ref) {
        const { graph, ref: tuned } = buildNetwork(ref);
        const { network, layer } = get();
        if (tuned === network) return;
        const kept = layer !== null && graph.nodes.some(({ id }) => id === layer);
        // A slider passes many networks: going back leads to the one before it was touched.
        const history = Date.now() - tunedAt < oneGestureMs ? 'replace' : 'push';
        tunedAt = Date.now();
        openNetwork(tuned, kept ? layer : firstLayer(graph), history);
      },
      chooseLayer(layer) {
        if (layer !== get().layer) void commit({ layer, channel: null, seed: 'strongest' }, 'push');
      },
      chooseChannel: (channel, seed = 'strongest') => void commit({ channel, seed }, 'push'),
      showGallery: (galleryOpen) => void commit({ galleryOpen }, 'push'),
      chooseRule: (rule) => void commit({ rule }, 'push'),
      chooseLrn: (lrn) => void commit({ lrn }, 'push'),
      chooseSample: (name) => attempts.trySample(name),
      useImage: (file, name) => void attempts.tryBlob(file, name),
      useImageUrl: (url) => void attempts.tryUrl(url),
      useDrawing(pixels) {
        drawing = { width: pixels.width, height: pixels.height, data: new Uint8ClampedArray(pixels.data) };
        if (get().image.kind !== 'drawing') void commit({ image: { kind: 'drawing' } }, 'push');
        else pipeline.runDrawing();
      },
      useWeights: (file) => void weights.take(file),
      ownWeights: (ref) => weights.own(ref),
      capacityOf: async (ref) => engine.capacity(ref),
      chooseBackend(backendChoice) {
        const before = get().backendChoice;
        setPreferences({ backendChoice });
        void pipeline.run('backend').then(() => {
          const { backend, backendChoice: now } = get();
          // The engine went back to what it computed with; so does the choice, or every picture would ask again.
          if (backend.state === 'failed' && backend.previous && now === backendChoice)
            setPreferences({ backendChoice: before });
        });
      },
      chooseLanguage: (language) => void commit({ language }, 'replace'),
      chooseOverlay: (overlay) => void commit({ overlay }, 'replace'),
      measureTimes: () => pipeline.measureTimes(),
      setPreferences,
      cancel: () => pipeline.cancel(),
      retry() {
        const stage = failedStage(get());
        if (stage === 'seen' && attempts.retry()) return;
        if (stage === 'layer') pipeline.runLayer();
        else if (stage === 'channel') pipeline.runChannel();
        else if (stage === 'gallery') pipeline.runGallery();
        else if (stage) void pipeline.run(stage);
      },
      dismissFailure(key) {
        const request = get()[key];
        if (request.state !== 'failed') return;
        const before = request.previous === null ? idle : { state: 'done', value: request.previous };
        // The value comes from the same request: the union of all requests cannot say so.
        set({ [key]: before } as Partial<Store>);
      },
      explain,
      tell: (key, details = {}) => set({ notice: { key, details } }),
      dismissNotice: () => set({ notice: null }),
    };
  }

  /** The whole of choices that an address asks for, with notices for what it names and does not exist. */
  async function choicesOf(query: string): Promise<Choices> {
    const asked = queryToChoices(query);
    const first = firstChoices();
    let network = buildNetwork(first.network);
    try {
      network = buildNetwork(asked.network ?? first.network);
    } catch (error) {
      const { code, details } = toFailure(error);
      set({ notice: { key: code === 'bad-parameter' ? 'bad-settings' : 'unknown-network', details } });
    }
    const node = network.graph.nodes.find(({ id }) => id === asked.layer);
    if (asked.layer && !node) set({ notice: { key: 'unknown-layer', details: { layer: asked.layer } } });
    const { channel = null, seed = 'strongest' } = asked;
    const inRange = node !== undefined && channel !== null && channel < node.shape[2];
    const unit = typeof seed === 'string' || (node && seed.y < node.shape[0] && seed.x < node.shape[1]);
    const ignored = [
      ...unreadParts(query),
      ...(node && channel !== null && !inRange ? [`channel=${channel}`] : []),
      ...(node && !unit ? [`unit=${seed.y},${seed.x}`] : []),
    ];
    if (ignored.length > 0) set({ notice: { key: 'ignored-parts', details: { parts: ignored.join(', ') } } });
    return {
      ...first,
      ...asked,
      network: network.ref,
      layer: node?.id ?? firstLayer(network.graph),
      channel: inRange ? channel : null,
      seed: inRange && unit ? seed : 'strongest',
      image: await imageOf(asked.image ?? (readsDigits(network) ? { kind: 'drawing' } : first.image)),
      language: asked.language ?? get().language,
    };
  }

  async function imageOf(asked: ImageChoice): Promise<ImageChoice> {
    if (asked.kind === 'drawing') return asked;
    if (asked.kind === 'sample' && samples.some((name) => name === asked.name)) return asked;
    if (asked.kind === 'user') {
      const known = await attempts.own(asked.id ?? '');
      if (known) return { kind: 'user', name: known.name, id: known.id };
    }
    set({ notice: { key: 'shared-image-missing', details: {} } });
    return { kind: 'sample', name: firstSample };
  }

  async function boot() {
    pipeline.list();
    platform.onPop(() => void choicesOf(platform.query()).then((choices) => commit(choices, 'none')));
    const asked = queryToChoices(platform.query());
    const choices = await choicesOf(platform.query());
    set(choices);
    if (!asked.layer && !asked.rule) set({ rule: firstRule(buildNetwork(choices.network).graph) });
    if (choices.image.kind !== 'drawing') photo = choices.image;
    void engine.listen(onEvent);
    await pipeline.run('backend');
    if (!asked.layer) showStrongest();
  }

  /** The comparison was left: its last network is shown as if it had been opened here. */
  async function lookAgain() {
    if (await pipeline.look()) showStrongest();
  }

  /** A network opens with a projection without being asked: of the most active map of the layer that is open. */
  function showStrongest() {
    const untouched = get();
    const show = () => {
      const { maps, layer, network, channel } = get();
      if (maps.state === 'busy') return;
      stop();
      if (maps.state !== 'done' || layer !== untouched.layer || network !== untouched.network) return;
      if (channel !== null) return;
      const strongest = maps.value.stats.reduce((best, s, i, all) => (s.max > all[best]!.max ? i : best), 0);
      void commit({ channel: strongest, seed: 'strongest' }, 'none');
    };
    const stop = store.subscribe(show);
    show();
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

  store.subscribe(({ answer }, before) => {
    if (answer.state === 'done' && before.answer !== answer) crashedWithoutAnswer = false;
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

function sameImage(a: ImageChoice, b: ImageChoice): boolean {
  if (a.kind === 'drawing' || b.kind === 'drawing') return a.kind === b.kind;
  if (a.kind === 'user' && b.kind === 'user') return a.id === b.id;
  return a.kind === b.kind && a.name === b.name;
}

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

/** Reads the store in a component: `useStore((s) => s.network)`. */
export function useStore<T>(selector: (state: Store) => T): T {
  return useZustand(getAppStore(), selector);
}
useStore.getState = (): Store => getAppStore().getState();
useStore.subscribe = (listener: () => void): (() => void) => getAppStore().subscribe(listener);
