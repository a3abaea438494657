import type { Comparison } from '../../models/compare.ts';
import type { Volume } from '../../models/graph.ts';
import type { OverlayQuantity } from '../../viz/diagramOverlay.ts';
import type { ErrorCode, ErrorDetails } from '../../models/errors.ts';
import type {
  Answer,
  BackendName,
  BackendReport,
  Capacity,
  FeatureMaps,
  Kernels,
  LayerFace,
  LayerTimes,
  LoadedNetwork,
  LrnRule,
  Progress,
  Projection,
  Projections,
  Rule,
  SeenImage,
  WeightManifest,
} from '../../workers/contract.ts';

/** What went wrong, ready to be translated by `code`; `message` is the English sentence. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** One request to the engine: its whole life. `previous` stays on screen, dimmed, while a new one runs. */
export type Request<T> =
  | { readonly state: 'idle' }
  | { readonly state: 'busy'; readonly progress: Progress | null; readonly previous: T | null }
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'failed'; readonly failure: Failure; readonly previous: T | null };

/** Where the picture comes from. A sample and a drawn digit have a name that a link can carry; a user's file does not. */
export type ImageChoice =
  | { readonly kind: 'sample'; readonly name: string }
  /** `id` is a short hash of the file: a link tells one picture of the user's from another by it. */
  | { readonly kind: 'user'; readonly name: string; readonly id?: string }
  | { readonly kind: 'drawing' };

export type Language = 'en' | 'ko';
export type Theme = 'system' | 'light' | 'dark';
export type MapOrder = 'channel' | 'strength';
export type MapScale = 'layer' | 'map';
export type View = 'network' | 'table' | 'compare';
/** What the diagram's boxes are coloured by; none: they show the layers' activations. */
export type Overlay = 'none' | OverlayQuantity;

/** What the user chose: everything that the URL holds (but theme and drawer sizes, which stay on the machine). */
export interface Choices {
  readonly view: View;
  readonly network: string;
  readonly layer: string | null;
  readonly channel: number | null;
  /** A unit of the channel, its strongest unit, or the whole map: the seed of the projection. */
  readonly seed: { readonly y: number; readonly x: number } | 'strongest' | 'map';
  readonly rule: Rule;
  readonly lrn: LrnRule | null;
  /** Whether the layer's strongest channels are projected, beside the chosen one. */
  readonly galleryOpen: boolean;
  readonly image: ImageChoice;
  readonly language: Language;
  readonly overlay: Overlay;
  /** The networks that are compared; left out until somebody opens the comparison. */
  readonly compare?: Comparison;
}

/** What the engine answered. Everything else on the page is derived from choices and answers. */
export interface Answers {
  /** Which networks have bundled weights, how accurate they are, and whose they are. */
  readonly manifest: Request<WeightManifest>;
  readonly backend: Request<BackendReport>;
  readonly weights: Request<LoadedNetwork>;
  readonly seen: Request<SeenImage>;
  readonly answer: Request<Answer>;
  readonly faces: Request<readonly LayerFace[]>;
  readonly maps: Request<FeatureMaps>;
  readonly kernels: Request<Kernels>;
  /** The chosen channel's map at full resolution. */
  readonly channelMap: Request<Volume>;
  readonly projection: Request<Projection>;
  /** The layer's strongest channels for this picture, while somebody looks at them. */
  readonly gallery: Request<Projections>;
  /** Of the network, weights and backend that they name; asked for by the user alone. */
  readonly layerTimes: Request<LayerTimes>;
}

/** Two runs on the same picture, right after loading: the second is without what a backend prepares at its first. */
export interface TwoAnswers {
  readonly first: Answer;
  readonly again: Answer;
  readonly loaded: LoadedNetwork;
}

export interface Preferences {
  readonly theme: Theme;
  readonly backendChoice: BackendName | 'auto';
  readonly mapOrder: MapOrder;
  readonly mapScale: MapScale;
}

export interface Actions {
  showView(view: View): void;
  /** A step back leads to the comparison before, unless this change replaces it. */
  changeComparison(change: Partial<Comparison>, history?: 'push' | 'replace'): void;
  /**
   * Loads a network and lets it answer twice for the picture of the moment, in the view of the moment; null where a
   * request stands failed in its way or another network was opened meanwhile.
   */
  answerWith(ref: string): Promise<TwoAnswers | null>;
  chooseNetwork(ref: string): void;
  /** Another setting of the chosen network's family: the layer stays where it is one of both. */
  tuneNetwork(ref: string): void;
  chooseLayer(node: string | null): void;
  /** Selects a channel of the chosen layer and, with `seed`, what to project; starts the projection. */
  chooseChannel(channel: number | null, seed?: Choices['seed']): void;
  chooseRule(rule: Rule): void;
  chooseLrn(lrn: LrnRule | null): void;
  showGallery(open: boolean): void;
  chooseSample(name: string): void;
  /** A file by drop, paste, picker, URL or camera. Never throws: failures land in `seen`. */
  useImage(file: Blob, name: string): void;
  useImageUrl(url: string): void;
  /** The file that a network looks at next, as it is; null for a drawing. Rejects where it cannot be had. */
  chosenPicture(): Promise<Blob | null>;
  /** Strokes of the digit canvas, rendered to pixels. */
  useDrawing(pixels: ImageData): void;
  /** A weight file of the user's own (safetensors, PyTorch, ONNX) for the network that it fits. */
  useWeights(file: File): void;
  /** The file of this visit that answers for a network, to be kept on this device. */
  ownWeights(ref: string): File | null;
  /** What a network needs of this device, and whether it has that. */
  capacityOf(ref: string): Promise<Capacity>;
  chooseBackend(backend: BackendName | 'auto'): void;
  chooseLanguage(language: Language): void;
  chooseOverlay(overlay: Overlay): void;
  /** Measures how long each layer of the network takes; needs its weights. */
  measureTimes(): void;
  setPreferences(change: Partial<Preferences>): void;
  cancel(): void;
  retry(): void;
  /** Takes a failure off the page; what was there before stands again. */
  dismissFailure(request: keyof Answers): void;
  /** A failure that a user can be told; of code of the page that did not come it says why. */
  explain(error: unknown): Promise<Failure>;
  /** Says a thing that happened and is no failure; the page has the sentence by its key. */
  tell(key: string, details?: ErrorDetails): void;
}

export interface Store extends Choices, Answers, Preferences, Actions {
  /** A thing that happened that the user should know and can dismiss (a lost device, a shared link's missing image). */
  readonly notice: { readonly key: string; readonly details: ErrorDetails } | null;
  /** How many pictures were tried: another number, another picture. */
  readonly tried: number;
  dismissNotice(): void;
}
