import type { Graph, Node } from '../models/graph.ts';
import { isInPlace } from './opStyle.ts';

/**
 * Units: the graph's nodes gathered into what is drawn as one box. An in-place op (ReLU, normalisation, dropout,
 * softmax) is a band on the tensor that it works on, or, where that tensor is also used raw (pre-activation blocks),
 * a band before the op that reads it.
 */
export interface Unit {
  readonly id: string;
  /** In-place ops before the head, the op that makes the tensor, in-place ops after it. */
  readonly leads: readonly Node[];
  readonly head: Node;
  readonly bands: readonly Node[];
  readonly nodes: readonly string[];
  /** The node whose activation leaves the unit. */
  readonly tail: Node;
  readonly group: string;
  readonly inputChannels: number;
}

interface Units {
  readonly units: readonly Unit[];
  readonly unitOf: ReadonlyMap<string, string>;
}
const gathered = new WeakMap<Graph, Units>();

/** The units of a graph in topological order, and the unit of every node. */
export function gatherUnits(graph: Graph): Units {
  const known = gathered.get(graph) ?? gather(graph);
  gathered.set(graph, known);
  return known;
}

function gather(graph: Graph): Units {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const readers = readersOf(graph);
  const host = new Map<string, string>();
  const leading = new Set<string>();
  const isDrawnIn = (node: Node): Node | null => {
    if (!isInPlace(node.op)) return null;
    const source = byId.get(node.inputs[0] ?? '');
    const alone = source !== undefined && readers.get(source.id)?.length === 1;
    return alone && source.group === node.group ? source : null;
  };
  for (const node of graph.nodes) {
    const source = isDrawnIn(node);
    // An op that leads into another has no box for a later one to sit on.
    host.set(node.id, source === null ? node.id : (host.get(source.id) ?? source.id));
  }
  const members = new Map<string, Node[]>();
  for (const node of graph.nodes) append(members, host.get(node.id) ?? node.id, node);
  for (const [id, chain] of [...members].reverse()) {
    const first = byId.get(id);
    if (first === undefined || !isInPlace(first.op)) continue;
    const next = readers.get(chain.at(-1)?.id ?? id) ?? [];
    const reader = next.length === 1 ? byId.get(next[0] ?? '') : undefined;
    if (reader === undefined || reader.inputs.length !== 1 || reader.group !== first.group) continue;
    const target = host.get(reader.id) ?? reader.id;
    if (target === id || isInPlace(byId.get(target)?.op ?? first.op)) continue;
    for (const node of chain) {
      host.set(node.id, target);
      leading.add(node.id);
    }
    members.set(target, [...chain, ...(members.get(target) ?? [])]);
    members.delete(id);
  }
  const units: Unit[] = [];
  for (const [id, nodes] of members) {
    const head = byId.get(id);
    if (head === undefined) continue;
    const leads = nodes.filter((node) => leading.has(node.id));
    const bands = nodes.filter((node) => node !== head && !leading.has(node.id));
    units.push({
      id,
      leads,
      head,
      bands,
      nodes: nodes.map((node) => node.id),
      tail: bands.at(-1) ?? head,
      group: head.group,
      inputChannels: byId.get(head.inputs[0] ?? '')?.shape[2] ?? 0,
    });
  }
  // By the head's place: a unit's bands come after its head, its leads before, so that this order is topological.
  const place = new Map(graph.nodes.map((node, index) => [node.id, index]));
  units.sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
  return { units, unitOf: host };
}

function readersOf(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, string[]>();
  for (const node of graph.nodes) for (const input of node.inputs) append(readers, input, node.id);
  return readers;
}

/** Adds to the list at `key`, making it where there is none. */
export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
