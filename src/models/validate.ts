import { ConvScopeError } from './errors.ts';
import type { Graph, Node, Shape } from './graph.ts';
import { outputShape, sameShape, shapeText } from './shape.ts';

function refuse(id: string, fact: string): never {
  throw new ConvScopeError('graph-invalid', `${id}: ${fact}`, { node: id, fact });
}

/**
 * Checks what every table relies on: one input and it stands first, unique ids, inputs before their readers, shapes
 * equal to what the ops make, an output that exists, and blocks whose parents exist and that are contiguous (a
 * folded block is one box). Throws 'graph-invalid' with the node and the fact.
 */
export function validateGraph(graph: Graph): void {
  const seen = new Map<string, Node>();
  graph.nodes.forEach((node, position) => {
    if (seen.has(node.id)) refuse(node.id, 'two nodes have this id');
    if ((node.op.kind === 'input') !== (position === 0)) {
      refuse(node.id, 'the first node, and no other, must be the input');
    }
    checkShape(node, seen);
    seen.set(node.id, node);
  });
  if (graph.nodes.length === 0) refuse('graph', 'it has no nodes');
  if (!seen.has(graph.output)) refuse(graph.output, 'the output is not a node of the graph');
  checkBlocks(graph);
}

function checkShape(node: Node, seen: ReadonlyMap<string, Node>): void {
  const inputs = node.inputs.map((id) => {
    const input = seen.get(id);
    return input ? input.shape : refuse(node.id, `it reads '${id}', which does not stand before it`);
  });
  if (node.op.kind === 'input') {
    if (inputs.length > 0) refuse(node.id, 'an input reads nothing');
    if (!node.shape.every((size) => Number.isInteger(size) && size > 0)) {
      refuse(node.id, `an input needs whole numbers above 0, got ${shapeText(node.shape)}`);
    }
    return;
  }
  let shape: Shape;
  try {
    shape = outputShape(node.op, inputs);
  } catch (error) {
    if (error instanceof ConvScopeError) refuse(node.id, error.message);
    throw error;
  }
  if (!sameShape(shape, node.shape)) {
    refuse(node.id, `it claims ${shapeText(node.shape)}, its op makes ${shapeText(shape)}`);
  }
}

function checkBlocks(graph: Graph): void {
  const paths = new Set<string>();
  for (const { path } of graph.blocks) {
    const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    if (paths.has(path)) refuse(path, 'two blocks have this path');
    if (parent !== '' && !paths.has(parent))
      refuse(path, `its parent block '${parent}' does not stand before it`);
    paths.add(path);
  }
  const closed = new Set<string>();
  let open: readonly string[] = [];
  let inside = '';
  for (const node of graph.nodes) {
    // Within a block nothing opens or closes.
    if (node.group === inside) continue;
    inside = node.group;
    if (node.group !== '' && !paths.has(node.group))
      refuse(node.id, `its block '${node.group}' does not exist`);
    const around = enclosing(node.group);
    for (const path of around) if (closed.has(path)) refuse(node.id, `block '${path}' is not contiguous`);
    for (const path of open) if (!around.includes(path)) closed.add(path);
    open = around;
  }
}

function enclosing(group: string): readonly string[] {
  if (group === '') return [];
  const parts = group.split('/');
  return parts.map((_, depth) => parts.slice(0, depth + 1).join('/'));
}
