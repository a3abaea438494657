import { labelRoom, sideNeed } from './diagramLayout.ts';
import { SIZE } from './diagramSizes.ts';
import { leavesOf } from './diagramTree.ts';
import type { Leaf, Seq } from './diagramTree.ts';
import type {
  DiagramBox,
  DiagramFrame,
  LabelKind,
  LabelRow,
  LabelStack,
  PlacedLabel,
  Rect,
} from './diagramTypes.ts';
import { append } from './diagramUnits.ts';
import { formatBytes, formatShape, formatSi } from './numbers.ts';
import { opFigures } from './opStyle.ts';
import type { Measure } from './textMeasure.ts';

/** What a label says of the nodes under a box: parameters, and bytes of their activations in fp32. */
export interface BoxFigures {
  readonly parameters: number;
  readonly bytes: number;
}
export type FiguresOf = (nodes: readonly string[]) => BoxFigures;

/** Text on screen, in CSS pixels, at every zoom. */
export const TEXT = { name: 12, figure: 11, line: 14 } as const;
/** Beyond the main line there is nothing: its labels have as much room as they want. */
const OPEN_ROOM = 400;

/** The labels of every box and frame with the room that each may fill; rooms never overlap. */
export function labelStacks(
  root: Seq,
  boxes: ReadonlyMap<string, DiagramBox>,
  frames: readonly DiagramFrame[],
  figuresOf: FiguresOf,
): LabelStack[] {
  const stacks: LabelStack[] = [];
  for (const leaf of leavesOf(root)) {
    const box = boxes.get(leaf.item.id);
    if (box !== undefined) stacks.push(...leafStacks(leaf, box, root, figuresOf));
  }
  for (const frame of frames) stacks.push(frameStack(frame));
  return stacks;
}

function leafStacks(leaf: Leaf, box: DiagramBox, root: Seq, figuresOf: FiguresOf): LabelStack[] {
  const { seq } = leaf;
  const { room } = box;
  const left = room.x - sideRoom(leaf, -1);
  const right = room.x + room.width + sideRoom(leaf, 1);
  const middle = (left + right) / 2;
  const half = (right - left) / 2;
  const below = seq.y + seq.base + 2;
  const open = seq === root && seq.hangs.length === 0;
  const under: LabelStack = {
    id: `under:${box.id}`,
    owner: box.id,
    lane: seq.y + seq.base,
    anchor: { x: middle, y: below },
    align: 'middle',
    grows: 'down',
    room: {
      x: middle - half,
      y: below,
      width: 2 * half,
      height: open ? OPEN_ROOM : labelRoom(seq) - 2,
    },
    rows: rowsBelow(leaf, box, figuresOf),
  };
  const above = rowsAbove(leaf);
  if (box.form === 'node') return [];
  if (above.length === 0) return [under];
  const bottom = room.y - 4;
  const top = seq === root && !passedByTrack(leaf) ? bottom - OPEN_ROOM : bottom - SIZE.labelsAbove + 5;
  const over: LabelStack = {
    id: `over:${box.id}`,
    owner: box.id,
    anchor: { x: middle, y: bottom },
    align: 'middle',
    grows: 'up',
    room: { x: middle - half, y: top, width: 2 * half, height: bottom - top },
    rows: above,
  };
  return [under, over];
}

/** What a box asked for of the gap to its neighbour and half of the rest, less where a line turns in it. */
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
  const [height, width, channels] = box.shape;
  const { parameters, bytes } = figuresOf(box.nodes);
  const shape = formatShape(box.shape);
  const vector = height === 1 && width === 1;
  const rows: LabelRow[] = [
    { kind: 'name', font: 'sans-bold', alternatives: nameAlternatives(leaf) },
    {
      kind: 'shape',
      font: 'mono',
      alternatives: vector ? [[shape]] : [[shape], [`${height}×${width}`, `×${channels}`]],
    },
  ];
  if (parameters > 0) rows.push({ kind: 'parameters', font: 'mono', alternatives: [[formatSi(parameters)]] });
  rows.push({ kind: 'memory', font: 'mono', alternatives: [[formatBytes(bytes)]] });
  return rows;
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
  const middle = /^(.+?[_-])(.+)$/.exec(name);
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
  const room: Rect = { x: frame.x + 8, y: frame.y + 2, width: frame.width - 16, height: SIZE.frameTop - 8 };
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

/** Names are a little larger than figures, unless the picture is so small that they would be lost. */
function sizeOf({ kind }: LabelRow, zoom: number): number {
  return zoom >= SMALL && (kind === 'name' || kind === 'count') ? TEXT.name : TEXT.figure;
}
const SMALL = 0.8;

/**
 * The labels that fit at a zoom: text keeps its size on screen, so what finds no room is left out, least important first,
 * and comes back when one zooms in. Labels of one line agree on how they are written and on what they leave out, so that
 * they read like a table: a row of numbers is shown unless it fits under few of the boxes that have it.
 */
export function visibleLabels(stacks: readonly LabelStack[], zoom: number, measure: Measure): PlacedLabel[] {
  const lanes = new Map<number | string, LabelStack[]>();
  for (const stack of stacks) append(lanes, stack.lane ?? stack.id, stack);
  return [...lanes.values()].flatMap((lane) => laneLabels(lane, zoom, measure));
}

function laneLabels(lane: readonly LabelStack[], zoom: number, measure: Measure): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  const used = new Map<LabelStack, number>();
  const dropped = new Set<LabelStack>();
  for (const kind of ROW_ORDER) {
    const rows = lane.flatMap((stack) => {
      const row = stack.rows.find((candidate) => candidate.kind === kind);
      return row === undefined || dropped.has(stack) ? [] : [{ stack, row }];
    });
    if (rows.length === 0) continue;
    const fits = (stack: LabelStack, row: LabelRow, index: number): boolean => {
      const lines = row.alternatives[index];
      const left = stack.room.height * zoom - (used.get(stack) ?? 0);
      return (
        lines !== undefined && fitsRoom(lines, row, stack.room.width * zoom - SPACING, left, zoom, measure)
      );
    };
    const choices = Math.max(...rows.map(({ row }) => row.alternatives.length));
    const shares = Array.from({ length: choices }, (_, index) => {
      const fitting = rows.filter(({ stack, row }) =>
        fits(stack, row, Math.min(index, row.alternatives.length - 1)),
      );
      return fitting.length / rows.length;
    });
    // The fullest way to write it that suits most boxes, else the one that suits the largest number.
    const most = shares.findIndex((share) => share >= MOST);
    const common = most >= 0 ? most : shares.indexOf(Math.max(...shares));
    // Numbers that find room under few boxes leave the whole line; names stay wherever they fit.
    if ((shares[common] ?? 0) < FEW && kind !== 'name') break;
    // One short name makes its like short: `01`, `02`, not `01`, `block_02`.
    const short = kind === 'name' && rows.some(({ stack, row }) => isAbridged(row) && !fits(stack, row, 0));
    for (const { stack, row } of rows) {
      const shared = Math.min(common, row.alternatives.length - 1);
      const own =
        kind !== 'name' && fits(stack, row, shared)
          ? shared
          : firstFit(row, (i) => !(i === 0 && short && isAbridged(row)) && fits(stack, row, i));
      const lines = own === undefined ? null : (row.alternatives[own] ?? []);
      // A row without room ends its stack: a less important one must not stand in for it.
      if (lines === null) {
        dropped.add(stack);
        continue;
      }
      const before = used.get(stack) ?? 0;
      lines.forEach((text, i) => placed.push(place(stack, row, text, before + (i + 1) * TEXT.line, zoom)));
      used.set(stack, before + lines.length * TEXT.line);
    }
  }
  return placed;
}

const ROW_ORDER: readonly LabelKind[] = [
  'frame',
  'count',
  'name',
  'operation',
  'shape',
  'parameters',
  'memory',
];
const MOST = 0.6;
const FEW = 0.35;
/** Least space between neighbouring texts, in screen px. */
const SPACING = 4;

/** Whether a row has a shorter form of one line (a broken name is no shorter). */
function isAbridged(row: LabelRow): boolean {
  return row.alternatives[1]?.length === 1;
}

function firstFit(row: LabelRow, fits: (index: number) => boolean): number | undefined {
  return [...row.alternatives.keys()].find(fits);
}

function fitsRoom(
  lines: readonly string[],
  row: LabelRow,
  width: number,
  height: number,
  zoom: number,
  measure: Measure,
): boolean {
  const wide = Math.max(...lines.map((line) => measure(line, row.font, sizeOf(row, zoom))));
  return wide <= width && lines.length * TEXT.line <= height;
}

function place(stack: LabelStack, row: LabelRow, text: string, used: number, zoom: number): PlacedLabel {
  return {
    id: `${stack.id}:${row.kind}:${used}`,
    owner: stack.owner,
    kind: row.kind,
    text,
    font: row.font,
    sizePx: sizeOf(row, zoom),
    anchor: stack.anchor,
    align: stack.align,
    offset: stack.grows === 'down' ? used - 2 : 10 - used,
  };
}
