import type { Volume, Shape } from '../models/graph.ts';
import type { Fits } from '../models/memoryRun.ts';
import type { Quartiles } from '../models/statistics.ts';
import type { Crop, Pixels, Preprocessing } from '../models/preprocessing.ts';

/**
 * What the page and the command line know of the engine. Every method is asynchronous, every argument and result
 * can be cloned across a worker, and every failure is a `ConvScopeError`. No UI state lives here.
 */

export type BackendName = 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** Why a backend was or was not taken; the page translates the reason. */
export type BackendReason =
  | 'chosen-by-user'
  | 'real-gpu'
  | 'software-gpu'
  | 'no-adapter'
  | 'no-webgpu'
  | 'no-webgl'
  | 'no-answer'
  | 'self-test-failed'
  | 'start-failed'
  | 'device-lost'
  | 'not-in-node'
  | 'fallback'
  | 'last-resort';

export interface BackendReport {
  readonly backend: BackendName;
  readonly reason: BackendReason;
  /** Threads that the backend computes with on the CPU; 0 on a GPU. */
  readonly threads: number;
  /** The adapter's own description where there is one. */
  readonly adapter?: string;
  /** A GPU's interface with the processor behind it; left out for a real GPU and for backends of the processor. */
  readonly software?: true;
  /** Why wasm computes on one thread although the page is isolated, in the browser's words. */
  readonly threadsRefused?: string;
  /** The backends that were passed over, in order, and why. */
  readonly skipped: readonly {
    readonly backend: BackendName;
    readonly reason: BackendReason;
    readonly detail?: string;
  }[];
}

export interface Progress {
  readonly phase: 'backend' | 'weights' | 'verify' | 'prepare' | 'decode' | 'forward' | 'project' | 'measure';
  /** 0..1. */
  readonly fraction: number;
  readonly loadedBytes?: number;
  readonly totalBytes?: number;
}
export type OnProgress = (progress: Progress) => void;

/**
 * Bundled weights by the manifest; a file of the user's own (safetensors, PyTorch, ONNX; strict), which stays on the
 * disk and is read from it piece by piece; or one that is kept on this device, by its id on the shelf.
 */
export type WeightSource =
  | { readonly kind: 'bundled' }
  | { readonly kind: 'file'; readonly name: string; readonly file: Blob }
  | { readonly kind: 'kept'; readonly id: string };

/**
 * What is wanted of a network. 'maps': every layer can be looked at after an answer. 'answers': classes only, sooner and in
 * less memory; whoever looks at a layer all the same waits for the weights to be prepared anew, once.
 */
export type Purpose = 'maps' | 'answers';

export type { WeightEntry, WeightManifest } from '../models/manifest.ts';

export interface LoadedNetwork {
  readonly ref: string;
  readonly classes: readonly string[];
  readonly dataset: string;
  readonly preprocessing: Preprocessing;
  /** Where the weights came from: the bundled file's or the user's file's name. */
  readonly weightsName: string;
  readonly weightBytes: number;
  readonly fromCache: boolean;
  /** Why the file was not kept for the next visit; left out where it was kept or came from the cache or the disk. */
  readonly notCached?: 'storage-full' | 'storage-missing';
  /** What a file of the user's own does not say and was taken from the network's kind instead. */
  readonly assumed?: readonly ('classes' | 'preprocessing')[];
  readonly milliseconds: number;
}

/** What happens without having been asked for; the page tells it and goes on. */
export type EngineEvent =
  /** The GPU was lost (reset, driver update, sleep); `report` says what runs now; weights and image are back, if their file still is. */
  | { readonly kind: 'device-lost'; readonly message: string; readonly report: BackendReport }
  /** The GPU was lost and nothing could be started in its place. */
  | { readonly kind: 'device-gone'; readonly message: string }
  /** The worker died; the next call starts a new one, which has no network and no image yet. */
  | { readonly kind: 'crashed'; readonly message: string };
export type OnEvent = (event: EngineEvent) => void;

/** What the network sees of a picture. */
export interface SeenImage {
  readonly original: { readonly width: number; readonly height: number };
  readonly crop: Crop;
  /** The network's input before normalisation, RGBA, as large as the input. */
  readonly seen: Pixels;
}

export interface ClassScore {
  readonly index: number;
  readonly name: string;
  readonly logit: number;
  readonly probability: number;
}

export interface Answer {
  readonly ref: string;
  /** The five largest by logit, fewer where there are fewer classes. */
  readonly top: readonly ClassScore[];
  readonly backend: BackendName;
  readonly milliseconds: number;
  /**
   * Bytes of the tensors that the backend held when the run began, which are the weights, and the most that the run added
   * at any time: the activation of every layer, all kept for the maps, or those that lived at once where only the answer was
   * wanted. Measured by tfjs between two layers; buffers that a GPU pads are counted unpadded.
   */
  readonly held: { readonly weightBytes: number; readonly activationBytes: number };
}

/** Statistics of one channel's map. */
export interface MapStats {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Where the maximum is (first in row-major order). */
  readonly y: number;
  readonly x: number;
}

/** All maps of one layer, scaled down by area averaging so that no side exceeds the asked thumbnail size. */
export interface FeatureMaps {
  readonly node: string;
  readonly shape: Shape;
  /** Thumbnails: `[thumbHeight, thumbWidth, channels]` as one plane after the other (channel-major). */
  readonly thumbHeight: number;
  readonly thumbWidth: number;
  readonly planes: Float32Array<ArrayBuffer>;
  readonly stats: readonly MapStats[];
}

/** The mean over channels of one layer's activation, small: the face of its box in the diagram. */
export interface LayerFace {
  readonly node: string;
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array<ArrayBuffer>;
}

/** A layer's kernels as pictures: `count` kernels of `[height, width, depth]`, one after the other; of colours, red first. */
export interface Kernels {
  readonly node: string;
  readonly count: number;
  readonly shape: Shape;
  readonly values: Float32Array<ArrayBuffer>;
}

export type Rule = 'deconvnet' | 'guided' | 'gradient';
export type LrnRule = 'vjp' | 'identity' | 'scale';
export interface ProjectRequest {
  readonly node: string;
  readonly channel: number;
  /** One unit, the channel's strongest unit, or its whole map. */
  readonly seed: { readonly y: number; readonly x: number } | 'strongest' | 'map';
  readonly rule: Rule;
  /** Left out: 'identity' for deconvnet, 'vjp' for the others. */
  readonly lrn?: LrnRule;
}

/** Pixel rectangle of the input that a seed can see: first and last row and column, clipped to the input. */
export interface FieldBox {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface Projection {
  readonly request: ProjectRequest;
  /** Signed, in the normalised input space, of the input's shape; red first, also of networks that read blue first. */
  readonly image: Volume;
  /** The seed's unit (null for a whole map) and its activation (the largest for a map). */
  readonly unit: { readonly y: number; readonly x: number } | null;
  readonly value: number;
  readonly box: FieldBox;
  /** Max-pooling layers on the way down: 0 means that deconvnet's picture does not depend on the image. */
  readonly switches: number;
  readonly milliseconds: number;
}

/**
 * How a layer's time was taken. 'wall-clock': of a backend that has computed when it returns (wasm, cpu). 'gpu-clock': by the
 * GPU's own clock, which knows nothing of waiting in its queue. 'round-trip': by waiting for the GPU after every layer, less
 * what waiting costs by itself; a GPU that is emptied after every layer is slower, so small layers come out too large.
 */
export type TimingMethod = 'wall-clock' | 'gpu-clock' | 'round-trip';

export interface LayerTime {
  readonly node: string;
  /** Over the passes; null where the node ran joined with another, or the clock gave nothing. */
  readonly milliseconds: Quartiles | null;
  /** The ReLU that a normalisation ran together with, in one program: the time of both is the ReLU's. */
  readonly joinedWith?: string;
}

/** Where the time of a pass goes. */
export interface LayerTimes {
  readonly ref: string;
  readonly weightsName: string;
  readonly backend: BackendName;
  readonly threads: number;
  readonly method: TimingMethod;
  /** Passes that were measured layer by layer, and as many that were not. */
  readonly passes: number;
  /** Every node, in the graph's order. */
  readonly layers: readonly LayerTime[];
  /** Of the passes that were not measured layer by layer, from the prepared picture to the answer read back. */
  readonly passMilliseconds: Quartiles;
  /** What the clock can tell apart; shorter times are below it, not zero. */
  readonly resolutionMilliseconds: number;
}

export interface TimingOptions {
  /** The most passes that are measured. Default 15. */
  readonly passes?: number;
  /** No further pass is begun when it would end after this; three are run in any case. Default 4000. */
  readonly budgetMilliseconds?: number;
}

/**
 * Several channels of one layer, each projected as a `ProjectRequest` of its own would be: these, or those with the
 * largest values for this picture.
 */
export type ProjectManyRequest = Omit<ProjectRequest, 'channel'> & {
  readonly channels: readonly number[] | { readonly strongest: number };
};

export interface Projections {
  readonly request: ProjectManyRequest;
  /** In the order asked; the strongest first. */
  readonly projections: readonly Omit<Projection, 'milliseconds'>[];
  /** The channels that have no projection, and why. */
  readonly missing: readonly { readonly channel: number; readonly code: 'unit-inactive' }[];
  readonly milliseconds: number;
}

export interface MemoryReport {
  readonly tensors: number;
  readonly bytes: number;
  readonly gpuBytes?: number;
}

/** What a network needs of this device to load and to keep every activation, before anything of it is fetched. */
export interface Capacity {
  readonly ref: string;
  /** Weights on the backend, what loading them needs besides, and all activations of one image; fp32. */
  readonly neededBytes: number;
  /** What the backend can give; null where the browser does not tell. */
  readonly availableBytes: number | null;
  readonly fits: Fits;
  /** Where it does not fit: the largest listed member of its family that does. */
  readonly smaller?: string;
}

export interface Engine {
  /** Starts (or restarts) on the backend asked for, or the best one that passes its self-test. */
  start(backend: BackendName | 'auto', onProgress?: OnProgress): Promise<BackendReport>;
  /** Loads a network's weights, replacing whatever was loaded. Strict: every tensor is checked. `purpose` left out: 'maps'. */
  load(ref: string, source: WeightSource, onProgress?: OnProgress, purpose?: Purpose): Promise<LoadedNetwork>;
  /** Whether a network can run on the backend that computes; nothing of it is fetched for that. */
  capacity(ref: string): Promise<Capacity>;
  /** The networks that a file's tensors fit exactly, best known first; none: an empty list. */
  fittingNetworks(name: string, file: Blob): Promise<readonly string[]>;
  /** Decodes a picture and prepares it for the loaded network; keeps it for the next network too. */
  setImage(image: Blob | Pixels, onProgress?: OnProgress): Promise<SeenImage>;
  /** Runs the network on the image, keeping every activation for the calls below unless it was loaded for answers only. */
  classify(onProgress?: OnProgress): Promise<Answer>;
  /** Every layer's face after `classify`, no side larger than `px`. */
  faces(px: number): Promise<readonly LayerFace[]>;
  featureMaps(node: string, thumbnailPx: number): Promise<FeatureMaps>;
  /** One channel's map at full resolution: shape `[height, width, 1]`. */
  channelMap(node: string, channel: number): Promise<Volume>;
  /** The whole activation of a layer (the command line's `features`). */
  activation(node: string): Promise<Volume>;
  kernels(node: string): Promise<Kernels>;
  project(request: ProjectRequest, onProgress?: OnProgress): Promise<Projection>;
  /** Several channels of one layer in one walk down; those that are silent are named and no error. */
  projectMany(request: ProjectManyRequest, onProgress?: OnProgress): Promise<Projections>;
  /**
   * Runs the network on the image again and again, and answers how long each layer takes. Other requests are answered between
   * two passes; loading a network, or another device, ends the measurement as 'cancelled'.
   */
  layerTimes(options?: TimingOptions, onProgress?: OnProgress): Promise<LayerTimes>;
  /** Ends what is running: its promise rejects with code 'cancelled'; what was loaded stays. */
  cancel(): Promise<void>;
  memory(): Promise<MemoryReport>;
  /** Calls back on what happens unasked from now on; a later call replaces the listener, null removes it. */
  listen(onEvent: OnEvent | null): Promise<void>;
  dispose(): Promise<void>;
}
