import type { StoreApi } from 'zustand/vanilla';
import { ConvScopeError } from '../../models/errors.ts';
import type { Network } from '../../models/network.ts';
import { once } from '../../models/once.ts';
import type { Pixels } from '../../models/preprocessing.ts';
import type { Attempts } from './attempts.ts';
import { firstSample, readsDigits } from './defaults.ts';
import { firstDigit } from './digit.ts';
import type { PagePlatform } from './platform.ts';
import type { ImageChoice, Store } from './types.ts';

export interface Pictures {
  /** The picture to look at: the one that is being tried, else the choice. Throws 'no-image' where it is not here. */
  current(): Promise<Blob | Pixels>;
  /** What the canvas shows from now on. */
  draw(pixels: ImageData): void;
  /** The picture that a network opens with: a digit network draws, the others go back to the last photo. */
  choiceFor(network: Network): ImageChoice;
}

interface PicturesHost {
  readonly store: StoreApi<Store>;
  readonly platform: PagePlatform;
  readonly attempts: Attempts;
}

export function createPictures({ store, platform, attempts }: PicturesHost): Pictures {
  let drawing: Pixels | null = null;
  let photo: ImageChoice = { kind: 'sample', name: firstSample };
  let sample = { name: '', read: once(() => platform.sample('')) };
  /** The page shows the sample while the network that looks at it is on its way: it is asked for once. */
  const sampleOf = (name: string) => {
    if (name !== sample.name) sample = { name, read: once(() => platform.sample(name)) };
    return sample.read();
  };
  store.subscribe(({ image }) => {
    if (image.kind !== 'drawing') photo = image;
  });
  return {
    async current() {
      const tried = attempts.blob();
      if (tried) return tried;
      const { image } = store.getState();
      if (image.kind === 'sample') return sampleOf(image.name);
      if (image.kind === 'drawing') return drawing ?? firstDigit();
      const kept = await attempts.own(image.id ?? '');
      if (!kept) throw new ConvScopeError('no-image', 'There is no picture yet.', {});
      return kept.blob;
    },
    draw({ width, height, data }) {
      drawing = { width, height, data: new Uint8ClampedArray(data) };
    },
    choiceFor(network) {
      if (readsDigits(network)) return { kind: 'drawing' };
      const { image } = store.getState();
      return image.kind === 'drawing' ? photo : image;
    },
  };
}
