import { useMemo } from 'react';
import type { LayerFace } from '../../workers/contract.ts';
import { facePixels } from '../../viz/diagramFace.ts';
import type { ThemeName } from '../../viz/opStyle.ts';

const drawn = { light: new WeakMap<LayerFace, string>(), dark: new WeakMap<LayerFace, string>() };

/** Each layer's mean activation as a small picture (a data URL) in the theme's ramp, by graph node. */
export function useFaces(faces: readonly LayerFace[] | null, theme: ThemeName): ReadonlyMap<string, string> {
  return useMemo(() => {
    const pictures = new Map<string, string>();
    for (const face of faces ?? [])
      // One value is a colour, not a picture.
      if (face.height * face.width > 1) pictures.set(face.node, pictureOf(face, theme));
    return pictures;
  }, [faces, theme]);
}

function pictureOf(face: LayerFace, theme: ThemeName): string {
  const known = drawn[theme].get(face);
  if (known !== undefined) return known;
  const canvas = document.createElement('canvas');
  canvas.width = face.width;
  canvas.height = face.height;
  canvas
    .getContext('2d')
    ?.putImageData(new ImageData(facePixels(face, theme), face.width, face.height), 0, 0);
  const url = canvas.toDataURL();
  drawn[theme].set(face, url);
  return url;
}
