import type { Shape } from '../models/graph.ts';
import { labelRoom, sideNeed } from './diagramLayout.ts';
import { SIZE } from './diagramSizes.ts';
import type { Heights } from './diagramSizes.ts';
import { leavesOf } from './diagramTree.ts';
import type { Leaf, Seq } from './diagramTree.ts';
import type { DiagramBox, DiagramFrame, LabelRow, LabelStack, Rect } from './diagramTypes.ts';
import { formatBytes, formatShape, formatSi } from './numbers.ts';
import { opFigures } from './opStyle.ts';

/** What a label says of the nodes under a box: parameters, and bytes of their activations in fp32. */
export interface BoxFigures {
  readonly parameters: number;
  readonly bytes: number;
}
export type FiguresOf = (nodes: readonly string[]) => BoxFigures;

/** Beyond the main line there is nothing: its labels have as much room as they want. */
const OPEN_ROOM = 400;
/** Before the input and after the output the main line's labels may stand out this far. */
const OPEN_SIDE = 60;

/** The labels of every box and frame with the room that each may fill; only texts of one line share theirs. */
export function labelStacks(
  root: Seq,
  boxes: ReadonlyMap<string, DiagramBox>,
  frames: readonly DiagramFrame[],
  scale: Heights,
  figuresOf: FiguresOf,
): LabelStack[] {
  const stacks: LabelStack[] = [];
  for (const leaf of leavesOf(root)) {
    const box = boxes.get(leaf.item.id);
    if (box !== undefined) stacks.push(...leafStacks(leaf, box, root, scale, figuresOf));
  }
  for (const frame of frames) stacks.push(frameStack(frame));
  return stacks;
}

function leafStacks(
  leaf: Leaf,
  box: DiagramBox,
  root: Seq,
  scale: Heights,
  figuresOf: FiguresOf,
): LabelStack[] {
  if (box.form === 'node') return [];
  const { seq } = leaf;
  const { room } = box;
  const below = seq.y + seq.base + 2;
  const open = seq === root && seq.hangs.length === 0;
  const [start, end] = stretch(leaf, root);
  const under: LabelStack = {
    id: `under:${box.id}`,
    owner: box.id,
    lane: seq.y + seq.base,
    anchor: { x: room.x + room.width / 2, y: below },
    reach: room.width / 2,
    align: 'middle',
    grows: 'down',
    room: { x: start, y: below, width: end - start, height: open ? OPEN_ROOM : labelRoom(seq, scale) - 2 },
    rows: rowsBelow(leaf, box, figuresOf),
  };
  const above = rowsAbove(leaf);
  if (above.length === 0) return [under];
  const left = room.x - sideRoom(leaf, -1);
  const right = room.x + room.width + sideRoom(leaf, 1);
  const bottom = room.y - 4;
  const top = seq === root && !passedByTrack(leaf) ? bottom - OPEN_ROOM : bottom - SIZE.labelsAbove + 5;
  const over: LabelStack = {
    id: `over:${box.id}`,
    owner: box.id,
    anchor: { x: (left + right) / 2, y: bottom },
    align: 'middle',
    grows: 'up',
    room: { x: left, y: top, width: right - left, height: bottom - top },
    rows: above,
  };
  return [under, over];
}

/**
 * From where to where the texts of a line share their room: between the frames, lanes and hanging lines that come down to them.
 * Boxes and sums end above the texts; arches run above the boxes.
 */
function stretch(leaf: Leaf, root: Seq): readonly [start: number, end: number] {
  const { seq } = leaf;
  const edge = seq === root ? OPEN_SIDE : sideOfOwner(seq);
  let [start, end] = [seq.x - edge, seq.x + seq.width + edge];
  if (seq.owner?.kind === 'hang')
    [start, end] = [seq.x - SIZE.lead + SIZE.trackGap + 2, seq.x + seq.width + SIZE.hangSide - 4];
  const wall = (from: number, to: number): void => {
    if (to <= leaf.x + 1) start = Math.max(start, to);
    else if (from >= leaf.x + leaf.width - 1) end = Math.min(end, from);
  };
  for (const element of seq.elements)
    if (element.kind !== 'leaf') wall(element.x - 1, element.x + element.width + 1);
  for (const hang of seq.hangs) {
    const from = seq.elements[hang.index];
    const fall = from === undefined ? seq.x : from.x + from.width + SIZE.trackGap;
    wall(fall - 2, fall + 2);
  }
  return [start, end];
}

/** Room for labels above: what a box asked for of the gap to its neighbour and half of the rest, less where a line turns in it. */
function sideRoom(leaf: Leaf, direction: 1 | -1): number {
  const neighbour = leaf.seq.elements[leaf.index + direction];
  if (neighbour === undefined) return sideOfOwner(leaf.seq);
  const turns = leaf.seq.tracks.has(direction === 1 ? leaf.index : leaf.index - 1);
  if (neighbour.kind === 'parallel' || turns) return 4;
  const gap = direction === 1 ? neighbour.x - leaf.x - leaf.width : leaf.x - neighbour.x - neighbour.width;
  return (gap + sideNeed(leaf) - sideNeed(neighbour)) / 2 - 0.5;
}

/** Beside the first and the last box of a line: to the edge of its frame, unless a line turns there. */
function sideOfOwner({ owner, tracks }: Seq): number {
  if (owner === null) return 14;
  return owner.kind === 'frame' && tracks.size === 0 ? SIZE.frameSide - 2 : 4;
}

function passedByTrack(leaf: Leaf): boolean {
  return [...leaf.seq.tracks.values()].some((track) => track.from < leaf.index && leaf.index < track.to);
}

function rowsBelow(leaf: Leaf, box: DiagramBox, figuresOf: FiguresOf): LabelRow[] {
  const { parameters, bytes } = figuresOf(box.nodes);
  const rows: LabelRow[] = [
    { kind: 'name', font: 'sans-bold', alternatives: nameAlternatives(leaf) },
    { kind: 'shape', font: 'mono', alternatives: shapeAlternatives(box.shape) },
  ];
  if (parameters > 0) rows.push({ kind: 'parameters', font: 'mono', alternatives: [[formatSi(parameters)]] });
  rows.push({ kind: 'memory', font: 'mono', alternatives: [[formatBytes(bytes)]] });
  return rows;
}

/** `112×112×64`, then `112×112` over `×64`, then, of square maps, `112²` over `×64`, as MobileNet v2's table 2 writes it. */
export function shapeAlternatives(shape: Shape): string[][] {
  const [height, width, channels] = shape;
  if (height === 1 && width === 1) return [[formatShape(shape)]];
  return [
    [formatShape(shape)],
    [`${height}×${width}`, `×${channels}`],
    ...(height === width ? [[`${height}²`, `×${channels}`]] : []),
  ];
}

function rowsAbove(leaf: Leaf): LabelRow[] {
  const { item } = leaf;
  if (item.kind === 'folded')
    return item.count > 1 ? [{ kind: 'count', font: 'sans-bold', alternatives: [[`×${item.count}`]] }] : [];
  const text = opFigures(item.unit.head.op, item.unit.inputChannels);
  return text === ''
    ? []
    : [{ kind: 'operation', font: 'mono', alternatives: [[text], [text.replace(' ', '')]] }];
}

/** `inception_4a` may be shortened to `4a`, `conv2_reduce` broken in two; `conv4_x/3` inside its frame is `3`. */
export function nameAlternatives(leaf: Leaf): string[][] {
  const { item } = leaf;
  if (item.kind === 'unit') return shorter(inner(item.unit.id, item.unit.group));
  const first = lastSegment(item.path);
  if (item.count === 1) return shorter(first);
  const groups = item.units.map((unit) => unit.group.slice(0, item.path.lastIndexOf('/') + 1));
  const parent = groups[0] ?? '';
  const last = (item.units.at(-1)?.group ?? '').slice(parent.length).split('/')[0] ?? '';
  const tail = /\d+[a-z]?$/.exec(last)?.[0] ?? last;
  return shorter(`${first}–${tail}`);
}

function inner(id: string, group: string): string {
  return group !== '' && id.startsWith(`${group}/`) ? id.slice(group.length + 1) : id;
}

export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function shorter(name: string): string[][] {
  const tail = /[_-](\d\S*)$/.exec(name)?.[1];
  // `conv2d_1a_3x3` is `1a_3x3` where that fits, else `1a` over `3x3`.
  if (tail !== undefined) return [[name], [tail], ...(tail.includes('_') ? [tail.split('_')] : [])];
  const middle = /^(.+?[_-]|max|avg)(.+)$/.exec(name);
  if (middle === null) return [[name]];
  const [, head = '', end = ''] = middle;
  // `reduction_a` is `red. a` where neither it nor its first half fits.
  return [
    [name],
    [head, end],
    ...(end.length <= 2 && head.length > 5 ? [[`${head.slice(0, 3)}. ${end}`]] : []),
  ];
}

function frameStack(frame: DiagramFrame): LabelStack {
  const room: Rect = { x: frame.x + 8, y: frame.y + 2, width: frame.width - 16, height: SIZE.frameTop - 7.8 };
  return {
    id: `frame:${frame.path}`,
    owner: `block:${frame.path}`,
    anchor: { x: room.x, y: room.y },
    align: 'start',
    grows: 'down',
    room,
    rows: [
      {
        kind: 'frame',
        font: 'sans-bold',
        alternatives: [
          [frame.path.replaceAll('/', ' / ')],
          [lastSegment(frame.path)],
          // A narrow frame's `conv2_x` is `conv2`.
          [lastSegment(frame.path).replace(/_x$/, '')],
          // A frame around one box cannot be as wide as `inception_a`: `inc. a`.
          ...shorter(lastSegment(frame.path)).slice(1),
        ],
      },
    ],
  };
}
