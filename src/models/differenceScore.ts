import { dispatch } from './graph.ts';
import type { Graph, Node, Op, OpTable } from './graph.ts';
import { inputShapes } from './lookup.ts';

/** Which ops may stand for each other in two networks, and how much it counts that they do; see `nodeScore`. */
interface Role {
  readonly family: string;
  /** A major op makes a tensor of its own; a minor one works on the tensor before it and is placed by it. */
  readonly major: boolean;
  readonly weight: number;
}

const conv: Role = { family: 'conv', major: true, weight: 40 };
const dense: Role = { family: 'dense', major: true, weight: 40 };
const pool: Role = { family: 'pool', major: true, weight: 30 };
const join: Role = { family: 'join', major: true, weight: 30 };
const norm: Role = { family: 'norm', major: false, weight: 10 };
const activation: Role = { family: 'activation', major: false, weight: 10 };

const roles: OpTable<[], Role> = {
  input: () => ({ family: 'input', major: true, weight: 100 }),
  conv: () => conv,
  dense: () => dense,
  rbf: () => dense,
  maxPool: () => pool,
  avgPool: () => pool,
  globalAvgPool: () => pool,
  subsample: () => pool,
  add: () => join,
  mean: () => join,
  concat: () => join,
  batchNorm: () => norm,
  lrn: () => norm,
  relu: () => activation,
  sigmoid: () => activation,
  tanh: () => activation,
  dropout: () => ({ family: 'dropout', major: false, weight: 6 }),
  channelPad: () => ({ family: 'channelPad', major: true, weight: 10 }),
  softmax: () => ({ family: 'softmax', major: false, weight: 10 }),
};

/** A node with what its score needs, looked up once. */
export interface Scored {
  readonly node: Node;
  readonly index: number;
  readonly role: Role;
  /** `3x3`, '' for an op without a kernel. */
  readonly kernel: string;
  readonly stride: string;
  readonly depthwise: boolean;
  /** Filters of a convolution, units of a dense layer, else 0. */
  readonly maps: number;
  /** The last part of the id, without the blocks around it. */
  readonly name: string;
  /** The nearest major op that feeds a minor one. */
  readonly host: string;
}

/** Every node of a graph, in topological order. */
export function scoredNodes(graph: Graph): readonly Scored[] {
  const hosts = new Map<string, string>();
  return graph.nodes.map((node, index): Scored => {
    const { op } = node;
    const role = dispatch(roles, op);
    const source = node.inputs[0] ?? '';
    const host = role.major ? node.id : (hosts.get(source) ?? source);
    hosts.set(node.id, host);
    const depthwise = op.kind === 'conv' && op.groups > 1 && op.groups === inputShapes(graph, node)[0]?.[2];
    return {
      node,
      index,
      role,
      kernel: 'kernel' in op ? op.kernel.join('x') : '',
      stride: 'stride' in op ? op.stride.join('x') : '',
      depthwise,
      maps: mapsOf(op),
      name: node.id.slice(node.id.lastIndexOf('/') + 1),
      host,
    };
  });
}

function mapsOf(op: Op): number {
  if (op.kind === 'conv') return op.filters;
  return op.kind === 'dense' || op.kind === 'rbf' ? op.units : 0;
}

/** How well one node stands for another; 0 where it cannot. Kernel and place in the block count more than width. */
export function nodeScore(a: Scored, b: Scored): number {
  if (a.role.family !== b.role.family) return 0;
  const kind = a.node.op.kind === b.node.op.kind ? a.role.weight : a.role.weight / 2;
  if (!a.role.major) return kind + (a.name === b.name ? 3 : 0);
  return (
    kind +
    (a.kernel === b.kernel ? 12 : 0) +
    (a.depthwise === b.depthwise ? 10 : 0) +
    (a.name === b.name ? 8 : 0) +
    (a.node.shape[0] === b.node.shape[0] ? 6 : 0) +
    (a.stride === b.stride ? 4 : 0) +
    (a.maps === b.maps ? 4 : 0)
  );
}

/** Whether two nodes are the same thing by all that is said of them but their place in the order. */
export function isTwin(a: Scored, b: Scored): boolean {
  return (
    a.role.major &&
    a.role.family === b.role.family &&
    a.node.op.kind === b.node.op.kind &&
    a.kernel === b.kernel &&
    a.stride === b.stride &&
    a.depthwise === b.depthwise &&
    a.name === b.name
  );
}
