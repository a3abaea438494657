import type { Graph, Node, OpKind } from './graph.ts';
import type { NetworkCost } from './cost.ts';
import { consumersById, inputNode, nodeById } from './lookup.ts';
import { elements } from './shape.ts';

/** Element-wise ops of one input that can write where they read. */
const overwrites: ReadonlySet<OpKind> = new Set<OpKind>(['relu', 'batchNorm', 'dropout', 'sigmoid', 'tanh']);

/**
 * The nodes whose output can overwrite their input: element-wise, of one input that nothing else reads and that is
 * not the image itself.
 */
export function inPlaceNodes(graph: Graph): ReadonlySet<string> {
  const consumers = consumersById(graph);
  const image = inputNode(graph).id;
  const found = graph.nodes.filter((node) => {
    if (!overwrites.has(node.op.kind)) return false;
    const [input] = node.inputs;
    return input !== undefined && input !== image && consumers.get(input)!.length === 1;
  });
  return new Set(found.map((node) => node.id));
}

export interface PeakLive {
  /** Activation values alive at once, the image included. */
  readonly elements: number;
  /** The node during which that is so. */
  readonly node: string;
}

/**
 * The largest number of activation values alive at once in inference: nodes run in the graph's order, an output is
 * allocated before its node runs (unless in place) and a buffer is freed after its last reader. Nodes that the
 * output does not need (auxiliary classifiers) are not run.
 */
export function peakLive(graph: Graph, inPlace: ReadonlySet<string>): PeakLive {
  const running = neededNodes(graph);
  const bufferOf = new Map<string, string>();
  const lastReader = new Map<string, string>();
  for (const node of running) {
    for (const input of node.inputs) lastReader.set(bufferOf.get(input)!, node.id);
    const buffer = inPlace.has(node.id) ? bufferOf.get(node.inputs[0]!)! : node.id;
    bufferOf.set(node.id, buffer);
  }
  const kept = bufferOf.get(graph.output)!;
  let live = 0;
  let peak: PeakLive = { elements: 0, node: running[0]!.id };
  for (const node of running) {
    if (!inPlace.has(node.id)) live += elements(node.shape);
    if (live > peak.elements) peak = { elements: live, node: node.id };
    for (const buffer of new Set(node.inputs.map((id) => bufferOf.get(id)!))) {
      if (buffer !== kept && lastReader.get(buffer) === node.id) {
        live -= elements(nodeById(graph, buffer).shape);
      }
    }
  }
  return peak;
}

function neededNodes(graph: Graph): readonly Node[] {
  const needed = new Set([graph.output]);
  for (const node of [...graph.nodes].reverse()) {
    if (needed.has(node.id)) for (const input of node.inputs) needed.add(input);
  }
  return graph.nodes.filter((node) => needed.has(node.id));
}

/** Bytes of one stored number. int8 counts the numbers only, not the scales that belong to them. */
export const bytesPerNumber = { fp32: 4, fp16: 2, int8: 1 } as const;
export type Precision = keyof typeof bytesPerNumber;

/** Bytes of everything that a weight file of this network holds. */
export function weightBytes(cost: NetworkCost, precision: Precision): number {
  return cost.stored * bytesPerNumber[precision];
}

export interface TrainingBytes {
  readonly weights: number;
  readonly gradients: number;
  readonly momentum: number;
  /** The image and every output that is not computed in place, for the whole batch, kept for the backward pass. */
  readonly activations: number;
  readonly total: number;
}

/**
 * Memory of training in fp32 with SGD and momentum: weights, a gradient and a momentum for each trained one, and
 * the activations of the batch. Pooling indices, dropout masks and workspaces are not counted.
 */
export function trainingBytes(cost: NetworkCost, batch: number): TrainingBytes {
  const weights = weightBytes(cost, 'fp32');
  const trained = cost.params * bytesPerNumber.fp32;
  const activations = batch * (cost.inputElements + cost.allOutputElements) * bytesPerNumber.fp32;
  return {
    weights,
    gradients: trained,
    momentum: trained,
    activations,
    total: weights + 2 * trained + activations,
  };
}
