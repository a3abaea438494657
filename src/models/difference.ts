import { aligned } from './differenceAlign.ts';
import { aspectsOf } from './differenceAspects.ts';
import type { Aspect } from './differenceAspects.ts';
import { isTwin, nodeScore, scoredNodes } from './differenceScore.ts';
import type { Scored } from './differenceScore.ts';
import { alignedScopes, looseNodes, scopesOf } from './differenceTree.ts';
import type { Scope } from './differenceTree.ts';
import type { Graph } from './graph.ts';
import { consumersById, nodesById } from './lookup.ts';

export type { Aspect, AspectKey, AspectValue } from './differenceAspects.ts';

/** A node and the one that stands for it in the other network; without aspects they are the same. */
export interface NodePair {
  readonly first: string;
  readonly second: string;
  readonly aspects: readonly Aspect[];
}

/** What two networks have in common and what not. Every node of both is in exactly one pair or one list. */
export interface GraphDifference {
  /** In the first network's order. */
  readonly pairs: readonly NodePair[];
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
  /** Blocks of the first network by path, and the ones that stand for them in the second. */
  readonly blocks: ReadonlyMap<string, string>;
}

/**
 * Compares two networks by structure: blocks are assigned to blocks and, inside and between them, nodes to nodes, by kind,
 * hyper-parameters, shape and place; names only help where that leaves a choice. Within a block the order counts, so that a
 * normalisation that stands after the sum here and before the convolution there is one that only each of them has.
 */
export function graphDifference(first: Graph, second: Graph): GraphDifference {
  const [a, b] = [first, second].map((graph) => scopesOf(graph, scoredNodes(graph))) as [Scope, Scope];
  const finder = new Finder(first, second);
  finder.scopes(a, b);
  const { partner, blocks } = finder;
  const taken = new Set(partner.values());
  const [nodes, others] = [nodesById(first), nodesById(second)];
  const pairs = first.nodes.flatMap(({ id }): NodePair[] => {
    const other = partner.get(id);
    if (other === undefined) return [];
    const aspects = aspectsOf([first, nodes.get(id)!], [second, others.get(other)!]);
    return [{ first: id, second: other, aspects }];
  });
  return {
    pairs,
    onlyFirst: first.nodes.map(({ id }) => id).filter((id) => !partner.has(id)),
    onlySecond: second.nodes.map(({ id }) => id).filter((id) => !taken.has(id)),
    blocks,
  };
}

class Finder {
  readonly partner = new Map<string, string>();
  readonly blocks = new Map<string, string>();

  constructor(
    private readonly first: Graph,
    private readonly second: Graph,
  ) {}

  /** Blocks that stand for each other hold what stands for each other; what lies between them is aligned on its own. */
  scopes(a: Scope, b: Scope): void {
    const matched = alignedScopes(a, b);
    let [from, other] = [0, 0];
    for (const [left, right] of [...matched, null].map((pair) => pair ?? ([null, null] as const))) {
      const to = left === null ? a.items.length : a.items.indexOf(left);
      const until = right === null ? b.items.length : b.items.indexOf(right);
      this.stretch(looseNodes(a.items.slice(from, to)), looseNodes(b.items.slice(other, until)));
      if (left !== null && right !== null) {
        this.blocks.set(left.path, right.path);
        this.scopes(left, right);
      }
      [from, other] = [to + 1, until + 1];
    }
  }

  /** Ops that make tensors first; then those that work on them, between each two that are settled. */
  private stretch(a: readonly Scored[], b: readonly Scored[]): void {
    const [majors, others] = [a, b].map((nodes) => nodes.filter(({ role }) => role.major)) as [
      Scored[],
      Scored[],
    ];
    const moved = this.twins(majors, others);
    const rest = (nodes: readonly Scored[]): readonly Scored[] => nodes.filter((each) => !moved.has(each));
    const settled = alignedNodes(rest(majors), rest(others), nodeScore);
    this.keep(settled);
    let [low, under] = [-1, -1];
    for (const [x, y] of [...settled.map(([m, o]) => [m.index, o.index] as const), [Infinity, Infinity]]) {
      const [m, o] = [
        a.filter(({ role, index }) => !role.major && index > low && index < x!),
        b.filter(({ role, index }) => !role.major && index > under && index < y!),
      ];
      this.keep(alignedNodes(m, o, (minor, other) => this.minorScore(minor, other)));
      [low, under] = [x!, y!];
    }
  }

  private minorScore(a: Scored, b: Scored): number {
    const score = nodeScore(a, b);
    return score > 0 && this.partner.get(a.host) === b.host ? score + 6 : score;
  }

  /**
   * The order of parallel branches means nothing: a projection that is listed before the branch here and after it there is
   * the same projection, unless something that feeds it here is fed by it there. Settles such pairs and returns their nodes.
   */
  private twins(a: readonly Scored[], b: readonly Scored[]): ReadonlySet<Scored> {
    const inOrder = new Map(alignedNodes(a, b, (left, right) => (isTwin(left, right) ? 1 : 0)));
    const taken = new Set(inOrder.values());
    const free = b.filter((right) => !taken.has(right));
    const moved = new Set<Scored>();
    for (const left of a) {
      if (inOrder.has(left)) continue;
      const right = free.find((each) => isTwin(left, each) && !moved.has(each));
      if (right === undefined || this.crosses(left, right, inOrder)) continue;
      moved.add(left).add(right);
      this.keep([[left, right]]);
    }
    return moved;
  }

  private crosses(left: Scored, right: Scored, inOrder: ReadonlyMap<Scored, Scored>): boolean {
    const [above, below] = [upstream(this.first, left), downstream(this.first, left)];
    const [over, under] = [upstream(this.second, right), downstream(this.second, right)];
    return [...inOrder].some(
      ([{ node }, { node: other }]) =>
        (above.has(node.id) && under.has(other.id)) || (below.has(node.id) && over.has(other.id)),
    );
  }

  private keep(pairs: readonly (readonly [Scored, Scored])[]): void {
    for (const [left, right] of pairs) this.partner.set(left.node.id, right.node.id);
  }
}

function alignedNodes(
  a: readonly Scored[],
  b: readonly Scored[],
  score: (left: Scored, right: Scored) => number,
): readonly (readonly [Scored, Scored])[] {
  return aligned(a, b, score).map(([i, j]) => [a[i]!, b[j]!]);
}

function upstream(graph: Graph, { node }: Scored): ReadonlySet<string> {
  return reached(node.inputs, (id) => nodesById(graph).get(id)?.inputs ?? []);
}

function downstream(graph: Graph, { node }: Scored): ReadonlySet<string> {
  const readers = (id: string): readonly string[] =>
    (consumersById(graph).get(id) ?? []).map((reader) => reader.id);
  return reached(readers(node.id), readers);
}

function reached(start: readonly string[], next: (id: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...next(id));
  }
  return seen;
}
