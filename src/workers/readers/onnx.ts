import { corrupt, saveAgain, unreadable } from './failures.ts';
import { foldings, type Known } from './onnx.fold.ts';
import { readGraph, type GraphNode, type OnnxGraph } from './onnx.graph.ts';
import { floatLayer } from './onnx.quantised.ts';
import type { Constant } from './onnx.tensor.ts';
import type { ByteSource, OnnxLayer, StoredTensor, TensorFile } from './tensorFile.ts';
import { storedTensor } from './values.ts';

/**
 * ONNX models (onnx.proto, IR.md): the initialisers, and what `Constant`, `ConstantOfShape` and the operations between
 * a stored tensor and its layer make of them, under the name of the value that the layer reads.
 */

/** Opens a model: its graph is read, and of its tensors only shapes. */
export async function openOnnx(source: ByteSource): Promise<TensorFile> {
  const { name: file, size } = source;
  const graph = await readGraph(source);
  const { constants, layers, spent } = await fold(graph, file);
  const read = new Set(layers.flatMap(({ inputs }) => inputs));
  const tensors = new Map<string, StoredTensor>();
  for (const [name, constant] of constants) {
    if (spent.has(name) && !read.has(name)) continue;
    tensors.set(name, tensorOf(file, name, constant));
  }
  return { name: file, format: 'onnx', bytes: size, tensors, metadata: graph.metadata, layers };
}

interface Folded {
  readonly constants: ReadonlyMap<string, Constant>;
  readonly layers: readonly OnnxLayer[];
  /** Constants that other constants were made of. */
  readonly spent: ReadonlySet<string>;
}

async function fold({ nodes, initialisers }: OnnxGraph, file: string): Promise<Folded> {
  const constants = new Map(initialisers);
  const floats = new Map<string, { readonly constant: Constant; readonly by: string }>();
  const layers: OnnxLayer[] = [];
  const spent = new Set<string>();
  const known: Known = { file, get: (name) => (name ? constants.get(name) : undefined) };
  for (const node of nodes) {
    const made = await foldOne(node, known);
    if (made) {
      const [output = ''] = node.outputs;
      if (output === '' || constants.has(output)) throw corrupt(file, `two values are called "${output}"`);
      constants.set(output, made);
      node.inputs.forEach((name) => spent.add(name));
      continue;
    }
    const quantised = floatLayer(node, known);
    layers.push(layerOf(quantised?.node ?? node));
    if (!quantised) continue;
    quantised.factors.forEach((name) => spent.add(name));
    for (const [name, { constant, by }] of quantised.constants) {
      const before = floats.get(name);
      if (before && before.by !== by) {
        throw unreadable(file, 'part', `uses the quantised tensor ${name} with two scales`, saveAgain);
      }
      floats.set(name, { constant, by });
    }
  }
  for (const [name, { constant }] of floats) constants.set(name, constant);
  return { constants, layers, spent };
}

async function foldOne(node: GraphNode, known: Known): Promise<Constant | null> {
  const folding = Object.hasOwn(foldings, node.type) ? foldings[node.type] : undefined;
  return folding && node.outputs.length === 1 ? folding(node, known) : null;
}

const layerOf = ({ type, inputs, outputs, attributes }: GraphNode): OnnxLayer => ({
  type,
  inputs,
  outputs,
  attributes,
});

function tensorOf(file: string, name: string, { dtype, shape, values }: Constant): StoredTensor {
  if (values) return storedTensor(file, name, dtype, shape, values);
  const read = async () => {
    throw unreadable(file, 'part', `stores ${name} as ${dtype}, which holds no weights here`, saveAgain);
  };
  return { name, dtype, shape, read };
}
