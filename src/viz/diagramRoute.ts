import { isJoin, SIZE } from './diagramSizes.ts';
import type { Leaf, Parallel, Seq } from './diagramTree.ts';
import type { DiagramBox, DiagramEdge, DiagramJoint, Point } from './diagramTypes.ts';

/** A place in the tree: a sequence and the element in it (or under it, for what hangs below). */
interface Step {
  readonly seq: Seq;
  readonly index: number;
  readonly hanging: boolean;
}

/** One edge between two leaves: where their ways up the tree meet. */
interface Way {
  readonly from: Leaf;
  readonly to: Leaf;
  /** From the leaf's own sequence up to (not including) the common one. */
  readonly out: readonly Step[];
  readonly into: readonly Step[];
  readonly start: Step;
  readonly end: Step;
}

function stepsUp(leaf: Leaf): Step[] {
  const steps: Step[] = [{ seq: leaf.seq, index: leaf.index, hanging: false }];
  for (let owner = leaf.seq.owner; owner !== null; owner = owner.seq.owner)
    steps.push({ seq: owner.seq, index: owner.index, hanging: owner.kind === 'hang' });
  return steps;
}

/** Finds each edge's way through the tree and asks the sequences on it for the tracks that it needs. */
export function planWays(pairs: readonly (readonly [Leaf, Leaf])[]): Way[] {
  return pairs.map(([from, to]) => {
    const up = stepsUp(from);
    const down = stepsUp(to);
    const seqs = new Set(up.map((step) => step.seq));
    const meet = down.findIndex((step) => seqs.has(step.seq));
    const end = down[meet];
    const start = up.find((step) => step.seq === end?.seq);
    if (end === undefined || start === undefined)
      throw new Error(`no way from ${from.item.id} to ${to.item.id}`);
    const way: Way = { from, to, out: up.slice(0, up.indexOf(start)), into: down.slice(0, meet), start, end };
    for (const { seq, index } of way.out)
      if (index < seq.elements.length - 1) askTrack(seq, index, seq.elements.length);
    for (const { seq, index, hanging } of way.into) if (index > 0 && !hanging) askTrack(seq, -1, index);
    if (!end.hanging && end.index > start.index + 1) askTrack(end.seq, start.index, end.index);
    return way;
  });
}

/** One track serves everything that leaves an element: lines of one tensor share it as far as they go together. */
function askTrack(seq: Seq, from: number, to: number): void {
  const track = seq.tracks.get(from);
  if (track === undefined) seq.tracks.set(from, { from, to, y: 0 });
  else track.to = Math.max(track.to, to);
}

/** The drawn line of each way, from the source's box to the target's. */
export function drawWays(
  ways: readonly Way[],
  boxes: ReadonlyMap<string, DiagramBox>,
  joints: ReadonlyMap<string, readonly DiagramJoint[]>,
): DiagramEdge[] {
  return ways.map((way) => {
    const from = boxes.get(way.from.item.id) as DiagramBox;
    const to = boxes.get(way.to.item.id) as DiagramBox;
    const points = simplify(trace(way, exitX(from, joints), entryX(to, joints), to));
    const skips =
      (way.end.index > way.start.index + 1 && !way.end.hanging) ||
      way.out.some(({ seq, index }) => index < seq.elements.length - 1) ||
      way.into.some(({ index, hanging }) => index > 0 && !hanging);
    return {
      id: `${from.id}>${to.id}`,
      from: from.id,
      to: to.id,
      kind: skips ? 'skip' : 'flow',
      points,
      path: roundedPath(points, 7),
    };
  });
}

function exitX(box: DiagramBox, joints: ReadonlyMap<string, readonly DiagramJoint[]>): number {
  const right = box.form === 'node' ? box.x + box.width : box.room.x + box.room.width - 2;
  return Math.max(right, ...(joints.get(box.id) ?? []).map((joint) => joint.x + joint.width));
}

function entryX(box: DiagramBox, joints: ReadonlyMap<string, readonly DiagramJoint[]>): number {
  return Math.min(box.x, ...(joints.get(box.id) ?? []).map((joint) => joint.x));
}

function trace(way: Way, startX: number, endX: number, target: DiagramBox): Point[] {
  const points: Point[] = [{ x: startX, y: way.from.seq.y }];
  const centre = target.x + target.width / 2;
  const landsOnTop = isJoin(way.to);
  const top = { x: centre, y: target.y };

  for (const { seq, index } of way.out) {
    if (index < seq.elements.length - 1) {
      const track = trackY(seq, index);
      const fork = forkX(seq, index);
      const turn = seq.x + seq.width - SIZE.lead / 2;
      points.push({ x: fork, y: seq.y }, { x: fork, y: track }, { x: turn, y: track }, { x: turn, y: seq.y });
    }
    const owner = seq.owner;
    if (owner?.kind !== 'parallel') continue;
    const arches = owner.trunk !== null && owner.trunk !== seq;
    if (arches && landsOnTop && way.end.seq === owner.seq && way.end.seq === way.to.seq) {
      points.push({ x: centre, y: seq.y }, top);
      return points;
    }
    const merge = owner.x + owner.width - SIZE.lead / 2;
    points.push({ x: merge, y: seq.y }, { x: merge, y: owner.seq.y });
  }

  const { seq } = way.end;
  const next = seq.elements[way.end.index];
  if (!way.end.hanging && way.end.index > way.start.index + 1) {
    const track = trackY(seq, way.start.index);
    const fork = forkX(seq, way.start.index);
    points.push({ x: fork, y: seq.y }, { x: fork, y: track });
    if (next === way.to && landsOnTop) return [...points, { x: centre, y: track }, top];
    const drop = (next?.x ?? endX) - SIZE.trackGap;
    points.push({ x: drop, y: track }, { x: drop, y: seq.y });
  } else if (way.end.hanging) {
    const inner = way.into.at(-1)?.seq ?? way.to.seq;
    const fork = forkX(seq, way.start.index);
    points.push({ x: fork, y: seq.y }, { x: fork, y: inner.y });
  }

  for (const step of [...way.into].reverse()) {
    const owner = step.seq.owner;
    if (owner?.kind === 'parallel') enterLane(points, owner, step.seq);
    if (step.index > 0 && !step.hanging) {
      const track = trackY(step.seq, -1);
      const fork = step.seq.x + SIZE.lead / 2;
      points.push({ x: fork, y: step.seq.y }, { x: fork, y: track });
      const element = step.seq.elements[step.index];
      if (element === way.to && landsOnTop) return [...points, { x: centre, y: track }, top];
      const drop = (element?.x ?? endX) - SIZE.trackGap;
      points.push({ x: drop, y: track }, { x: drop, y: step.seq.y });
    }
  }
  points.push({ x: endX, y: way.to.seq.y });
  return points;
}

function enterLane(points: Point[], owner: Parallel, lane: Seq): void {
  const fork = owner.x + SIZE.lead / 2;
  points.push({ x: fork, y: owner.seq.y }, { x: fork, y: lane.y });
}

function trackY(seq: Seq, from: number): number {
  const track = seq.tracks.get(from);
  if (track === undefined) throw new Error(`no track leaves element ${from}`);
  return track.y;
}

function forkX(seq: Seq, index: number): number {
  const element = seq.elements[index];
  return element === undefined ? seq.x + SIZE.lead / 2 : element.x + element.width + SIZE.trackGap;
}

/** Leaves out points that repeat or lie on a straight line between their neighbours. */
function simplify(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    const before = kept.at(-2);
    if (last && Math.abs(last.x - point.x) < 0.01 && Math.abs(last.y - point.y) < 0.01) continue;
    const straight =
      last &&
      before &&
      ((last.x === before.x && last.x === point.x) || (last.y === before.y && last.y === point.y));
    if (straight) kept.pop();
    kept.push(point);
  }
  return kept;
}

/** SVG path data through the points, corners rounded by at most `radius`. */
export function roundedPath(points: readonly Point[], radius: number): string {
  const first = points[0];
  if (first === undefined) return '';
  let path = `M${round(first.x)} ${round(first.y)}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [a, b, c] = [points[i - 1], points[i], points[i + 1]];
    if (!a || !b || !c) continue;
    const before = Math.hypot(b.x - a.x, b.y - a.y);
    const after = Math.hypot(c.x - b.x, c.y - b.y);
    const r = Math.min(radius, before / 2, after / 2);
    const from = { x: b.x - ((b.x - a.x) / before) * r, y: b.y - ((b.y - a.y) / before) * r };
    const to = { x: b.x + ((c.x - b.x) / after) * r, y: b.y + ((c.y - b.y) / after) * r };
    path += `L${round(from.x)} ${round(from.y)}Q${round(b.x)} ${round(b.y)} ${round(to.x)} ${round(to.y)}`;
  }
  const last = points.at(-1) ?? first;
  return `${path}L${round(last.x)} ${round(last.y)}`;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
