import type { Graph, Node, Op } from './graph.ts';
import { inputShapes } from './lookup.ts';
import { elements } from './shape.ts';

type FieldsOf<T> = T extends Op ? keyof T : never;
/**
 * A hyper-parameter of an op (`kind` where the op itself is another), how many inputs it joins, and what follows from its
 * place: the number of values that its weights read (channels of a convolution, all values of a dense layer) and its shape.
 */
export type AspectKey = FieldsOf<Op> | 'inputs' | 'reads' | 'shape';
export type AspectValue = string | number | boolean | readonly number[];

/** Something that is not the same in two nodes; null where only one of them has it. */
export interface Aspect {
  readonly key: AspectKey;
  readonly before: AspectValue | null;
  readonly after: AspectValue | null;
}

/** Whether an aspect follows from the layers before: it changes with them, without a decision about this layer. */
export function followsOnly({ key }: Aspect): boolean {
  return key === 'reads' || key === 'shape';
}

type Placed = readonly [graph: Graph, node: Node];

/** All in which two nodes differ; nothing for equal ones. */
export function aspectsOf(first: Placed, second: Placed): readonly Aspect[] {
  const [before, after] = [fields(first), fields(second)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key): Aspect[] => {
    const [a, b] = [before.get(key) ?? null, after.get(key) ?? null];
    return same(a, b) ? [] : [{ key, before: a, after: b }];
  });
}

function fields([graph, node]: Placed): ReadonlyMap<AspectKey, AspectValue> {
  const { op } = node;
  const found = new Map<AspectKey, AspectValue>();
  for (const [key, value] of Object.entries(op) as [AspectKey, AspectValue | Table | undefined][]) {
    if (value === undefined) continue;
    found.set(key, isTable(value) ? JSON.stringify(value) : value);
  }
  const [read] = inputShapes(graph, node);
  if (op.kind === 'add' || op.kind === 'mean' || op.kind === 'concat')
    found.set('inputs', node.inputs.length);
  if (op.kind === 'conv' && read) found.set('reads', read[2]);
  if ((op.kind === 'dense' || op.kind === 'rbf') && read) found.set('reads', elements(read));
  found.set('shape', node.shape);
  return found;
}

type Table = readonly (readonly number[])[];

function isTable(value: AspectValue | Table): value is Table {
  return Array.isArray(value) && Array.isArray(value[0]);
}

function same(a: AspectValue | null, b: AspectValue | null): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
