import { useMemo } from 'react';
import type { Pixels } from '../../models/preprocessing.ts';
import type { LayerFace } from '../../workers/contract.ts';
import { facePixels } from '../../viz/facePixels.ts';
import type { Faces } from '../../viz/diagramSvg.ts';
import type { ThemeName } from '../../viz/opStyle.ts';

const drawn = { light: new WeakMap<LayerFace, string>(), dark: new WeakMap<LayerFace, string>() };

const photographs = new WeakMap<Pixels, string>();

/**
 * Each layer's mean activation as a small picture (a data URL) in the theme's ramp, by graph node; the input's is the
 * photo itself, as the network sees it. A picture is made when it is first asked for: most layers lie in folded blocks.
 */
export function useFaces(
  faces: readonly LayerFace[] | null,
  input: { readonly node: string; readonly pixels: Pixels | null },
  theme: ThemeName,
): Faces {
  const { node, pixels } = input;
  return useMemo(() => {
    // One value is a colour, not a picture.
    const known = (faces ?? []).filter(({ height, width }) => height * width > 1);
    const byNode = new Map(known.map((face) => [face.node, face]));
    return {
      get: (id) => {
        if (id === node && pixels !== null) return photographOf(pixels);
        const face = byNode.get(id);
        return face === undefined ? undefined : pictureOf(face, theme);
      },
    };
  }, [faces, node, pixels, theme]);
}

function pictureOf(face: LayerFace, theme: ThemeName): string {
  const known = drawn[theme].get(face);
  if (known !== undefined) return known;
  const url = dataUrl(new ImageData(facePixels(face, theme), face.width, face.height));
  drawn[theme].set(face, url);
  return url;
}

function photographOf(pixels: Pixels): string {
  const known = photographs.get(pixels);
  if (known !== undefined) return known;
  // A photo in PNG is five times as large, and longer in the making than the page may be still; digits are few pixels.
  const type = pixels.width < 100 ? 'image/png' : 'image/jpeg';
  const url = dataUrl(new ImageData(pixels.data, pixels.width, pixels.height), type);
  photographs.set(pixels, url);
  return url;
}

function dataUrl(image: ImageData, type = 'image/png'): string {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas.toDataURL(type, 0.92);
}
