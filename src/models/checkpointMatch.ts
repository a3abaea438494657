import { matchNames, matchStored } from './checkpoint.ts';
import type { CheckpointDifferences, CheckpointMatch, CheckpointTensors } from './checkpoint.ts';
import { align } from './checkpointAlign.ts';
import type { Alignment } from './checkpointAlign.ts';
import { unitGraph, weightSize } from './checkpointOnnx.ts';
import type { Held, Term, Unit, UnitGraph } from './checkpointOnnx.ts';
import type { Graph, Node } from './graph.ts';
import { nodeById } from './lookup.ts';
import type { Network, Recipe, Stored } from './network.ts';
import { nodeParameters } from './parameters.ts';
import type { Parameter } from './parameters.ts';

/** The source of every ONNX file: its layers are found by the graph, whatever they are called. */
export const ONNX = 'onnx';

/** The sources by which a file can be this network's; try each, in this order. */
export function sourcesFor(network: Pick<Network, 'names'>, file: CheckpointTensors): readonly string[] {
  return file.layers ? [ONNX] : Object.keys(network.names);
}

/** A file's tensors as the parameters of a network by one source, or all that is wrong with them by that source. */
export function matchCheckpoint(
  network: Pick<Network, 'graph' | 'names'>,
  source: string,
  file: CheckpointTensors,
): CheckpointMatch | CheckpointDifferences {
  return source === ONNX && file.layers ? matchOnnx(network.graph, file) : matchNames(network, source, file);
}

/** A file is compared with many networks; its units are the same for all of them. */
const unitGraphs = new WeakMap<CheckpointTensors, UnitGraph | null>();

function unitsOf(file: CheckpointTensors): UnitGraph | null {
  const known = unitGraphs.get(file);
  if (known !== undefined) return known;
  const units = unitGraph(file);
  unitGraphs.set(file, units);
  return units;
}

/** Caffe's normalisations are three operations, and a file may hold a few more; one with far more is made to be slow. */
const operationsPerNode = 8;

function matchOnnx(graph: Graph, file: CheckpointTensors): CheckpointMatch | CheckpointDifferences {
  const nothing = { source: ONNX, missing: [], unexpected: [], misshaped: [] };
  const units = unitsOf(file);
  if (!units) return { ...nothing, misshaped: ['no operation of the file reads a picture'] };
  const sizes = compareSizes(graph, units, file);
  if (sizes.missing.length + sizes.unexpected.length > 0) return { ...nothing, ...sizes };
  const most = operationsPerNode * graph.nodes.length;
  if (units.units.length > most)
    return { ...nothing, misshaped: [`the file has ${units.units.length} operations, over ${most}`] };
  const alignment = align(graph, units, (tensor) => file.tensors.get(tensor)?.shape ?? []);
  if (typeof alignment === 'string') return { ...nothing, misshaped: [alignment] };
  const stored = (node: Node, parameter: Parameter): Stored | null =>
    storedBy(graph, alignment, node, parameter.name);
  const match = matchStored(graph, ONNX, file, stored, (name) => units.arguments.has(name));
  return 'recipes' in match ? { ...match, differs: alignment.differs } : match;
}

/**
 * Filters and numbers of every convolution and dense layer, without regard to their order: what is missing and what is
 * left over tells another network at a glance.
 */
function compareSizes(
  graph: Graph,
  { units }: UnitGraph,
  file: CheckpointTensors,
): { readonly missing: readonly string[]; readonly unexpected: readonly string[] } {
  const left = new Map<string, string[]>();
  // A layer whose bias is another operation is two units of one tensor.
  const weights = new Map(units.flatMap(({ weight }) => (weight ? [[weight.tensor, weight] as const] : [])));
  for (const [tensor, held] of weights) {
    const shape = file.tensors.get(tensor)?.shape ?? [];
    const size = weightSize(held, shape);
    const alike = left.get(size) ?? [];
    alike.push(`${tensor} [${shape.join(', ')}]`);
    left.set(size, alike);
  }
  const missing: string[] = [];
  for (const node of graph.nodes) {
    if (node.op.kind !== 'conv' && node.op.kind !== 'dense') continue;
    const { shape } = nodeParameters(graph, node)[0]!;
    if (left.get(weightSize({ tensor: '', layout: 'same' }, shape))?.shift() === undefined)
      missing.push(`${node.id}/weight [${shape.join(', ')}]`);
  }
  return { missing, unexpected: [...left.values()].flat() };
}

const nothing: Recipe = { sum: [] };
const constant = (factor: number): Recipe => ({ sum: [{ factor, of: [] }] });

/** A single tensor as it is, else the sum. */
function summed(terms: readonly Term[]): Recipe {
  const [first] = terms;
  const [tensor] = first?.of ?? [];
  const single = terms.length === 1 && first?.factor === 1 && first.of.length === 1;
  return single && tensor !== undefined ? { tensor, layout: 'reshaped' } : { sum: terms };
}

/** Where the file has a node's parameter, by the unit that the node is. */
function storedBy(
  graph: Graph,
  { units, folded }: Alignment,
  node: Node,
  parameter: Parameter['name'],
): Stored | null {
  const unit = units.get(node.id);
  const { op } = node;
  if (op.kind === 'batchNorm') {
    const before = nodeById(graph, node.inputs[0]!);
    if (folded.has(before.id)) return foldedNorm(op.epsilon, parameter, units.get(before.id));
    // A bias that our convolution does not have moves the mean of its normalisation.
    const moved = before.op.kind === 'conv' && !before.op.bias ? units.get(before.id)?.bias : undefined;
    return unit?.norm ? norm(op.epsilon, parameter, unit.norm, moved) : null;
  }
  if (!unit?.weight) return null;
  if (parameter === 'weight') {
    // A 7x7 convolution for a dense layer has the same values in the same order.
    const convolved = op.kind === 'dense' && unit.kind === 'conv' && unit.weight.layout === 'same';
    return convolved ? { ...unit.weight, layout: 'reshaped' } : unit.weight;
  }
  // The normalisation that the file has folded in takes the bias over.
  return folded.has(node.id) ? nothing : (unit.bias ?? nothing);
}

/** A normalisation that the file has multiplied into its convolution: it adds that one's bias and leaves the rest be. */
function foldedNorm(epsilon: number, parameter: Parameter['name'], unit: Unit | undefined): Recipe | null {
  switch (parameter) {
    case 'weight':
      return constant(1);
    case 'bias':
      return unit?.bias ?? nothing;
    case 'running_mean':
      return nothing;
    case 'running_var':
      return constant(1 - epsilon);
  }
}

function norm(
  epsilon: number,
  parameter: Parameter['name'],
  stored: NonNullable<Unit['norm']>,
  moved: Held | undefined,
): Recipe {
  const own = (name: string): Term => ({ factor: 1, of: [name] });
  switch (parameter) {
    case 'weight':
      return summed(stored.weight);
    case 'bias':
      return summed(stored.bias);
    case 'running_mean':
      return summed([own(stored.mean), ...(moved ? [{ factor: -1, of: [moved.tensor] }] : [])]);
    case 'running_var': {
      // Where the epsilons differ, the variance makes up for it.
      const more = stored.epsilon - epsilon;
      const equal = Math.abs(more) <= 1e-6 * epsilon;
      return summed([own(stored.variance), ...(equal ? [] : [{ factor: more, of: [] }])]);
    }
  }
}
