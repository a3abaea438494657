import { joinSign } from './opStyle.ts';
import type { Item, Scope } from './diagramScope.ts';

/**
 * The layout tree: a scope's graph taken apart into sequences and parallel lanes. Items that every path passes are
 * the beads of a sequence; what lies between two beads falls into components, each a lane with a sequence of its own.
 * A component that cannot be taken apart is laid out in a row, and its edges that jump run on tracks above: an arch for a
 * residual shortcut, a staircase of tracks for a dense block.
 */
export interface Seq {
  readonly elements: Element[];
  /** Components that never reach the output (auxiliary classifiers), each below the element that it leaves. */
  readonly hangs: Hang[];
  /** Tracks above the row, by the element that they leave; filled in by the router. */
  readonly tracks: Map<number, Track>;
  owner: Owner | null;
  // Results of measuring and placing, in diagram units; x and y are those of the line's beginning.
  width: number;
  up: number;
  down: number;
  x: number;
  y: number;
  /** Where labels start below the line: one height for a line and the frames on it, so that they read like a table. */
  base: number;
}
export type Owner = Parallel | Frame | Hang;

interface Placed {
  seq: Seq;
  index: number;
  width: number;
  up: number;
  down: number;
  /** Left edge. */
  x: number;
}
export interface Leaf extends Placed {
  readonly kind: 'leaf';
  readonly item: Exclude<Item, { kind: 'open' }>;
}
export interface Parallel extends Placed {
  readonly kind: 'parallel';
  readonly branches: readonly Seq[];
  /** The lane that stays on the line while the others arch above it; null: all spread around the line. */
  readonly trunk: Seq | null;
  /** Where a lane's last box goes: beside the concat, or centred. */
  readonly justify: 'end' | 'centre';
}
export interface Frame extends Placed {
  readonly kind: 'frame';
  readonly path: string;
  readonly content: Seq;
}
export type Element = Leaf | Parallel | Frame;
export interface Hang {
  readonly kind: 'hang';
  seq: Seq;
  readonly index: number;
  readonly content: Seq;
}
export interface Track {
  readonly from: number;
  to: number;
  y: number;
}

function emptySeq(): Seq {
  return {
    elements: [],
    hangs: [],
    tracks: new Map(),
    owner: null,
    width: 0,
    up: 0,
    down: 0,
    x: 0,
    y: 0,
    base: 0,
  };
}

/** Takes a scope apart; open blocks become frames around trees of their own. */
export function buildTree(scope: Scope): Seq {
  return new Decomposer(scope).root();
}

class Decomposer {
  private readonly readers: number[][];
  private readonly seqOf = new Map<number, { seq: Seq; index: number }>();
  private dangling: ReadonlySet<number> = new Set();

  constructor(private readonly scope: Scope) {
    this.readers = scope.items.map(() => []);
    scope.inputs.forEach((from, index) =>
      from.forEach((i) => {
        if (i >= 0) this.readers[i]?.push(index);
      }),
    );
  }

  root(): Seq {
    const main = this.reachingOutput();
    const all = this.scope.items.map((_, index) => index);
    const rest = main.size === 0 ? [] : all.filter((index) => !main.has(index));
    this.dangling = new Set(rest);
    const seq = this.sequence(main.size === 0 ? all : all.filter((index) => main.has(index)));
    for (const component of this.components(rest)) this.hang(component, seq);
    return seq;
  }

  private reachingOutput(): ReadonlySet<number> {
    const reaching = new Set<number>();
    for (let i = this.scope.items.length - 1; i >= 0; i--)
      if (this.scope.leaves[i] === true || (this.readers[i] ?? []).some((j) => reaching.has(j)))
        reaching.add(i);
    return reaching;
  }

  private hang(component: readonly number[], root: Seq): void {
    const source = component.flatMap((i) => this.scope.inputs[i] ?? []).find((i) => !component.includes(i));
    const at = source === undefined ? undefined : this.seqOf.get(source);
    const seq = at?.seq ?? root;
    const content = this.sequence(component);
    const hang: Hang = { kind: 'hang', seq, index: at?.index ?? -1, content };
    content.owner = hang;
    seq.hangs.push(hang);
  }

  /** Lays items (in topological order) in a sequence; `whole` says that nothing could be taken apart before. */
  private sequence(items: readonly number[]): Seq {
    const seq = emptySeq();
    this.fill(seq, items);
    seq.elements.forEach((element, index) => {
      element.seq = seq;
      element.index = index;
      if (element.kind === 'leaf') this.seqOf.set(this.indexOf(element.item), { seq, index });
      if (element.kind === 'frame') {
        const inner = this.scope.items.findIndex((item) => item.id === `block:${element.path}`);
        this.seqOf.set(inner, { seq, index });
      }
    });
    return seq;
  }

  private indexOf(item: Item): number {
    return this.scope.items.indexOf(item);
  }

  private fill(seq: Seq, items: readonly number[]): void {
    const jumped = this.jumpedOver(items);
    let region: number[] = [];
    const close = (next: number | null): void => {
      if (region.length > 0) this.region(seq, region, items.length, next);
      region = [];
    };
    items.forEach((item, place) => {
      if ((jumped[place] ?? 0) > 0) region.push(item);
      else {
        close(item);
        this.bead(seq, item);
      }
    });
    close(null);
  }

  /** For each place in the row, how many edges pass over it; 0 is a bead that every path meets. */
  private jumpedOver(items: readonly number[]): number[] {
    const place = new Map(items.map((item, index) => [item, index]));
    const change = new Array<number>(items.length + 1).fill(0);
    const pass = (from: number, to: number): void => {
      if (to - from < 2) return;
      change[from + 1] = (change[from + 1] ?? 0) + 1;
      change[to] = (change[to] ?? 0) - 1;
    };
    items.forEach((item, to) => {
      const inputs = this.scope.inputs[item] ?? [];
      const places = new Set(inputs.map((i) => place.get(i) ?? -1));
      places.forEach((from) => pass(from, to));
      const outside =
        this.scope.leaves[item] === true ||
        (this.readers[item] ?? []).some((j) => !place.has(j) && !this.dangling.has(j));
      if (outside) pass(to, items.length);
    });
    let sum = 0;
    return items.map((_, index) => (sum += change[index] ?? 0));
  }

  private region(seq: Seq, region: readonly number[], whole: number, next: number | null): void {
    const components = this.components(region);
    const only = components[0];
    if (components.length === 1 && only !== undefined) {
      if (only.length === whole) only.forEach((item) => this.bead(seq, item));
      else this.fill(seq, only);
      return;
    }
    const joint = next === null ? undefined : this.scope.items[next];
    const sign = joint?.kind === 'unit' ? joinSign(joint.unit.head.op) : '';
    const branches = components.map((component) => this.sequence(component));
    const sizes = components.map((component) => component.length);
    const longest = branches[sizes.indexOf(Math.max(...sizes))] ?? null;
    const element: Parallel = {
      kind: 'parallel',
      branches,
      trunk: sign === '+' ? longest : null,
      justify: sign === '‖' ? 'end' : 'centre',
      ...unplaced(seq),
    };
    for (const branch of branches) branch.owner = element;
    seq.elements.push(element);
  }

  private bead(seq: Seq, index: number): void {
    const item = this.scope.items[index];
    if (item === undefined) return;
    if (item.kind !== 'open') {
      seq.elements.push({ kind: 'leaf', item, ...unplaced(seq) });
      return;
    }
    const content = buildTree(item.scope);
    const frame: Frame = { kind: 'frame', path: item.path, content, ...unplaced(seq) };
    content.owner = frame;
    seq.elements.push(frame);
  }

  private components(items: readonly number[]): number[][] {
    const left = new Set(items);
    const components: number[][] = [];
    for (const start of items) {
      if (!left.has(start)) continue;
      const component: number[] = [];
      const stack = [start];
      left.delete(start);
      for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
        component.push(item);
        for (const near of [...(this.scope.inputs[item] ?? []), ...(this.readers[item] ?? [])])
          if (left.delete(near)) stack.push(near);
      }
      components.push(component.sort((a, b) => a - b));
    }
    return components;
  }
}

function unplaced(seq: Seq): Placed {
  return { seq, index: -1, width: 0, up: 0, down: 0, x: 0 };
}

/** Every leaf of a tree, in reading order. */
export function leavesOf(seq: Seq): Leaf[] {
  const inside = seq.elements.flatMap((element): Leaf[] => {
    if (element.kind === 'leaf') return [element];
    return element.kind === 'frame' ? leavesOf(element.content) : element.branches.flatMap(leavesOf);
  });
  return [...inside, ...seq.hangs.flatMap((hang) => leavesOf(hang.content))];
}
