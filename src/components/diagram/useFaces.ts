import { useMemo } from 'react';
import type { Pixels } from '../../models/preprocessing.ts';
import type { LayerFace } from '../../workers/contract.ts';
import { facePixels } from '../../viz/diagramFace.ts';
import type { ThemeName } from '../../viz/opStyle.ts';

const drawn = { light: new WeakMap<LayerFace, string>(), dark: new WeakMap<LayerFace, string>() };

const photographs = new WeakMap<Pixels, string>();

/**
 * Each layer's mean activation as a small picture (a data URL) in the theme's ramp, by graph node; the input's is the
 * photo itself, as the network sees it.
 */
export function useFaces(
  faces: readonly LayerFace[] | null,
  input: { readonly node: string; readonly pixels: Pixels | null },
  theme: ThemeName,
): ReadonlyMap<string, string> {
  const { node, pixels } = input;
  return useMemo(() => {
    const pictures = new Map<string, string>();
    for (const face of faces ?? [])
      // One value is a colour, not a picture.
      if (face.height * face.width > 1) pictures.set(face.node, pictureOf(face, theme));
    if (pixels !== null) pictures.set(node, photographOf(pixels));
    return pictures;
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
  const url = dataUrl(new ImageData(pixels.data, pixels.width, pixels.height));
  photographs.set(pixels, url);
  return url;
}

function dataUrl(image: ImageData): string {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas.toDataURL();
}
