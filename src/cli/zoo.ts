import { networkCost, type NetworkCost } from '../models/cost.ts';
import { receptiveFields } from '../models/field.ts';
import type { Node } from '../models/graph.ts';
import { inputNode } from '../models/lookup.ts';
import { weightBytes } from '../models/memory.ts';
import type { Network } from '../models/network.ts';
import { buildNetwork, members } from '../models/zoo/index.ts';
import { readManifest } from './session.ts';
import { formatTable, megabytes, pair, shape, whole, type Column } from './table.ts';

const activationBytes = 4;

/** What `zoo --json` says of a network. Memory is in bytes at fp32, for one image. */
function networkRecord(network: Network, cost: NetworkCost, bundled: ReadonlySet<string>) {
  const { info, graph } = network;
  return {
    id: info.id,
    name: info.name,
    family: info.family,
    year: info.year,
    authors: info.authors,
    paper: info.paper,
    dataset: info.dataset,
    classes: info.classes,
    depth: info.depth,
    input: inputNode(graph).shape,
    parameters: cost.params,
    weights: cost.weights,
    biases: cost.biases,
    normalisation: cost.normalisation,
    statistics: cost.statistics,
    fixed: cost.fixed,
    macs: cost.macs,
    otherOperations: cost.otherOperations,
    connections: cost.connections,
    layerOutputElements: cost.layerOutputElements,
    allOutputElements: cost.allOutputElements,
    weightBytes: weightBytes(cost, 'fp32'),
    peakActivationBytes: cost.peak.elements * activationBytes,
    peakNode: cost.peak.node,
    publishedErrors: info.publishedErrors,
    bundledWeights: bundled.has(info.id),
  };
}
type NetworkRecord = ReturnType<typeof networkRecord>;

function layerRecord(network: Network, node: Node) {
  const cost = networkCost(network.graph).nodes.get(node.id)!;
  const field = receptiveFields(network.graph).get(node.id)!;
  return {
    id: node.id,
    op: node.op.kind,
    inputs: node.inputs,
    group: node.group,
    shape: node.shape,
    parameters: cost.params,
    weights: cost.weights,
    biases: cost.biases,
    normalisation: cost.normalisation,
    statistics: cost.statistics,
    fixed: cost.fixed,
    macs: cost.macs,
    otherOperations: cost.otherOperations,
    connections: cost.connections,
    outputElements: cost.outputElements,
    inPlace: cost.inPlace,
    weightBytes: cost.stored * 4,
    outputBytes: cost.outputElements * activationBytes,
    receptiveField: field,
  };
}
type LayerRecord = ReturnType<typeof layerRecord>;

const networkColumns: readonly Column<NetworkRecord>[] = [
  { title: 'id', text: ({ id }) => id },
  { title: 'year', align: 'right', text: ({ year }) => String(year) },
  { title: 'input', align: 'right', text: ({ input }) => shape(input) },
  { title: 'classes', align: 'right', text: ({ classes }) => whole(classes) },
  { title: 'depth', align: 'right', text: ({ depth }) => whole(depth) },
  { title: 'parameters', align: 'right', text: ({ parameters }) => whole(parameters) },
  { title: 'MACs', align: 'right', text: ({ macs }) => whole(macs) },
  { title: 'weights MB', align: 'right', text: (n) => megabytes(n.weightBytes) },
  { title: 'peak MB', align: 'right', text: (n) => megabytes(n.peakActivationBytes) },
  { title: 'weights', text: ({ bundledWeights }) => (bundledWeights ? 'bundled' : '-') },
];

const layerColumns: readonly Column<LayerRecord>[] = [
  { title: 'layer', text: ({ id }) => id },
  { title: 'op', text: ({ op }) => op },
  { title: 'shape', align: 'right', text: (layer) => shape(layer.shape) },
  { title: 'parameters', align: 'right', text: ({ parameters }) => whole(parameters) },
  { title: 'MACs', align: 'right', text: ({ macs }) => whole(macs) },
  { title: 'elements', align: 'right', text: ({ outputElements }) => whole(outputElements) },
  { title: 'weights MB', align: 'right', text: (layer) => megabytes(layer.weightBytes) },
  // What is computed in place takes no memory of its own.
  { title: 'output MB', align: 'right', text: (l) => (l.inPlace ? 'in place' : megabytes(l.outputBytes)) },
  { title: 'field', align: 'right', text: ({ receptiveField: f }) => (f.whole ? 'all' : pair(f.size)) },
  { title: 'jump', align: 'right', text: ({ receptiveField: f }) => (f.whole ? '-' : pair(f.jump)) },
];

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function bundledNetworks(): Promise<ReadonlySet<string>> {
  return new Set((await readManifest()).weights.map(({ network }) => network));
}

/** The table of networks, by year. */
export async function listNetworks(json: boolean): Promise<string> {
  const bundled = await bundledNetworks();
  const records = members.map(({ id }) => {
    const network = buildNetwork(id);
    return networkRecord(network, networkCost(network.graph), bundled);
  });
  if (json) return toJson(records);
  return (
    formatTable(records, networkColumns) +
    '\nMACs: multiply-accumulates of convolutions and dense layers for one image. Memory at fp32; peak: activations\n' +
    'alive at once. "bundled": weights are in this repository. One network, layer by layer: zoo ID\n'
  );
}

/** One network, layer by layer. Throws 'unknown-network' with the ids that exist. */
export async function describeNetwork(ref: string, json: boolean): Promise<string> {
  const network = buildNetwork(ref);
  const cost = networkCost(network.graph);
  const record = networkRecord(network, cost, await bundledNetworks());
  const layers = network.graph.nodes.map((node) => layerRecord(network, node));
  if (json) return toJson({ ...record, deviations: network.deviations.map(({ en }) => en), layers });
  const { info } = network;
  const notes = network.deviations.map(({ en }) => `* ${en}\n`).join('');
  return (
    `${info.name} (${info.authors}, ${info.year}): ${info.paper.title}\n${info.idea.en}\n\n` +
    formatTable(layers, layerColumns) +
    `\n${whole(cost.params)} parameters (${whole(cost.weights)} weights, ${whole(cost.biases)} biases, ` +
    `${whole(cost.normalisation)} normalisation), ${whole(cost.macs)} MACs, ` +
    `peak ${megabytes(record.peakActivationBytes)} MB at ${cost.peak.node}\n` +
    (notes === '' ? '' : `\nWhat differs from the paper:\n${notes}`)
  );
}
