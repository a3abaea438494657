import type { Graph, Node } from './graph.ts';
import type { NameMap, Network, Recipe, Stored } from './network.ts';
import { nodeParameters } from './parameters.ts';
import type { Parameter } from './parameters.ts';
import { elements } from './shape.ts';

/**
 * From the tensors of a checkpoint to the parameters of a network, strictly: every parameter is found in its shape and
 * every tensor is used, or all that is wrong is told at once. Loading a part and leaving the rest random would give
 * answers that look real.
 */

/** An operation of an ONNX file; inputs that are tensors of the file are named as there, '' is left out. */
export interface CheckpointLayer {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>;
}

/** What matching has to know of a file: its tensors' names and shapes, in any format; of ONNX, its operations too. */
export interface CheckpointTensors {
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>;
  readonly layers?: readonly CheckpointLayer[];
}

/** A recipe for one parameter whose tensors are known to be there, in the shapes that it needs. */
export interface ParameterRecipe {
  /** As the network has it, PyTorch's layout. */
  readonly shape: readonly number[];
  readonly from: Recipe;
}

export interface CheckpointMatch {
  readonly source: string;
  /** By `${nodeId}/${parameter}`. */
  readonly recipes: ReadonlyMap<string, ParameterRecipe>;
  /** Tensors that inference has no use for and that such a checkpoint is known to hold. */
  readonly ignored: readonly string[];
  /** Sentences about what the file does otherwise beside its weights, of an ONNX file: pools that round otherwise. */
  readonly differs: readonly string[];
}

export interface CheckpointDifferences {
  readonly source: string;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  /** Sentences with the name, the shape that it has and the one that is needed. */
  readonly misshaped: readonly string[];
}

export const isMatch = (result: CheckpointMatch | CheckpointDifferences): result is CheckpointMatch =>
  'recipes' in result;

/** PyTorch counts the batches that a batch normalisation saw in training; inference has no use for the count. */
const batchCount = /(^|\.)num_batches_tracked$/;

/** A plain name as the recipe that it stands for. */
const recipeOf = (stored: Stored): Recipe =>
  typeof stored === 'string' ? { tensor: stored, layout: 'same' } : stored;

/** The tensors that a recipe reads. */
export function tensorsOf(recipe: Recipe): readonly string[] {
  return 'tensor' in recipe ? [recipe.tensor] : recipe.sum.flatMap(({ of }) => of);
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);
const withoutOnes = (shape: readonly number[]): readonly number[] => shape.filter((size) => size !== 1);

/** Whether a tensor of this shape holds the parameter's values in the same order: a 7x7 convolution for a dense layer. */
function isReshaped(stored: readonly number[], wanted: readonly number[]): boolean {
  if (sameShape(withoutOnes(stored), withoutOnes(wanted))) return true;
  return stored[0] === wanted[0] && elements(stored) === elements(wanted);
}

/** What is wrong with the tensor's shape for this parameter, in words, or null. */
function shapeFault(recipe: Recipe, tensor: string, stored: readonly number[], wanted: readonly number[]) {
  const layout = 'tensor' in recipe ? recipe.layout : 'reshaped';
  const needed = layout === 'transposed' ? wanted.toReversed() : wanted;
  const fits = layout === 'reshaped' ? isReshaped(stored, needed) : sameShape(stored, needed);
  if (fits) return null;
  const how = layout === 'reshaped' ? ' or its values in another shape' : '';
  return `${tensor} is [${stored.join(', ')}], needs [${needed.join(', ')}]${how}`;
}

/** Every parameter of a graph with its key `${nodeId}/${parameter}`. */
function* parametersOf(graph: Graph): Generator<{ key: string; node: Node; parameter: Parameter }> {
  for (const node of graph.nodes) {
    for (const parameter of nodeParameters(graph, node)) {
      yield { key: `${node.id}/${parameter.name}`, node, parameter };
    }
  }
}

/**
 * The parameters of a graph by what `stored` says of each, checked against the file. A parameter of which `stored` says
 * nothing is missing, unless it is fixed: a checkpoint does not store what the paper fixes once for all (LeNet-5's prototypes).
 */
export function matchStored(
  graph: Graph,
  source: string,
  file: CheckpointTensors,
  stored: (node: Node, parameter: Parameter) => Stored | null,
  ignores: (tensor: string) => boolean,
): CheckpointMatch | CheckpointDifferences {
  const recipes = new Map<string, ParameterRecipe>();
  const missing: string[] = [];
  const misshaped: string[] = [];
  const used = new Set<string>();
  for (const { key, node, parameter } of parametersOf(graph)) {
    const found = stored(node, parameter);
    if (found === null) {
      if (parameter.role !== 'fixed') missing.push(key);
      continue;
    }
    const recipe = recipeOf(found);
    recipes.set(key, { shape: parameter.shape, from: recipe });
    for (const name of tensorsOf(recipe)) {
      used.add(name);
      const tensor = file.tensors.get(name);
      const fault = tensor && shapeFault(recipe, name, tensor.shape, parameter.shape);
      if (!tensor) missing.push(name);
      else if (fault) misshaped.push(fault);
    }
  }
  const others = [...file.tensors.keys()].filter((name) => !used.has(name));
  const unexpected = others.filter((name) => !ignores(name));
  if (missing.length + unexpected.length + misshaped.length > 0)
    return { source, missing: [...new Set(missing)], unexpected, misshaped };
  return { source, recipes, ignored: others, differs: [] };
}

/** The match of a file by one of the network's naming schemes (a key of `network.names`), or all that is wrong with it. */
export function matchNames(
  network: Pick<Network, 'graph' | 'names'>,
  source: string,
  file: CheckpointTensors,
): CheckpointMatch | CheckpointDifferences {
  const names: NameMap | undefined = network.names[source];
  if (!names) return { source, missing: [], unexpected: [...file.tensors.keys()], misshaped: [] };
  const ignores = (tensor: string): boolean =>
    batchCount.test(tensor) || names.ignores?.test(tensor) === true;
  return matchStored(network.graph, source, file, (node, { name }) => names(node, name), ignores);
}
