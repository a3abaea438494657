import { ConvScopeError } from '../models/errors.ts';
import { prepare, type PictureInput, type Prepared } from '../models/preprocess.ts';
import type { Pixels, Preprocessing } from '../models/preprocessing.ts';
import type { SeenImage } from './contract.ts';

/** The engine's one picture: its pixels, and what the last network that looked at it was given. */
export class Picture {
  private pixels: Pixels | null = null;
  private input: { readonly volume: PictureInput; readonly by: Preprocessing } | null = null;

  /** Takes a new picture. Where it cannot be prepared, the last one stays. */
  set(pixels: Pixels, by: Preprocessing): SeenImage {
    const { input, seen, crop } = this.prepared(pixels, by);
    this.pixels = pixels;
    this.input = { volume: input, by };
    return { original: { width: pixels.width, height: pixels.height }, crop, seen };
  }

  /** The input for a network: prepared again only where that network looks at pictures in another way. */
  inputFor(by: Preprocessing): PictureInput {
    if (!this.pixels) {
      throw new ConvScopeError('no-image', 'There is no image yet: choose, drop or draw one first.');
    }
    if (this.input?.by !== by) this.input = { volume: this.prepared(this.pixels, by).input, by };
    return this.input.volume;
  }

  private prepared(pixels: Pixels, by: Preprocessing): Prepared {
    const { width, height, data } = pixels;
    if (!(width >= 1 && height >= 1 && data.length === width * height * 4)) {
      throw new ConvScopeError(
        'image-corrupt',
        `A picture of ${width} x ${height} pixels has ${width * height * 4} values, this one has ${data.length}.`,
        { width, height },
      );
    }
    return prepare(pixels, by);
  }
}
