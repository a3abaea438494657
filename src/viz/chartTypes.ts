import type { OpGroup } from './opStyle.ts';
import type { FontName } from './textMeasure.ts';

/** Colours of a chart by what they are for; a theme gives the values. */
export type Ink = 'paper' | 'ink' | 'soft' | 'faint' | 'line' | 'strong' | 'accent' | OpGroup;

export interface LineMark {
  readonly kind: 'line';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly ink: Ink;
  readonly width?: number;
  readonly dash?: string;
}

export interface ShapeMark {
  readonly kind: 'shape';
  /** SVG path data. */
  readonly path: string;
  readonly fill: Ink | null;
  readonly opacity?: number;
  readonly stroke: Ink | null;
  readonly width?: number;
  /** A pattern over the fill, for readers without colour. */
  readonly pattern?: OpGroup;
}

export interface TextMark {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly font: FontName;
  readonly ink: Ink;
  readonly anchor: 'start' | 'middle' | 'end';
  /** Degrees, about its own anchor. */
  readonly turn?: number;
  /** A rim in the paper's colour keeps it readable over marks. */
  readonly halo?: boolean;
}

export type Mark = LineMark | ShapeMark | TextMark;

/** What can be pointed at: its outline, and where a card about it belongs. */
export interface Target {
  readonly id: string;
  readonly path: string;
  readonly x: number;
  readonly y: number;
}

/** A whole chart: title, axes, legend and source are marks of it, so that a saved picture is complete. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly marks: readonly Mark[];
  readonly targets: readonly Target[];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
