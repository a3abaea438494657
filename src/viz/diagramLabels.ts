import { SIZE } from './diagramSizes.ts';
import { leavesOf } from './diagramTree.ts';
import type { Leaf, Seq } from './diagramTree.ts';
import type { DiagramBox, DiagramFrame, LabelRow, LabelStack, PlacedLabel, Rect } from './diagramTypes.ts';
import { formatBytes, formatShape, formatSi } from './numbers.ts';
import { opFigures } from './opStyle.ts';
import type { FontName, Measure } from './textMeasure.ts';

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
  const middle = box.x + box.width / 2;
  // Centred on the face as far as the room allows: text may use the room on its narrower side twice.
  const half = Math.min(middle - left, right - middle);
  const below = baseline(seq) + 2;
  const open = seq === root && seq.hangs.length === 0;
  const under: LabelStack = {
    id: `under:${box.id}`,
    owner: box.id,
    anchor: { x: middle, y: below },
    align: 'middle',
    grows: 'down',
    room: {
      x: middle - half,
      y: below,
      width: 2 * half,
      height: open ? OPEN_ROOM : seq.y + laneDown(leaf) - below,
    },
    rows: rowsBelow(leaf, box, figuresOf),
  };
  const above = rowsAbove(leaf);
  if (box.form === 'node') return [];
  if (above.length === 0) return [under];
  const bottom = room.y - 1;
  const top = seq === root && !passedByTrack(leaf) ? bottom - OPEN_ROOM : bottom - SIZE.labelsAbove + 2;
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

/** Half the gap to the neighbour, less where a line turns in it. */
function sideRoom(leaf: Leaf, direction: 1 | -1): number {
  const neighbour = leaf.seq.elements[leaf.index + direction];
  if (neighbour === undefined) return direction === 1 && leaf.seq.owner === null ? 24 : 4;
  const turns = leaf.seq.tracks.has(direction === 1 ? leaf.index : leaf.index - 1);
  if (neighbour.kind !== 'leaf' || turns) return 4;
  const gap = direction === 1 ? neighbour.x - leaf.x - leaf.width : leaf.x - neighbour.x - neighbour.width;
  return gap / 2 - 1.5;
}

function passedByTrack(leaf: Leaf): boolean {
  return [...leaf.seq.tracks.values()].some((track) => track.from < leaf.index && leaf.index < track.to);
}

function laneDown(leaf: Leaf): number {
  return leaf.seq.elements.reduce(
    (down, element) => (element.kind === 'leaf' ? Math.max(down, element.down) : down),
    0,
  );
}

/** The labels of a lane share one line, under its tallest box, so that they read like a table. */
function baseline(seq: Seq): number {
  let down = 0;
  for (const element of seq.elements)
    if (element.kind === 'leaf' && element.down > SIZE.labelsBelow)
      down = Math.max(down, element.down - SIZE.labelsBelow);
  return seq.y + down;
}

function rowsBelow(leaf: Leaf, box: DiagramBox, figuresOf: FiguresOf): LabelRow[] {
  const [height, width, channels] = box.shape;
  const { parameters, bytes } = figuresOf(box.nodes);
  const shape = formatShape(box.shape);
  const vector = height === 1 && width === 1;
  const rows: LabelRow[] = [
    { kind: 'name', font: 'sans-bold', alternatives: nameAlternatives(leaf).map((text) => [text]) },
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

/** `inception_4a` may be shortened to `4a`; `conv4_x/3` inside its frame is `3`. */
export function nameAlternatives(leaf: Leaf): string[] {
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

function shorter(name: string): string[] {
  const tail = /[_-](\d\S*)$/.exec(name)?.[1];
  return tail === undefined ? [name] : [name, tail];
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
          [lastSegment(frame.path)],
          ...shorter(lastSegment(frame.path))
            .slice(1)
            .map((t) => [t]),
        ],
      },
    ],
  };
}

const sizeOf = (row: LabelRow): number =>
  row.kind === 'name' || row.kind === 'count' ? TEXT.name : TEXT.figure;

/**
 * The labels that fit at a zoom: text keeps its size on screen, so what finds no room is left out, least important first,
 * and comes back when one zooms in.
 */
export function visibleLabels(stacks: readonly LabelStack[], zoom: number, measure: Measure): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const stack of stacks) {
    const width = stack.room.width * zoom;
    let left = stack.room.height * zoom;
    let used = 0;
    for (const row of stack.rows) {
      const lines = fitting(row, width, left, measure);
      // A row without room ends the stack: a less important one must not stand in for it.
      if (lines === null) break;
      for (const text of lines) {
        used += TEXT.line;
        left -= TEXT.line;
        placed.push({
          id: `${stack.id}:${row.kind}:${used}`,
          owner: stack.owner,
          kind: row.kind,
          text,
          font: row.font,
          sizePx: sizeOf(row),
          anchor: stack.anchor,
          align: stack.align,
          offset: stack.grows === 'down' ? used - 2 : 10 - used,
        });
      }
    }
  }
  return placed;
}

function fitting(row: LabelRow, width: number, height: number, measure: Measure): readonly string[] | null {
  const size = sizeOf(row);
  for (const lines of row.alternatives) {
    const wide = Math.max(...lines.map((line) => measure(line, row.font as FontName, size)));
    if (wide <= width && lines.length * TEXT.line <= height) return lines;
  }
  return null;
}
