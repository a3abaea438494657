import { aligned } from './differenceAlign.ts';
import type { Scored } from './differenceScore.ts';
import type { Block, Graph } from './graph.ts';

/** A block with what stands directly in it, in topological order; the whole graph is the block ''. */
export interface Scope {
  readonly path: string;
  readonly block: Block | null;
  readonly items: readonly (Scored | Scope)[];
  /** All nodes in it, at any depth. */
  readonly nodes: readonly Scored[];
}

export function isScope(item: Scored | Scope): item is Scope {
  return 'items' in item;
}

/** The graph's nodes arranged by blocks. */
export function scopesOf(graph: Graph, nodes: readonly Scored[]): Scope {
  const blocks = new Map(graph.blocks.map((block) => [block.path, block]));
  const scope = (path: string, inside: readonly Scored[]): Scope => {
    const items: (Scored | { readonly child: string })[] = [];
    const children = new Map<string, Scored[]>();
    for (const each of inside) {
      const child = childPath(path, each.node.group, blocks);
      if (child === null) items.push(each);
      else if (children.has(child)) children.get(child)!.push(each);
      else {
        children.set(child, [each]);
        items.push({ child });
      }
    }
    return {
      path,
      block: blocks.get(path) ?? null,
      nodes: inside,
      items: items.map((item) => ('child' in item ? scope(item.child, children.get(item.child)!) : item)),
    };
  };
  return scope('', nodes);
}

/** The declared block directly in `path` that holds `group`; null where the group is `path` itself. */
function childPath(path: string, group: string, blocks: ReadonlyMap<string, Block>): string | null {
  const segments = group === '' ? [] : group.split('/');
  const outer = path === '' ? 0 : path.split('/').length;
  for (let depth = outer + 1; depth <= segments.length; depth++) {
    const child = segments.slice(0, depth).join('/');
    if (blocks.has(child)) return child;
  }
  return null;
}

/** The blocks directly in one scope that stand for blocks directly in another, in order. */
export function alignedScopes(first: Scope, second: Scope): readonly (readonly [Scope, Scope])[] {
  const [a, b] = [first, second].map(({ items }) => items.filter(isScope).map(faced)) as [Faced[], Faced[]];
  return aligned(a, b, scopeScore).map(([i, j]) => [a[i]!.scope, b[j]!.scope]);
}

interface Faced {
  readonly scope: Scope;
  readonly name: string;
  readonly level: string;
  /** Which part of its nodes is of each sort, so that three blocks and thirty of them look alike. */
  readonly parts: ReadonlyMap<string, number>;
}

/** Blocks of one level may stand for each other: a residual block may become a bottleneck, never an inception module. */
const levels: Readonly<Record<Block['kind'], string>> = {
  stage: 'stage',
  residual: 'residual',
  bottleneck: 'residual',
  invertedResidual: 'residual',
  inception: 'inception',
  dense: 'dense',
  separable: 'separable',
  fractal: 'fractal',
  branch: 'branch',
  auxiliary: 'auxiliary',
};

/**
 * The nodes between blocks, in topological order. A stage without a counterpart is only a heading, so that its layers count
 * as if they stood alone; any other block is one idea: without a counterpart all of it is new.
 */
export function looseNodes(items: readonly (Scored | Scope)[]): readonly Scored[] {
  const loose = items.flatMap((item): readonly Scored[] => {
    if (!isScope(item)) return [item];
    return item.block?.kind === 'stage' ? looseNodes(item.items) : [];
  });
  return [...loose].sort((a, b) => a.index - b.index);
}

function faced(scope: Scope): Faced {
  const parts = new Map<string, number>();
  for (const { node, kernel } of scope.nodes) {
    const sort = node.op.kind + kernel;
    parts.set(sort, (parts.get(sort) ?? 0) + 1 / scope.nodes.length);
  }
  const name = scope.path.slice(scope.path.lastIndexOf('/') + 1);
  return { scope, name, level: levels[scope.block?.kind ?? 'stage'], parts };
}

/** Less in common than this is another kind of block. */
const LEAST_COMMON = 0.3;

function scopeScore(a: Faced, b: Faced): number {
  if (a.level !== b.level) return 0;
  let common = 0;
  for (const [sort, part] of a.parts) common += Math.min(part, b.parts.get(sort) ?? 0);
  if (common < LEAST_COMMON) return 0;
  const [last, other] = [a.scope.nodes.at(-1)!.node.shape, b.scope.nodes.at(-1)!.node.shape];
  return Math.round(
    100 * common +
      (last[0] === other[0] ? 20 : 0) +
      (last[2] === other[2] ? 10 : 0) +
      (a.name === b.name ? 15 : 0),
  );
}
