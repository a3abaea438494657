import type { Block, Graph, Shape } from '../models/graph.ts';
import { append, gatherUnits } from './diagramUnits.ts';
import type { Unit } from './diagramUnits.ts';

/**
 * Scopes: the network's units arranged by blocks. An item of a scope is a unit, a folded block (equal neighbours as
 * one), or an open block with a scope of its own.
 */
export type Item =
  | { readonly kind: 'unit'; readonly id: string; readonly unit: Unit }
  | {
      readonly kind: 'folded';
      readonly id: string;
      readonly path: string;
      readonly count: number;
      readonly units: readonly Unit[];
    }
  | { readonly kind: 'open'; readonly id: string; readonly path: string; readonly scope: Scope };

export interface Scope {
  /** In topological order. */
  readonly items: readonly Item[];
  /** Which items each item reads; -1 is whatever lies outside the scope. */
  readonly inputs: readonly (readonly number[])[];
  /** Whether something outside the scope reads the item. */
  readonly leaves: readonly boolean[];
}

export interface Folding {
  readonly root: Scope;
  readonly units: readonly Unit[];
  /** The unit of every graph node. */
  readonly unitOf: ReadonlyMap<string, string>;
  /** The units that each unit reads, in the op's order. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
}

const foldings = new WeakMap<Graph, WeakMap<ReadonlySet<string>, Folding>>();

/** Arranges a graph with these blocks open and all others folded; made once for a set, which nobody may change. */
export function foldGraph(graph: Graph, unfolded: ReadonlySet<string>): Folding {
  const known = foldings.get(graph) ?? new WeakMap<ReadonlySet<string>, Folding>();
  const folding = known.get(unfolded) ?? makeFolding(graph, unfolded);
  foldings.set(graph, known.set(unfolded, folding));
  return folding;
}

function makeFolding(graph: Graph, unfolded: ReadonlySet<string>): Folding {
  const known = gathered.get(graph) ?? gather(graph);
  gathered.set(graph, known);
  const { units, unitOf, reads } = known;
  return { root: new Folder(known, unfolded).scope('', units), units, unitOf, reads };
}

/** What every folding of a graph has in common. */
interface Gathered {
  readonly units: readonly Unit[];
  readonly unitOf: ReadonlyMap<string, string>;
  readonly reads: ReadonlyMap<string, readonly string[]>;
  readonly readers: ReadonlyMap<string, readonly string[]>;
  readonly byId: ReadonlyMap<string, Unit>;
  /** The unit that the answer leaves. */
  readonly outputUnit: string;
  /** The blocks around a group that can be folded, outermost first. */
  readonly around: ReadonlyMap<string, readonly string[]>;
  readonly declared: ReadonlyMap<string, Block>;
  /** What a unit computes, and on what shape it ends. */
  readonly words: ReadonlyMap<Unit, string>;
}
const gathered = new WeakMap<Graph, Gathered>();

function gather(graph: Graph): Gathered {
  const { units, unitOf } = gatherUnits(graph);
  const reads = new Map<string, string[]>();
  const own = new Map(units.map((unit) => [unit.id, new Set(unit.nodes)]));
  const inputsOf = new Map(graph.nodes.map((node) => [node.id, node.inputs]));
  for (const unit of units) {
    const external = unit.nodes.flatMap((id) => inputsOf.get(id) ?? []);
    const from = external.filter((id) => !own.get(unit.id)?.has(id)).map((id) => unitOf.get(id) ?? id);
    reads.set(unit.id, [...new Set(from)]);
  }
  const sizes = new Map<string, number>();
  for (const unit of units)
    for (const path of prefixes(unit.group)) sizes.set(path, (sizes.get(path) ?? 0) + 1);
  // A branch is a lane, not a thing to fold; neither is a block around a single box.
  const folds = graph.blocks.filter((block) => block.kind !== 'branch' && (sizes.get(block.path) ?? 0) > 1);
  const declared = new Map(folds.map((block) => [block.path, block]));
  const around = new Map<string, readonly string[]>();
  const readers = new Map<string, string[]>();
  for (const unit of units) {
    if (!around.has(unit.group)) around.set(unit.group, blocksAround(unit.group, declared));
    for (const id of reads.get(unit.id) ?? []) append(readers, id, unit.id);
  }
  return {
    units,
    unitOf,
    reads,
    readers,
    byId: new Map(units.map((unit) => [unit.id, unit])),
    outputUnit: unitOf.get(graph.output) ?? '',
    around,
    declared,
    words: new Map(units.map((unit) => [unit, unitWords(unit)])),
  };
}

/** Names do not count, nor how often training drops what. */
function unitWords(unit: Unit): string {
  const ops = [...unit.leads, unit.head, ...unit.bands].map(({ op }) =>
    JSON.stringify(op.kind === 'dropout' ? { ...op, rate: 0 } : op),
  );
  return `${ops.join()}>${unit.tail.shape.join('x')}`;
}

/** The declared blocks around a group, outermost first. */
function blocksAround(group: string, declared: ReadonlyMap<string, Block>): string[] {
  const segments = group === '' ? [] : group.split('/');
  return segments.map((_, i) => segments.slice(0, i + 1).join('/')).filter((path) => declared.has(path));
}

class Folder {
  constructor(
    private readonly graph: Gathered,
    private readonly unfolded: ReadonlySet<string>,
  ) {}

  scope(path: string, units: readonly Unit[]): Scope {
    const depth =
      path === ''
        ? 0
        : (this.graph.around.get(path)?.length ?? blocksAround(path, this.graph.declared).length);
    const children = new Map<string, Unit[]>();
    for (const unit of units) {
      const child = this.graph.around.get(unit.group)?.[depth];
      append(children, child === undefined ? unit.id : `block:${child}`, unit);
    }
    const groups = topological([...children.values()], this.graph.reads);
    const items = this.mergeRuns(groups.map((members) => this.item(members, depth)));
    return this.link(
      items.map(({ item }) => item),
      items.map(({ units: members }) => members),
    );
  }

  private item(members: readonly Unit[], depth: number): { item: Item; units: readonly Unit[] } {
    const first = members[0];
    if (first === undefined) throw new Error('a scope has no empty items');
    const path = this.graph.around.get(first.group)?.[depth];
    if (path === undefined) return { item: { kind: 'unit', id: first.id, unit: first }, units: members };
    const item: Item = this.unfolded.has(path)
      ? { kind: 'open', id: `block:${path}`, path, scope: this.scope(path, members) }
      : { kind: 'folded', id: `block:${path}`, path, count: 1, units: members };
    return { item, units: members };
  }

  /** Folds equal neighbours into one: each reads only the one before, which nothing else reads. */
  private mergeRuns(entries: readonly { item: Item; units: readonly Unit[] }[]) {
    const merged: { item: Item; units: Unit[]; last: readonly Unit[]; signature: string }[] = [];
    for (const { item, units } of entries) {
      const previous = merged.at(-1);
      const signature = item.kind === 'folded' ? this.signature(units) : '';
      if (
        previous?.item.kind === 'folded' &&
        item.kind === 'folded' &&
        previous.signature === signature &&
        this.follows(units, previous.last)
      ) {
        // One list grows with the run: a copy for each block would make long runs slow.
        for (const unit of units) previous.units.push(unit);
        previous.item = { ...previous.item, count: previous.item.count + 1, units: previous.units };
        previous.last = units;
      } else merged.push({ item, units: [...units], last: units, signature });
    }
    return merged;
  }

  private follows(units: readonly Unit[], before: readonly Unit[]): boolean {
    const inside = new Set(units.map((unit) => unit.id));
    const earlier = new Set(before.map((unit) => unit.id));
    const readsOnlyBefore = units.every((unit) =>
      (this.graph.reads.get(unit.id) ?? []).every((id) => inside.has(id) || earlier.has(id)),
    );
    return (
      readsOnlyBefore &&
      before.every((unit) =>
        (this.graph.readers.get(unit.id) ?? []).every((id) => earlier.has(id) || inside.has(id)),
      )
    );
  }

  /** Equal for blocks that compute the same on equal shapes. */
  private signature(units: readonly Unit[]): string {
    const { reads, byId, words } = this.graph;
    const place = new Map(units.map((unit, index) => [unit.id, index]));
    const rows = units.map((unit) => {
      const from = (reads.get(unit.id) ?? []).map((id) => place.get(id) ?? shapeText(byId.get(id)));
      return `${words.get(unit) ?? ''}<${from.join()}`;
    });
    return rows.join(';');
  }

  private link(items: readonly Item[], members: readonly (readonly Unit[])[]): Scope {
    const place = new Map<string, number>();
    members.forEach((units, index) => units.forEach((unit) => place.set(unit.id, index)));
    const inputs = members.map((units, index) => {
      const from = units
        .flatMap((unit) => this.graph.reads.get(unit.id) ?? [])
        .map((id) => place.get(id) ?? -1);
      return [...new Set(from)].filter((i) => i !== index);
    });
    const leaves = members.map((units) =>
      units.some(
        (unit) =>
          unit.id === this.graph.outputUnit ||
          (this.graph.readers.get(unit.id) ?? []).some((id) => !place.has(id)),
      ),
    );
    return { items, inputs, leaves };
  }
}

function shapeText(unit: Unit | undefined): string {
  const shape: Shape = unit?.tail.shape ?? [0, 0, 0];
  return shape.join('x');
}

function prefixes(group: string): string[] {
  const segments = group === '' ? [] : group.split('/');
  return segments.map((_, i) => segments.slice(0, i + 1).join('/'));
}

/** Orders groups of units so that each comes after all it reads, by first appearance where that leaves a choice. */
function topological(
  groups: readonly (readonly Unit[])[],
  reads: ReadonlyMap<string, readonly string[]>,
): readonly (readonly Unit[])[] {
  const owner = new Map<string, number>();
  groups.forEach((group, index) => group.forEach((unit) => owner.set(unit.id, index)));
  const order: (readonly Unit[])[] = [];
  const state = new Uint8Array(groups.length);
  const visit = (index: number): void => {
    const group = groups[index];
    if (group === undefined || state[index] !== 0) return;
    state[index] = 1;
    for (const unit of group)
      for (const id of reads.get(unit.id) ?? []) {
        const from = owner.get(id);
        if (from !== undefined && from !== index) visit(from);
      }
    order.push(group);
  };
  groups.forEach((_, index) => visit(index));
  return order;
}
