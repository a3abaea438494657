import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointLayer, CheckpointTensors } from '../../src/models/checkpoint.ts';

type Stored = Readonly<
  Record<
    string,
    {
      readonly tensors: Readonly<Record<string, readonly number[]>>;
      readonly layers: readonly (readonly [
        type: string,
        inputs: readonly string[],
        outputs: readonly string[],
        attributes: CheckpointLayer['attributes'],
      ])[];
    }
  >
>;

const stored = JSON.parse(readFileSync(join(import.meta.dirname, 'onnx.json'), 'utf8')) as Stored;

export const onnxNames: readonly string[] = Object.keys(stored);

/** The graph of an ONNX file with the shapes of its tensors; training/checkpoints/onnx_graphs.py wrote it. */
export function onnxGraph(name: string): CheckpointTensors & { readonly layers: readonly CheckpointLayer[] } {
  const graph = stored[name];
  if (!graph) throw new Error(`onnx.json has no graph '${name}'`);
  return {
    tensors: new Map(Object.entries(graph.tensors).map(([tensor, shape]) => [tensor, { shape }])),
    layers: graph.layers.map(([type, inputs, outputs, attributes]) => ({
      type,
      inputs,
      outputs,
      attributes,
    })),
  };
}
