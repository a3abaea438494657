import type { StoreApi } from 'zustand/vanilla';
import { firstComparison } from '../../models/compare.ts';
import type { Answer, Engine } from '../../workers/contract.ts';
import { buildNetwork } from '../zoo.ts';
import type { Attempts } from './attempts.ts';
import type { Committer, History } from './commit.ts';
import { firstLayer, firstRule, isDefined } from './defaults.ts';
import type { Pictures } from './pictures.ts';
import type { Pipeline } from './pipeline.ts';
import type { PagePlatform } from './platform.ts';
import { idle, lastValue, toFailure } from './requests.ts';
import { failedStage } from './stages.ts';
import type { Actions, Choices, Failure, Preferences, Store } from './types.ts';
import type { WeightSources } from './weightSources.ts';

/** Settings that change faster than this are one movement of a slider, and one step back. */
const oneGestureMs = 1000;

interface ActionsHost extends Committer {
  readonly store: StoreApi<Store>;
  readonly engine: Engine;
  readonly platform: PagePlatform;
  readonly attempts: Attempts;
  readonly pictures: Pictures;
  readonly pipeline: Pipeline;
  readonly weights: WeightSources;
}

/** All that a user can do. */
export function createActions(host: ActionsHost): Actions & Pick<Store, 'dismissNotice'> {
  const { store, engine, platform, attempts, pictures, pipeline, weights, commit } = host;
  const get = store.getState;
  const set = store.setState;

  function setPreferences(change: Partial<Preferences>) {
    set(change);
    const { theme, backendChoice, mapOrder, mapScale } = get();
    platform.writePreferences({ theme, backendChoice, mapOrder, mapScale });
  }

  return {
    ...networkActions(host),
    showView: (view) => void commit({ view }, 'push'),
    changeComparison: (change, history = 'push') =>
      void commit({ compare: { ...(get().compare ?? firstComparison), ...change } }, history),
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
    async chosenPicture() {
      const picture = await pictures.current();
      return picture instanceof Blob ? picture : null;
    },
    useDrawing(pixels) {
      pictures.draw(pixels);
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
    explain: (error) => explain(error, host),
    tell: (key, details = {}) => set({ notice: { key, details } }),
    dismissNotice: () => set({ notice: null }),
  };
}

/** What opens another network, or the same one anew. */
function networkActions(host: ActionsHost): Pick<Actions, 'chooseNetwork' | 'tuneNetwork' | 'answerWith'> {
  const { store, pictures, pipeline, commit, showStrongest } = host;
  const get = store.getState;
  let tunedAt = -Infinity;

  function openNetwork(ref: string, layer: string | null, history: History) {
    const network = buildNetwork(ref);
    // A rule that was chosen is kept where it is defined; one that came with a network goes with it.
    const chosen = get().rule !== firstRule(buildNetwork(get().network).graph);
    const kept = chosen && isDefined(get().rule, network.graph);
    const rule = kept ? get().rule : firstRule(network.graph);
    const opened: Partial<Choices> = { layer, channel: null, seed: 'strongest', lrn: null, rule };
    const image = pictures.choiceFor(network);
    void commit({ view: 'network', network: ref, image, ...opened }, history).then(() => {
      if (get().network === ref) showStrongest();
    });
  }

  /** The answer of this network, unless it is on its way, failed, or another has been opened meanwhile. */
  function answerOf(network: string): Answer | null {
    const { answer } = get();
    return answer.state === 'done' && answer.value.ref === network ? answer.value : null;
  }

  return {
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
  };
}

/** Of a page that is to be reloaded it says whether the user's own picture will be there. */
async function explain(error: unknown, { store, platform }: ActionsHost): Promise<Failure> {
  const failure = await platform.explain(toFailure(error));
  const { image } = store.getState();
  if (failure.code !== 'page-updated' || image.kind !== 'user') return failure;
  const kept = await platform.keptImage(image.id ?? '');
  return kept ? failure : { ...failure, details: { ...failure.details, found: 'unkept' } };
}
