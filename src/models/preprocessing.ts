import type { Shape } from './graph.ts';

/** 8-bit sRGB with straight alpha, upright (EXIF orientation applied), as every decoder here hands it over. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, row-major, 4 bytes a pixel. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** How a weight file's training looked at pictures; stands in the manifest beside the weights. */
export interface Preprocessing {
  readonly input: Shape;
  readonly colour: 'rgb' | 'grey';
  /**
   * 'shorter-side': resize so that the shorter side is `resize`, then crop the centre `input` square.
   * 'digit': the MNIST way: the ink's bounding box into 20x20, its centre of mass to the middle of 28x28, then `input`.
   */
  readonly fit: 'shorter-side' | 'digit';
  /** Shorter side after resizing, in pixels; not used by 'digit'. */
  readonly resize: number;
  readonly filter: 'bilinear' | 'bicubic';
  /** In which order a colour network takes the channels; left out: red first. Caffe's networks read blue first. */
  readonly order?: 'rgb' | 'bgr';
  /**
   * Of values in 0..1: (x - mean) / std, one entry a channel in the network's order. Caffe's networks want 0..255 less a
   * mean: mean / 255, and 1 / 255 (divided by their scale) for std.
   */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** The rectangle of the upright original that the network sees, in original pixels (fractions allowed). */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
