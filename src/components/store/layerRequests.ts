import type { StoreApi } from 'zustand/vanilla';
import type { Engine } from '../../workers/contract.ts';
import { buildNetwork } from '../zoo.ts';
import { thumbnailPx } from './defaults.ts';
import type { Slots } from './slots.ts';
import type { Store } from './types.ts';

/** As many as in the paper's figure 2. */
const galleryCount = 9;

/** What is asked of the engine for the layer that is open. */
export interface LayerRequests {
  runLayer(): void;
  runChannel(): void;
  /** Projects the layer's strongest channels if somebody looks at them, else forgets them. */
  runGallery(): void;
  /** Measures the layers of the loaded network, beside everything else. */
  measureTimes(): void;
  forgetLayer(): void;
  forgetChannel(): void;
}

interface LayerHost {
  readonly store: StoreApi<Store>;
  readonly engine: Engine;
  readonly slots: Slots;
  /** Whether an answer is on its way, which ends with what the engine does for the layer. */
  walking(): boolean;
}

/** The slots of the layer that is open. */
export function layerSlotsOf({ maps, kernels, channelMap, projection, gallery }: Slots) {
  return [maps, kernels, channelMap, projection, gallery];
}
type LayerSlot = ReturnType<typeof layerSlotsOf>[number];

export function createLayerRequests({ store, engine, slots, walking }: LayerHost): LayerRequests {
  const layerSlots = layerSlotsOf(slots);

  /** Ends what the engine does for the layer, unless an answer or one of `needed` would end with it. */
  function stopLayerWork(needed: readonly LayerSlot[]) {
    const busyNow = (s: LayerSlot) => s.state() === 'busy';
    // The engine ends everything or nothing; a measurement lets others through between two passes.
    if (slots.layerTimes.state() === 'busy') return;
    if (!walking() && layerSlots.some(busyNow) && !needed.some(busyNow)) void engine.cancel();
  }

  function runLayer() {
    const { answer, layer } = store.getState();
    if (layer === null || answer.state !== 'done') return;
    slots.maps.coalesce(() => engine.featureMaps(layer, thumbnailPx));
    const { kernels, network } = store.getState();
    const shown = kernels.state === 'done' && kernels.value.node === layer;
    if (!shown && hasKernels(network, layer)) slots.kernels.coalesce(() => engine.kernels(layer));
    runChannel();
    runGallery();
  }

  function runChannel() {
    const { answer, layer, channel, seed, rule, lrn, projection } = store.getState();
    if (layer === null || channel === null || answer.state !== 'done') return;
    // The engine works one by one: a projection that nobody waits for any more would hold up the next.
    if (projection.state === 'busy') stopLayerWork([slots.maps, slots.kernels, slots.gallery]);
    slots.channelMap.coalesce(() => engine.channelMap(layer, channel));
    slots.projection.coalesce((onProgress) =>
      engine.project({ node: layer, channel, seed, rule, ...(lrn ? { lrn } : {}) }, onProgress),
    );
  }

  function runGallery() {
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
  }

  return {
    runLayer,
    runChannel,
    runGallery,
    measureTimes() {
      const { weights, network } = store.getState();
      if (weights.state !== 'done' || weights.value.ref !== network) return;
      if (slots.layerTimes.state() === 'busy') return;
      void slots.layerTimes.start((onProgress) => engine.layerTimes({}, onProgress));
    },
    forgetLayer() {
      stopLayerWork([]);
      layerSlots.forEach((s) => s.clear());
    },
    forgetChannel() {
      slots.channelMap.clear();
      slots.projection.clear();
    },
  };
}

function hasKernels(ref: string, layer: string): boolean {
  return buildNetwork(ref).graph.nodes.some(({ id, op }) => id === layer && op.kind === 'conv');
}
