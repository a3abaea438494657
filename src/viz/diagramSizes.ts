import type { Node, Shape } from '../models/graph.ts';
import type { Leaf } from './diagramTree.ts';
import type { BoxForm, DiagramBox, DiagramJoint, Rect } from './diagramTypes.ts';
import type { Unit } from './diagramUnits.ts';
import { joinSign, OP_GROUPS, opGroup } from './opStyle.ts';
import type { OpGroup } from './opStyle.ts';

/** Sizes of things, in diagram units (CSS pixels at 100 %). */
export const SIZE = {
  joint: 6,
  band: 4,
  slit: 2,
  depthX: 7,
  depthY: 5,
  vectorWidth: 13,
  node: 18,
  stack: 4,
  gap: 20,
  /** Room for lines to turn at both ends of parallel lanes. */
  lead: 18,
  laneGap: 12,
  trackGap: 9,
  frameSide: 14,
  /** Beside what hangs below a line: room for its name, which is wider than a small box. */
  hangSide: 60,
  frameTop: 46,
  frameBottom: 8,
  /** Name and shape under a box of a lane. */
  laneLabels: 36,
  /** The same under what hangs below a line, which makes a diagram high and its text small beside it. */
  hangLabels: 44,
  labelsAbove: 34,
  /** A label needs this much from one box's left to the next. */
  slot: 80,
} as const;

/** A box's height follows the square root of the spatial side, so that 7 and 224 share a page. */
export function tensorHeight([height]: Shape, { perRootPixel }: Heights): number {
  return Math.max(8, perRootPixel * Math.sqrt(height));
}

/** A box's width follows the logarithm of its channels, so that 3 and 2048 share a page. */
export function tensorWidth([, , channels]: Shape): number {
  return 6 + 6 * Math.log2(channels + 1);
}

/** A vector is a tall bar, its height by the logarithm of its length. */
export function vectorHeight([, , units]: Shape, factor: number): number {
  return factor * (10 + 9 * Math.log2(units + 1));
}

/**
 * Heights of a network's boxes: units per square root of a pixel, and a factor for vectors. A long network gets taller
 * boxes, so that the whole keeps the proportions of a picture; `boxes` is how many stand in its line when folded.
 */
export interface Heights {
  readonly perRootPixel: number;
  readonly vector: number;
  /** The widest that an input's picture may be: it is known from beside the diagram. */
  readonly widestInput: number;
  /** Room for name, shape, parameters and memory under the boxes of a frame's own line. */
  readonly frameLabels: number;
}
/** `side`: the largest of all maps, px. `tallness` stretches all heights alike, so that a wide diagram fills a high room; 1 is the diagram's own proportion. */
export function heightsFor(side: number, boxes: number, tallness: number): Heights {
  const tallest = Math.min(230, Math.max(124, boxes * 11.5));
  return {
    perRootPixel: Math.min(20, Math.max(5, tallest / Math.sqrt(side))) * tallness,
    vector: (tallest / 124) * tallness,
    widestInput: 104 * Math.sqrt(tallness),
    frameLabels: 118,
  };
}

interface Parts {
  readonly form: BoxForm;
  readonly face: { readonly width: number; readonly height: number };
  readonly leads: readonly Node[];
  readonly bands: readonly Node[];
  readonly joint: Node | null;
  readonly content: readonly OpGroup[];
  readonly copies: number;
}

const known = new WeakMap<Leaf, { readonly scale: Heights; readonly parts: Parts }>();

/** Asked for several times while a leaf is measured and drawn. */
function partsOf(leaf: Leaf, scale: Heights): Parts {
  const made = known.get(leaf);
  if (made?.scale === scale) return made.parts;
  const parts = makeParts(leaf, scale);
  known.set(leaf, { scale, parts });
  return parts;
}

function makeParts(leaf: Leaf, scale: Heights): Parts {
  const { item } = leaf;
  const plain = { leads: [], bands: [], joint: null, content: [], copies: 0 };
  if (item.kind === 'folded') {
    const tail = item.units.at(-1)?.tail;
    const used = new Set<OpGroup>();
    for (const { leads, head, bands } of item.units) {
      used.add(opGroup(head.op));
      for (const node of leads) used.add(opGroup(node.op));
      for (const node of bands) used.add(opGroup(node.op));
    }
    const content = OP_GROUPS.filter((group) => used.has(group));
    const face = faceSize(tail?.shape ?? [1, 1, 1], scale);
    return { ...plain, form: 'block', face, content, copies: Math.min(item.count, 3) - 1 };
  }
  const { head, leads, bands } = item.unit;
  if (joinSign(head.op) !== '')
    return { ...plain, form: 'node', face: { width: SIZE.node, height: SIZE.node }, bands };
  const form = isVector(head.shape) ? 'vector' : 'tensor';
  const face = faceSize(head.shape, scale);
  // The input is a picture before it is a tensor: three channels alone would make it a line.
  if (head.op.kind === 'input')
    return {
      ...plain,
      form,
      face: { ...face, width: Math.max(face.width, Math.min(scale.widestInput, 0.66 * face.height)) },
      bands,
    };
  return { ...plain, form, face, leads, bands, joint: head };
}

function isVector([height, width]: Shape): boolean {
  return height === 1 && width === 1;
}

function faceSize(shape: Shape, scale: Heights): { width: number; height: number } {
  return isVector(shape)
    ? { width: SIZE.vectorWidth, height: vectorHeight(shape, scale.vector) }
    : { width: tensorWidth(shape), height: tensorHeight(shape, scale) };
}

/** Whether a leaf is a small node (a sum, a mean, a concat) rather than a box. */
export function isJoin({ item }: Leaf): boolean {
  return item.kind === 'unit' && joinSign(item.unit.head.op) !== '';
}

const bandsWidth = (count: number): number => (count === 0 ? 0 : count * (SIZE.band + SIZE.slit));

/** Width of all that is drawn for a leaf and its reach above and below the line. */
export function leafSize(leaf: Leaf, scale: Heights): { width: number; up: number; down: number } {
  const { form, face, leads, bands, joint, content, copies } = partsOf(leaf, scale);
  const before = bandsWidth(leads.length) + (joint || content.length > 0 ? SIZE.joint + SIZE.slit : 0);
  if (form === 'node')
    return {
      width: face.width + bandsWidth(bands.length),
      up: face.height / 2 + 2,
      down: face.height / 2 + 2,
    };
  const width = before + face.width + SIZE.depthX + copies * SIZE.stack + bandsWidth(bands.length);
  return { width, up: face.height / 2 + SIZE.depthY + copies * SIZE.stack, down: face.height / 2 };
}

/** The box and joints of a placed leaf whose line runs at `y`. */
export function drawLeaf(leaf: Leaf, y: number, scale: Heights): { box: DiagramBox; joints: DiagramJoint[] } {
  const parts = partsOf(leaf, scale);
  const { face, form, copies } = parts;
  const { item } = leaf;
  const units = item.kind === 'folded' ? item.units : [item.unit];
  const tail = (units.at(-1) as Unit).tail;
  const head = item.kind === 'folded' ? tail : item.unit.head;
  const joints: DiagramJoint[] = [];
  const barHeight = form === 'node' ? face.height : face.height * 0.82;
  let x = leaf.x;
  const bar = (node: Node, role: DiagramJoint['role'], width: number): void => {
    const rect: Rect = { x, y: y - barHeight / 2, width, height: barHeight };
    joints.push({
      id: `${role}:${node.id}`,
      node: node.id,
      box: item.id,
      group: opGroup(node.op),
      role,
      ...rect,
    });
    x += width + SIZE.slit;
  };
  for (const node of parts.leads) bar(node, 'band', SIZE.band);
  if (parts.joint) bar(parts.joint, 'joint', SIZE.joint);
  if (parts.content.length > 0) {
    const part = face.height / parts.content.length;
    parts.content.forEach((group, index) =>
      joints.push({
        id: `content:${item.id}:${group}`,
        node: tail.id,
        box: item.id,
        group,
        role: 'content',
        x,
        y: y - face.height / 2 + index * part,
        width: SIZE.joint,
        height: part,
      }),
    );
    x += SIZE.joint + SIZE.slit;
  }
  const depth =
    form === 'node' ? { dx: 0, dy: 0 } : { dx: SIZE.depthX, dy: form === 'vector' ? 4 : SIZE.depthY };
  const { width, up, down } = leafSize(leaf, scale);
  const box: DiagramBox = {
    id: item.id,
    form,
    x,
    y: y - face.height / 2,
    width: face.width,
    height: face.height,
    depth,
    nodes: units.flatMap((unit) => unit.nodes),
    head: head.id,
    tail: tail.id,
    shape: tail.shape,
    group: opGroup(head.op),
    sign: item.kind === 'folded' ? '' : joinSign(head.op),
    path: item.kind === 'folded' ? item.path : '',
    count: item.kind === 'folded' ? item.count : 1,
    room: { x: leaf.x, y: y - up, width, height: up + down },
  };
  x += face.width + depth.dx + copies * SIZE.stack + SIZE.slit;
  if (form === 'node') x = box.x + face.width + SIZE.slit;
  for (const node of parts.bands) bar(node, 'band', SIZE.band);
  return { box, joints };
}
