import type { Network } from '../../models/network.ts';
import type { Node } from '../../models/graph.ts';
import type { Pixels } from '../../models/preprocessing.ts';
import type { Projections } from '../../workers/contract.ts';
import { cropPixels, wholeBox } from '../../viz/displayCrop.ts';
import { fieldFrame } from './fieldFrame.ts';
import { projectionPicture } from './projectionPicture.ts';

/** One channel of the gallery: what its strongest unit saw, and what the rule brings back of it, in one frame. */
export interface GalleryTile {
  readonly channel: number;
  readonly value: number;
  readonly unit: { readonly y: number; readonly x: number } | null;
  readonly patch: Pixels;
  readonly projection: Pixels;
  /** Full contrast of the projection stands for this value; 0: all of it is zero. */
  readonly full: number;
}

/** The tiles of a layer's gallery, strongest first, framed by the receptive field or by the whole picture. */
export function galleryTiles(
  network: Network,
  node: Node,
  { projections }: Projections,
  seen: Pixels,
  show: 'field' | 'image',
): readonly GalleryTile[] {
  const { graph } = network;
  const [height, width] = graph.nodes[0]!.shape;
  return projections.map((projection) => {
    const { box, unit, value, request } = projection;
    const frame = show === 'image' ? wholeBox(width, height) : fieldFrame(graph, node, box, unit);
    const { pixels, scale } = projectionPicture(projection, 'max');
    return {
      channel: request.channel,
      value,
      unit,
      patch: cropPixels(seen, frame),
      projection: cropPixels(pixels, frame),
      full: scale.s,
    };
  });
}
