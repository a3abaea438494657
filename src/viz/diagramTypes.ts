import type { Shape } from '../models/graph.ts';
import type { OpGroup } from './opStyle.ts';
import type { FontName } from './textMeasure.ts';

/** What the diagram is made of, in its own units: one unit is one CSS pixel at 100 % zoom. y grows downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** tensor: a box; vector: a tall bar; node: a small circle (+, ‖, µ); block: a folded block, `count` equal ones in a row. */
export type BoxForm = 'tensor' | 'vector' | 'node' | 'block';

/** A thing that can be selected: a tensor with the op that makes it, a sum or concat, or a folded block. */
export interface DiagramBox extends Rect {
  readonly id: string;
  readonly form: BoxForm;
  /** The front face is this rectangle; the light edge reaches `depth` to the right and up. */
  readonly depth: { readonly dx: number; readonly dy: number };
  /** Every graph node that the box stands for, in topological order. */
  readonly nodes: readonly string[];
  /** The node that clicking the box selects: the op that makes the tensor, or a block's last node. */
  readonly head: string;
  /** The node whose activation flows on: what the face shows. */
  readonly tail: string;
  readonly shape: Shape;
  readonly group: OpGroup;
  readonly sign: string;
  /** The first folded block's path, '' for anything else. */
  readonly path: string;
  readonly count: number;
  /** Everything that is drawn for the box, stacked copies and bands included: nothing else comes in here. */
  readonly room: Rect;
}

/** The thin bar of an op: the joint before its box, or a band of an in-place op on its tensor. */
export interface DiagramJoint extends Rect {
  readonly id: string;
  readonly node: string;
  readonly box: string;
  readonly group: OpGroup;
  readonly role: 'joint' | 'band' | 'content';
}

/**
 * What is said about a box beside what it is: it differs from another network's (`changed`, `only` here, or it `follows`
 * from a change before it), or it is where something lies (`here`). Each kind has an outline of its own; the text says more.
 */
export interface BoxMark {
  readonly kind: 'changed' | 'only' | 'follows' | 'here';
  /** On the box where there is room, from the fullest to the shortest. */
  readonly texts: readonly string[];
  /** For a screen reader, after the box's name; '' for nothing. */
  readonly words: string;
}

export interface DiagramEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'flow' | 'skip';
  readonly points: readonly Point[];
  /** SVG path data with rounded corners. */
  readonly path: string;
}

/** An unfolded block's outline. */
export interface DiagramFrame extends Rect {
  readonly path: string;
  readonly depth: number;
}

export type LabelKind =
  'name' | 'count' | 'operation' | 'shape' | 'parameters' | 'memory' | 'frame' | 'share';

/** One line of a label, with shorter ways to say it; the last resort is to leave it out. */
export interface LabelRow {
  readonly kind: LabelKind;
  readonly font: FontName;
  /** From the fullest to the shortest; each is one or more lines. */
  readonly alternatives: readonly (readonly string[])[];
}

/** Rows under (or above) a box, most important first, and the room that they may fill. */
export interface LabelStack {
  readonly id: string;
  readonly owner: string;
  /** Stacks under one line of boxes have the same lane and are shown alike; those with one room share it, side by side. */
  readonly lane?: number;
  /** Half the width of what the stack names, in diagram units: as long as text stays there, its place is plain. */
  readonly reach?: number;
  /** Where the first line starts: the middle (or start) of its edge nearest to the box. */
  readonly anchor: Point;
  readonly align: 'middle' | 'start';
  readonly grows: 'down' | 'up';
  /** Room in diagram units; text has a fixed size on screen, so that it grows with the zoom. */
  readonly room: Rect;
  readonly rows: readonly LabelRow[];
}

/** A line of text to draw: `anchor` in diagram units, `offset` (of the baseline) in screen pixels from there. */
export interface PlacedLabel {
  readonly id: string;
  readonly owner: string;
  readonly kind: LabelKind;
  readonly text: string;
  readonly font: FontName;
  readonly sizePx: number;
  readonly anchor: Point;
  readonly align: 'middle' | 'start';
  /** Sideways, in screen pixels: where a wide neighbour needs the room. */
  readonly shift: number;
  readonly offset: number;
}

export interface DiagramGeometry {
  readonly boxes: readonly DiagramBox[];
  readonly joints: readonly DiagramJoint[];
  readonly edges: readonly DiagramEdge[];
  readonly frames: readonly DiagramFrame[];
  readonly labels: readonly LabelStack[];
  /** All that is drawn but the labels under the main line, which keep their size on screen. */
  readonly bounds: Rect;
  /** Where the answer is written, to the right of the output. */
  readonly answer: Point;
  /** The box that stands for each graph node. */
  readonly boxOf: ReadonlyMap<string, string>;
  /** The op groups that occur, in the legend's order. */
  readonly groups: readonly OpGroup[];
}
