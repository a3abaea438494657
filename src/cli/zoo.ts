import type { Network } from '../models/network.ts';
import { buildNetwork, families } from '../models/zoo/index.ts';
import { notesOf } from '../models/zoo/notes.ts';
import type { Family } from '../models/zoo/recipe.ts';
import { readManifest } from './session.ts';
import { formatGroups, formatTable, megabytes, pair, shape, toJson, whole, type Column } from './table.ts';
import { listedNetworks, type ZooFilters } from './zooFilters.ts';
import { layerRecords, networkRecord, type LayerRecord, type NetworkRecord } from './zooRecords.ts';

const networkColumns: readonly Column<NetworkRecord>[] = [
  { title: 'id', text: ({ id }) => id },
  { title: 'year', align: 'right', text: ({ year }) => String(year) },
  { title: 'input', align: 'right', text: ({ input }) => shape(input) },
  { title: 'classes', align: 'right', text: ({ classes }) => whole(classes) },
  { title: 'depth', align: 'right', text: ({ depth }) => whole(depth) },
  { title: 'parameters', align: 'right', text: ({ params }) => whole(params) },
  { title: 'MACs', align: 'right', text: ({ macs }) => whole(macs) },
  { title: 'weights MB', align: 'right', text: (n) => megabytes(n.weightBytes) },
  { title: 'peak MB', align: 'right', text: (n) => megabytes(n.peakActivationBytes) },
  { title: 'weights', text: ({ bundledWeights }) => (bundledWeights ? 'bundled' : '-') },
];

const layerColumns: readonly Column<LayerRecord>[] = [
  { title: 'layer', text: ({ id }) => id },
  { title: 'op', text: ({ op }) => op },
  { title: 'shape', align: 'right', text: (layer) => shape(layer.shape) },
  { title: 'parameters', align: 'right', text: ({ params }) => whole(params) },
  { title: 'MACs', align: 'right', text: ({ macs }) => whole(macs) },
  { title: 'connections', align: 'right', text: ({ connections }) => whole(connections) },
  { title: 'elements', align: 'right', text: ({ outputElements }) => whole(outputElements) },
  { title: 'weights MB', align: 'right', text: (layer) => megabytes(layer.weightBytes) },
  // What is computed in place takes no memory of its own.
  { title: 'output MB', align: 'right', text: (l) => (l.inPlace ? 'in place' : megabytes(l.outputBytes)) },
  { title: 'field', align: 'right', text: ({ receptiveField: f }) => (f.whole ? 'all' : pair(f.size)) },
  { title: 'jump', align: 'right', text: ({ receptiveField: f }) => (f.whole ? '-' : pair(f.jump)) },
];

async function bundledNetworks(): Promise<ReadonlySet<string>> {
  return new Set((await readManifest()).weights.map(({ network }) => network));
}

export interface ZooGroup {
  readonly family: Family;
  readonly networks: readonly NetworkRecord[];
}

/** The listed networks by family, families in the order of their first papers; families without a match are left out. */
export async function listByFamily(filters: ZooFilters = {}): Promise<readonly ZooGroup[]> {
  const records = await listRecords(filters);
  return families
    .map((family) => ({ family, networks: records.filter(({ drawnBy }) => drawnBy === family.id) }))
    .filter(({ networks }) => networks.length > 0);
}

async function listRecords(filters: ZooFilters): Promise<readonly NetworkRecord[]> {
  const bundled = await bundledNetworks();
  return listedNetworks(filters).map((network) => networkRecord(network, bundled));
}

/** `Wide ResNet: wide-resnet?depth&k&dropout&classes`, what a reference of one's own starts with. */
function familyTitle({ name, id, parameters }: Family): string {
  const keys = Object.keys(parameters);
  return `${name}: ${id}${keys.length === 0 ? '' : `?${keys.join('&')}`}`;
}

/** The listed networks: as JSON in the order of their years, as text by family. */
export async function listNetworks(json: boolean, filters: ZooFilters = {}): Promise<string> {
  if (json) return toJson(await listRecords(filters));
  const groups = await listByFamily(filters);
  if (groups.length === 0) return 'No listed network has all of that.\n';
  const shown = groups.reduce((sum, { networks }) => sum + networks.length, 0);
  return (
    formatGroups(
      groups.map(({ family, networks }) => ({ title: familyTitle(family), rows: networks })),
      networkColumns,
    ) +
    `\n${whole(shown)} ${shown === 1 ? 'network' : 'networks'}. MACs: multiply-accumulates of convolutions and dense ` +
    'layers for one image. Memory at fp32; peak:\nactivations alive at once. "bundled": weights are in this repository. ' +
    'One network, layer by layer: zoo ID. Any other\nsetting: zoo "FAMILY?parameter=value&..."; what can be set: zoo ' +
    '--parameters FAMILY\n'
  );
}

/** Every parameter of the family at this network: `wide-resnet: depth=22, k=6, ...`. */
function settingsText({ family, settings }: Network): string {
  const text = Object.keys(family.parameters)
    .map((key) => `${key}=${String(settings[key])}`)
    .join(', ');
  return text === '' ? '' : `${family.id}: ${text}\n`;
}

/** One network, layer by layer. Throws 'unknown-network' with the ids that exist, 'bad-parameter' with what is possible. */
export async function describeNetwork(ref: string, json: boolean): Promise<string> {
  const network = buildNetwork(ref);
  const record = networkRecord(network, await bundledNetworks());
  const layers = layerRecords(network);
  const { info } = network;
  const { paper, idea, deviations, definedIn, training, trainingSource } = notesOf(ref);
  if (json) {
    return toJson({
      ...record,
      definedIn,
      idea: idea.en,
      training: training.en,
      trainingSource,
      deviations: deviations.map(({ en }) => en),
      layers,
    });
  }
  const notes = deviations.map(({ en }) => `* ${en}\n`).join('');
  const { convolutionsAndDense, allOutputs } = record.activationElements;
  return (
    `${info.name} (${info.authors}, ${info.year}): ${paper.title}\n${idea.en}\n${settingsText(network)}\n` +
    formatTable(layers, layerColumns) +
    `\n${whole(record.params)} parameters (${whole(record.weights)} weights, ${whole(record.biases)} biases, ` +
    `${whole(record.normalisation)} normalisation), ${whole(record.macs)} MACs,\n` +
    `${whole(convolutionsAndDense)} values out of convolutions and dense layers, ${whole(allOutputs)} out of all that ` +
    `is not in place,\npeak ${megabytes(record.peakActivationBytes)} MB at ${record.peakNode}\n` +
    (notes === '' ? '' : `\nWhat differs from the paper:\n${notes}`)
  );
}
