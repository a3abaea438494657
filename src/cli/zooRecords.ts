import { networkCost, type NodeCost, type ParameterCounts } from '../models/cost.ts';
import { receptiveFields, type ReceptiveField } from '../models/field.ts';
import type { Node } from '../models/graph.ts';
import { ingredientsOf } from '../models/ingredients.ts';
import { inputNode } from '../models/lookup.ts';
import { bytesPerNumber, weightBytes } from '../models/memory.ts';
import type { Network } from '../models/network.ts';
import { sameAnswer } from '../models/zoo/index.ts';
import { notesOf } from '../models/zoo/notes.ts';

function counts(cost: ParameterCounts) {
  const { params, weights, biases, normalisation, statistics, fixed } = cost;
  return { params, weights, biases, normalisation, statistics, fixed };
}

/**
 * What `zoo --json` says of a network: every figure is counted from its graph. Memory is in bytes at fp32, for one image.
 * `bundled` are the ids of the networks whose weights are in this repository.
 */
export function networkRecord(network: Network, bundled: ReadonlySet<string>) {
  const { info, graph, family, settings } = network;
  const cost = networkCost(graph);
  const notes = notesOf(network.ref);
  return {
    id: info.id,
    name: info.name,
    family: info.family,
    drawnBy: family.id,
    settings,
    year: info.year,
    authors: info.authors,
    paper: notes.paper,
    dataset: info.dataset,
    input: inputNode(graph).shape,
    classes: info.classes,
    depth: info.depth,
    ...counts(cost),
    macs: cost.macs,
    otherOperations: cost.otherOperations,
    connections: cost.connections,
    activationElements: {
      convolutionsAndDense: cost.layerOutputElements,
      allOutputs: cost.allOutputElements,
    },
    weightBytes: weightBytes(cost, 'fp32'),
    peakActivationBytes: cost.peak.elements * bytesPerNumber.fp32,
    peakNode: cost.peak.node,
    ingredients: [...ingredientsOf(graph)],
    publishedErrors: notes.publishedErrors,
    bundledWeights: sameAnswer(network.ref).some((member) => bundled.has(member.info.id)),
  };
}
export type NetworkRecord = ReturnType<typeof networkRecord>;

function layerRecord(node: Node, cost: NodeCost, receptiveField: ReceptiveField) {
  return {
    id: node.id,
    op: node.op.kind,
    inputs: node.inputs,
    group: node.group,
    shape: node.shape,
    ...counts(cost),
    macs: cost.macs,
    otherOperations: cost.otherOperations,
    connections: cost.connections,
    outputElements: cost.outputElements,
    inPlace: cost.inPlace,
    weightBytes: cost.stored * bytesPerNumber.fp32,
    outputBytes: cost.outputElements * bytesPerNumber.fp32,
    receptiveField,
  };
}
export type LayerRecord = ReturnType<typeof layerRecord>;

/** Every node of a network in the order in which it runs. */
export function layerRecords({ graph }: Network): readonly LayerRecord[] {
  const { nodes } = networkCost(graph);
  const fields = receptiveFields(graph);
  return graph.nodes.map((node) => layerRecord(node, nodes.get(node.id)!, fields.get(node.id)!));
}
