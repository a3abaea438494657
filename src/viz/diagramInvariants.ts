import type { Graph } from '../models/graph.ts';
import { visibleLabels } from './diagramLabelFit.ts';
import type { DiagramEdge, DiagramGeometry, PlacedLabel, Point, Rect } from './diagramTypes.ts';
import type { Measure } from './textMeasure.ts';

/**
 * What must hold of every diagram, as a list of sentences about what does not: boxes apart, lines ending on their boxes
 * and passing no others, every node and every connection drawn, frames around what is in them.
 */
export function geometryFaults(graph: Graph, geometry: DiagramGeometry): string[] {
  const faults: string[] = [];
  const boxes = new Map(geometry.boxes.map((box) => [box.id, box]));
  overlaps(geometry.boxes, (box) => box.room).forEach(([a, b]) => faults.push(`${a.id} overlaps ${b.id}`));
  for (const joint of geometry.joints) {
    const room = boxes.get(joint.box)?.room;
    if (room === undefined || !contains(room, joint, 0.5)) faults.push(`${joint.id} leaves its box's room`);
  }
  for (const edge of geometry.edges) {
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    const [first, last] = [edge.points[0], edge.points.at(-1)];
    if (!from || !to || !first || !last) {
      faults.push(`${edge.id} has an end that is not drawn`);
      continue;
    }
    if (!touches(from.room, first)) faults.push(`${edge.id} does not start on its box`);
    if (!touches(to.room, last)) faults.push(`${edge.id} does not end on its box`);
    const passed = geometry.boxes.find(
      (box) =>
        box !== from && box !== to && edge.points.some((p, i) => crosses(edge.points[i - 1], p, box.room)),
    );
    if (passed !== undefined) faults.push(`${edge.id} runs through ${passed.id}`);
    const bent = edge.points.some((p, i) => {
      const before = edge.points[i - 1];
      return before !== undefined && Math.abs(before.x - p.x) > 0.02 && Math.abs(before.y - p.y) > 0.02;
    });
    if (bent) faults.push(`${edge.id} has a slanted part`);
  }
  faults.push(...missing(graph, geometry), ...frameFaults(geometry));
  return faults;
}

function missing(graph: Graph, geometry: DiagramGeometry): string[] {
  const drawn = new Set(geometry.edges.map((edge) => edge.id));
  return graph.nodes.flatMap((node) => {
    const box = geometry.boxOf.get(node.id);
    if (box === undefined) return [`${node.id} is in no box`];
    return node.inputs
      .map((input) => geometry.boxOf.get(input))
      .filter((from) => from !== box && !drawn.has(`${from}>${box}`))
      .map((from) => `no line from ${from} to ${box}`);
  });
}

function frameFaults({ frames, boxes, bounds }: DiagramGeometry): string[] {
  const faults: string[] = [];
  for (const frame of frames)
    for (const box of boxes) {
      const inside = box.head.startsWith(`${frame.path}/`) && box.path !== frame.path;
      if (inside && !contains(frame, box.room, 0.5)) faults.push(`${box.id} sticks out of ${frame.path}`);
      if (!inside && intersects(frame, box.room)) faults.push(`${box.id} lies in ${frame.path}`);
    }
  for (const box of boxes)
    if (!contains(bounds, box.room, 0.5)) faults.push(`${box.id} sticks out of the bounds`);
  return faults;
}

/** What is wrong with the text at a zoom: too small, out of its room, over other text, a box or an upright line. */
export function labelFaults(geometry: DiagramGeometry, zoom: number, measure: Measure): string[] {
  const labels = visibleLabels(geometry.labels, zoom, measure);
  const rooms = new Map(geometry.labels.map((stack) => [stack.id, stack.room]));
  const faults: string[] = [];
  const rects = labels.map((label) => ({ label, rect: textRect(label, zoom, measure) }));
  const solids = finder(geometry.boxes.map((box) => ({ id: box.id, rect: scaled(box, zoom) })));
  const lines = finder(geometry.edges.flatMap((edge) => uprights(edge, zoom)));
  for (const { label, rect } of rects) {
    if (label.sizePx < 11) faults.push(`${label.id} is ${label.sizePx} px`);
    const stack = label.id.slice(0, label.id.lastIndexOf(`:${label.kind}:`));
    const room = rooms.get(stack);
    if (room === undefined || !contains(scaled(room, zoom), rect, 1.5))
      faults.push(`${label.id} leaves its room`);
    for (const id of solids(rect)) faults.push(`${label.id} lies on ${id}`);
    for (const id of lines(rect)) faults.push(`${label.id} is struck through by ${id}`);
  }
  overlaps(rects, ({ rect }) => rect).forEach(([a, b]) =>
    faults.push(`${a.label.id} overlaps ${b.label.id}`),
  );
  return faults;
}

interface Named {
  readonly id: string;
  readonly rect: Rect;
}

/** The upright parts of a line, as thin as lines are. */
function uprights({ id, points }: DiagramEdge, zoom: number): Named[] {
  return points.flatMap((point, i) => {
    const before = points[i - 1];
    if (before === undefined || Math.abs(before.x - point.x) > 0.02) return [];
    const y = Math.min(before.y, point.y);
    return [{ id, rect: scaled({ x: point.x, y, width: 0.05, height: Math.abs(point.y - before.y) }, zoom) }];
  });
}

/** Finds what a rectangle lies on, without looking at all of it. */
function finder(things: readonly Named[]): (rect: Rect) => string[] {
  const sorted = things.toSorted((a, b) => a.rect.x - b.rect.x);
  const widest = Math.max(0, ...things.map(({ rect }) => rect.width));
  return (rect) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.rect.x ?? 0) < rect.x - widest) low = middle + 1;
      else high = middle;
    }
    const found: string[] = [];
    for (let i = low; i < sorted.length; i++) {
      const thing = sorted[i];
      if (thing === undefined || thing.rect.x > rect.x + rect.width) break;
      if (intersects(thing.rect, rect)) found.push(thing.id);
    }
    return found;
  };
}

function textRect(label: PlacedLabel, zoom: number, measure: Measure): Rect {
  const width = measure(label.text, label.font, label.sizePx);
  const x = label.anchor.x * zoom + label.shift - (label.align === 'middle' ? width / 2 : 0);
  // Capital height above the baseline, descender below it.
  const height = label.sizePx * 0.95;
  return { x, y: label.anchor.y * zoom + label.offset - label.sizePx * 0.72, width, height };
}

function scaled({ x, y, width, height }: Rect, zoom: number): Rect {
  return { x: x * zoom, y: y * zoom, width: width * zoom, height: height * zoom };
}

function intersects(a: Rect, b: Rect): boolean {
  const slack = 0.01;
  return (
    a.x < b.x + b.width - slack &&
    b.x < a.x + a.width - slack &&
    a.y < b.y + b.height - slack &&
    b.y < a.y + a.height - slack
  );
}

function contains(outer: Rect, inner: Rect, slack: number): boolean {
  return (
    inner.x >= outer.x - slack &&
    inner.y >= outer.y - slack &&
    inner.x + inner.width <= outer.x + outer.width + slack &&
    inner.y + inner.height <= outer.y + outer.height + slack
  );
}

function touches(rect: Rect, { x, y }: Point): boolean {
  return contains(rect, { x, y, width: 0, height: 0 }, 2.5);
}

/** Whether a straight part passes through a rectangle (upright and level parts only). */
function crosses(a: Point | undefined, b: Point, rect: Rect): boolean {
  if (a === undefined) return false;
  const part = {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.max(0.05, Math.abs(a.x - b.x)),
    height: Math.max(0.05, Math.abs(a.y - b.y)),
  };
  return intersects(part, rect);
}

/** Every overlapping pair, by a sweep from left to right. */
function overlaps<T>(things: readonly T[], rectOf: (thing: T) => Rect): (readonly [T, T])[] {
  const sorted = [...things].sort((a, b) => rectOf(a).x - rectOf(b).x);
  const pairs: (readonly [T, T])[] = [];
  let open: T[] = [];
  for (const thing of sorted) {
    const { x } = rectOf(thing);
    open = open.filter((other) => rectOf(other).x + rectOf(other).width > x);
    for (const other of open) if (intersects(rectOf(other), rectOf(thing))) pairs.push([other, thing]);
    open.push(thing);
  }
  return pairs;
}
