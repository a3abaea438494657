import { memory as tfMemory } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import type { Node } from '../models/graph.ts';
import { inputNode, nodeById } from '../models/lookup.ts';
import { redFirst } from '../models/preprocess.ts';
import type { Pixels } from '../models/preprocessing.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type {
  BackendName,
  Engine,
  LayerTimes,
  OnEvent,
  OnProgress,
  Purpose,
  TimingOptions,
  WeightManifest,
} from './contract.ts';
import { capacityOf, deviceBytes, expectRoom } from './engine.capacity.ts';
import { compileForward, compileProjections } from './engine.compile.ts';
import { Device } from './engine.device.ts';
import { Picture } from './engine.image.ts';
import { checkedWeights, networksThatFit, type Checked } from './engine.load.ts';
import { projected, projectedMany } from './engine.project.ts';
import { createQueue, throttled } from './engine.queue.ts';
import { cancelled, createYield, nextTurn, throwIfCancelled } from './engine.time.ts';
import { measureLayers } from './engine.timing.ts';
import {
  expectChannel,
  facesOf,
  kernelsOf,
  mapsOf,
  oneChannel,
  topClasses,
  wholeActivation,
} from './engine.views.ts';
import { runForward, type Activations } from './forward.ts';
import type { Platform } from './platform.ts';
import { prepareWeights, type GraphWeights } from './weightsLayout.ts';

interface Loaded extends Checked {
  readonly weights: GraphWeights;
}

/** How much of preparing a network on a GPU is bringing its weights there; the rest is compiling. */
const uploadShare = 0.3;

export interface EngineOptions {
  /** What computes where `start` is never called. */
  readonly backend?: BackendName | 'auto';
  /** Told when what is done while nobody asks for anything is done. */
  readonly onRested?: () => void;
}

/**
 * The engine: one network, one image and the activations of the one on the other, on one backend. Requests run one
 * after the other. The source of the weights stays open, so that a lost device is refilled from the same file.
 */
export function createEngine(platform: Platform, options: EngineOptions = {}): Engine {
  return new TfjsEngine(platform, options.backend ?? 'auto', options.onRested).face;
}

class TfjsEngine {
  private readonly queue = createQueue();
  private readonly device: Device;
  private manifest: WeightManifest | null = null;
  private loaded: Loaded | null = null;
  private readonly picture = new Picture();
  private activations: Activations | null = null;
  /** The weights whose projections' programs are compiled, or are being compiled. */
  private readonly compiledFor = new WeakSet<GraphWeights>();
  private onEvent: OnEvent | null = null;
  private disposed = false;

  constructor(
    private readonly platform: Platform,
    backend: BackendName | 'auto',
    private readonly onRested: () => void = () => undefined,
  ) {
    // A loss while nothing runs is repaired at once, so that the page learns of it before the next request.
    this.device = new Device(platform.backends, backend, () => {
      this.queue.run(() => this.recover()).catch(() => undefined);
    });
  }

  readonly face: Engine = {
    start: (backend, onProgress) => this.queue.run(() => this.start(backend, throttled(onProgress))),
    load: (ref, source, onProgress, purpose = 'maps') =>
      this.onDevice((signal) => this.load(ref, source, purpose, signal, throttled(onProgress))),
    capacity: (ref) =>
      this.onDevice(async () => capacityOf(buildNetwork(ref), deviceBytes(this.platform.memoryBytes))),
    fittingNetworks: (name, file) => this.queue.run(() => networksThatFit(name, file)),
    setImage: (image, onProgress) =>
      this.queue.run((signal) => this.setImage(image, signal, throttled(onProgress))),
    classify: (onProgress) => this.onDevice((signal) => this.classify(signal, throttled(onProgress))),
    faces: (px) =>
      this.onActivations((activations, { network }) => facesOf(activations, network.graph.nodes, px)),
    featureMaps: (id, px) => this.onNode(id, (activations, node) => mapsOf(activations, node, px)),
    channelMap: (id, channel) =>
      this.onNode(id, (activations, node) => oneChannel(activations, node, channel)),
    activation: (id) => this.onNode(id, wholeActivation),
    kernels: (id) =>
      this.queue.run(async () => {
        const { network, parameters, info } = this.expectLoaded();
        const node = nodeById(network.graph, id);
        const kernels = await kernelsOf(network, node, parameters);
        const readsPicture = node.inputs[0] === inputNode(network.graph).id;
        return readsPicture ? { ...kernels, values: redFirst(kernels.values, info.preprocessing) } : kernels;
      }),
    project: (request, onProgress) =>
      this.onNode(request.node, async (activations, node, loaded, signal) => {
        expectChannel(node, request.channel);
        return projected(loaded, activations, request, signal, throttled(onProgress));
      }),
    projectMany: (request, onProgress) =>
      this.onNode(request.node, async (activations, node, loaded, signal) => {
        if (!('strongest' in request.channels))
          request.channels.forEach((channel) => expectChannel(node, channel));
        return projectedMany(loaded, activations, request, signal, throttled(onProgress));
      }),
    layerTimes: (options = {}, onProgress) => this.layerTimes(options, throttled(onProgress)),
    cancel: async () => this.queue.cancel(),
    memory: async () => {
      const { numTensors, numBytes } = tfMemory();
      const gpuBytes = this.device.gpuBytes();
      return { tensors: numTensors, bytes: numBytes, ...(gpuBytes !== undefined && { gpuBytes }) };
    },
    listen: async (onEvent) => {
      this.onEvent = onEvent;
    },
    dispose: () => {
      this.queue.cancel();
      return this.queue.run(async () => {
        this.disposed = true;
        this.unload();
        this.device.close();
      });
    },
  };

  private async start(wanted: BackendName | 'auto', onProgress: OnProgress) {
    this.expectAlive();
    const { report } = this.device;
    if (report && this.device.isSettledOn(wanted)) return report;
    onProgress({ phase: 'backend', fraction: 0 });
    const { loaded } = this;
    this.unload();
    try {
      return await this.device.change(wanted);
    } finally {
      // Whatever runs now, the network is loaded on it: the page's view stays.
      if (loaded && this.device.report) await this.reload(loaded);
      onProgress({ phase: 'backend', fraction: 1 });
    }
  }

  private async load(
    ref: string,
    source: Parameters<Engine['load']>[1],
    purpose: Purpose,
    signal: AbortSignal,
    onProgress: OnProgress,
  ) {
    const start = performance.now();
    const network = buildNetwork(ref);
    expectRoom(network, deviceBytes(this.platform.memoryBytes), purpose);
    this.manifest ??= await this.platform.readManifest(signal);
    const { manifest, platform } = this;
    const checked = await checkedWeights(network, source, {
      manifest,
      platform,
      signal,
      onProgress,
    });
    throwIfCancelled(signal);
    // The old network stays until the new one is ready, so that a cancelled load changes nothing.
    const share = this.device.compiles ? uploadShare : 1;
    const totalBytes = checked.info.weightBytes;
    const weights = await this.upload(checked, purpose === 'answers', signal, (part) =>
      onProgress({
        phase: 'prepare',
        fraction: share * part,
        loadedBytes: Math.round(part * totalBytes),
        totalBytes,
      }),
    );
    const onCompiled = (part: number) =>
      onProgress({ phase: 'prepare', fraction: share + (1 - share) * part });
    if (this.device.compiles) await this.warmUp(checked, weights, signal, onCompiled);
    this.unload();
    this.loaded = { ...checked, weights };
    this.device.purge();
    return { ...checked.info, milliseconds: performance.now() - start };
  }

  /** The weights as tensors of the current backend. Where memory is short, the old network makes room first. */
  private async upload(
    checked: Checked,
    folded: boolean,
    signal: AbortSignal,
    onFraction?: (fraction: number) => void,
  ) {
    const make = () =>
      prepareWeights(checked.network.graph, checked.parameters, {
        folded,
        checkpoint: createYield(signal),
        ...(onFraction && { onFraction }),
      });
    try {
      return await make();
    } catch (error) {
      const full = error instanceof ConvScopeError && error.code === 'out-of-memory';
      if (!full || !this.loaded) throw error;
      this.unload();
      this.device.purge();
      return make();
    }
  }

  /** Brings what a GPU compiles forward into the loading. The weights are disposed where it fails. */
  private async warmUp(
    { network: { graph } }: Checked,
    weights: GraphWeights,
    signal: AbortSignal,
    onFraction: (fraction: number) => void,
  ): Promise<void> {
    try {
      await compileForward(graph, weights, signal, onFraction);
    } catch (error) {
      weights.dispose();
      throw error;
    }
  }

  /** What the first projection of a network needs is compiled while the user looks at the first answer. */
  private compileAhead(loaded: Loaded): void {
    const { weights, network } = loaded;
    if (!this.device.compiles || weights.folded || this.compiledFor.has(weights)) return;
    this.queue.atRest(async (signal) => {
      if (this.loaded !== loaded || this.device.lost !== null) return;
      await this.device.makeCurrent();
      const { done } = await compileProjections(network.graph, weights, signal);
      this.compiledFor.add(weights);
      // The queue is free meanwhile: the browser compiles by itself.
      void done.then(this.onRested);
    });
  }

  /** The same network on another device. Not to be cancelled: what was loaded stays loaded. */
  private async reload(loaded: Loaded): Promise<void> {
    const { signal } = new AbortController();
    this.loaded = { ...loaded, weights: await this.upload(loaded, loaded.weights.folded, signal) };
  }

  /** Somebody looks at a layer of a network that was loaded for answers: its weights are prepared again, from their file. */
  private async unfold(signal: AbortSignal): Promise<void> {
    const loaded = this.expectLoaded();
    if (!loaded.weights.folded) return;
    const weights = await this.upload(loaded, false, signal);
    this.unload();
    this.loaded = { ...loaded, weights };
    this.device.purge();
  }

  private async setImage(image: Blob | Pixels, signal: AbortSignal, onProgress: OnProgress) {
    const { preprocessing } = this.expectLoaded().info;
    onProgress({ phase: 'decode', fraction: 0 });
    const pixels = image instanceof Blob ? await this.platform.decode(image) : image;
    throwIfCancelled(signal);
    const seen = this.picture.set(pixels, preprocessing);
    this.releaseActivations();
    onProgress({ phase: 'decode', fraction: 1 });
    return seen;
  }

  private async classify(signal: AbortSignal, onProgress: OnProgress) {
    const loaded = this.expectLoaded();
    const { network, info, weights } = loaded;
    const start = performance.now();
    this.releaseActivations();
    const weightBytes = tfMemory().numBytes;
    let mostBytes = weightBytes;
    const onActivation = () => (mostBytes = Math.max(mostBytes, tfMemory().numBytes));
    const activations = await this.pass(loaded, signal, onProgress, onActivation);
    if (!weights.folded) this.activations = activations;
    const top = await topClasses(activations, network, info.classes).finally(() => {
      if (weights.folded) activations.dispose();
    });
    this.checkGpu();
    this.compileAhead(loaded);
    const { backend } = this.device.report!;
    const held = { weightBytes, activationBytes: mostBytes - weightBytes };
    return { ref: network.ref, top, backend, milliseconds: performance.now() - start, held };
  }

  /** The activations of the image: kept ones, or new ones where network, image or device have changed since. */
  private async forward(signal: AbortSignal): Promise<Activations> {
    if (this.activations) return this.activations;
    await this.unfold(signal);
    this.activations = await this.pass(this.expectLoaded(), signal);
    return this.activations;
  }

  /** One pass over the picture of the moment; the caller owns the activations. */
  private pass(
    { network, weights, info }: Loaded,
    signal: AbortSignal,
    onProgress: OnProgress = () => undefined,
    onActivation: () => void = () => undefined,
  ): Promise<Activations> {
    const input = this.picture.inputFor(info.preprocessing);
    return runForward(network.graph, weights, input, {
      checkpoint: createYield(signal),
      onFraction: (fraction) => onProgress({ phase: 'forward', fraction }),
      onActivation,
    });
  }

  /** Each pass is a request of its own in the queue: whoever looks at a layer meanwhile waits for one pass only. */
  private async layerTimes(options: TimingOptions, onProgress: OnProgress): Promise<LayerTimes> {
    let measured: Loaded | null = null;
    let about: Pick<LayerTimes, 'ref' | 'weightsName' | 'backend' | 'threads'> | null = null;
    const found = await measureLayers(options, onProgress, async (work) => {
      // Between two passes: a small network's are over before any message would be heard.
      if (measured) await nextTurn();
      return this.onDevice(async (signal) => {
        await this.unfold(signal);
        const loaded = this.expectLoaded();
        measured ??= loaded;
        if (measured !== loaded) throw cancelled();
        const { network, weights, info } = loaded;
        const { backend, threads } = this.device.report!;
        about = { ref: network.ref, weightsName: info.weightsName, backend, threads };
        const input = this.picture.inputFor(info.preprocessing);
        const result = await work({
          graph: network.graph,
          run: async (hooks) => {
            this.releaseActivations();
            const checkpoint = createYield(signal);
            this.activations = await runForward(network.graph, weights, input, { checkpoint, ...hooks });
            return this.activations;
          },
        });
        this.checkGpu();
        return result;
      });
    });
    return { ...about!, ...found };
  }

  private onActivations<T>(
    work: (activations: Activations, loaded: Loaded, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.onDevice(async (signal) => {
      const activations = await this.forward(signal);
      const result = await work(activations, this.expectLoaded(), signal);
      this.checkGpu();
      return result;
    });
  }

  private onNode<T>(
    id: string,
    work: (activations: Activations, node: Node, loaded: Loaded, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.onActivations((activations, loaded, signal) =>
      work(activations, nodeById(loaded.network.graph, id), loaded, signal),
    );
  }

  /** Queues work that computes; where the device is lost under it, replaces the device and does the work once more. */
  private onDevice<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.queue.run(async (signal) => {
      this.expectAlive();
      await this.recover();
      await this.device.makeCurrent();
      try {
        return await work(signal);
      } catch (error) {
        if (!(await this.device.isLostAfter(error)) || signal.aborted) throw error;
        await this.recover();
        return work(signal);
      }
    });
  }

  /** Does nothing unless the device is lost: then another one is started, and the network is loaded on it. */
  private async recover(): Promise<void> {
    if (this.device.lost === null || this.disposed) return;
    const { loaded } = this;
    const lost = this.device.lost;
    this.unload();
    const replaced = await this.device.replace().catch((error: unknown) => {
      this.onEvent?.({ kind: 'device-gone', message: lost });
      throw error;
    });
    try {
      // Throws where the file of the weights is not there any more: the device is, and another network can be loaded.
      if (loaded) await this.reload(loaded);
    } finally {
      this.onEvent?.({ kind: 'device-lost', ...replaced });
    }
  }

  /** What a GPU computed while it complained is not to be looked at, now or later. */
  private checkGpu(): void {
    try {
      this.device.throwComplaints();
    } catch (error) {
      this.releaseActivations();
      throw error;
    }
  }

  private expectAlive(): void {
    if (this.disposed)
      throw new ConvScopeError('internal', 'The engine has been disposed; create another one.');
  }

  private expectLoaded(): Loaded {
    this.expectAlive();
    if (this.loaded) return this.loaded;
    throw new ConvScopeError(
      'no-weights',
      'No weights are loaded, so there is nothing to compute with. Load a network that has weights.',
    );
  }

  private releaseActivations(): void {
    this.activations?.dispose();
    this.activations = null;
  }

  private unload(): void {
    this.releaseActivations();
    this.loaded?.weights.dispose();
    this.loaded = null;
  }
}
