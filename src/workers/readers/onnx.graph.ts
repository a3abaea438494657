import { corrupt, truncated, unreadable } from './failures.ts';
import { readTensor, type Constant } from './onnx.tensor.ts';
import { Wire, type Range } from './onnx.wire.ts';
import type { ByteSource } from './tensorFile.ts';

/** ModelProto, GraphProto and NodeProto (onnx.proto), as far as weights need them. */

type Attribute = number | string | readonly number[];

export interface GraphNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** The tensor among the attributes: `value` of Constant and ConstantOfShape. */
  readonly tensor?: Constant;
}

export interface OnnxGraph {
  readonly nodes: readonly GraphNode[];
  readonly initialisers: ReadonlyMap<string, Constant>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads a model's structure; throws 'weights-format' where the file is another kind of protobuf message. */
export async function readGraph(source: ByteSource): Promise<OnnxGraph> {
  const wire = new Wire(source);
  const { name: file, size } = source;
  const graphs: Range[] = [];
  const texts = new Map<string, string>();
  let version = 0;
  const note = (key: string) => async (field: Parameters<Wire['text']>[0]) =>
    void texts.set(key, await wire.text(field));
  await wire.message(
    { start: 0, end: size },
    {
      1: async (field) => void (version = field.wire === 'number' ? await wire.number(field) : 0),
      2: (field) => (field.wire === 'bytes' ? note('producer')(field) : undefined),
      3: (field) => (field.wire === 'bytes' ? note('producerVersion')(field) : undefined),
      7: (field) => {
        wire.expect(field, 'bytes');
        graphs.push(field);
      },
      8: async (field) => {
        wire.expect(field, 'bytes');
        const [domain, opset] = await readOpset(wire, field);
        if (domain === '') texts.set('opset', String(opset));
      },
    },
  );
  const [graph] = graphs;
  if (!graph) {
    throw unreadable(
      file,
      'tensorflow',
      'is a protobuf message without an ONNX graph (a TensorFlow SavedModel, Core ML, or one tensor)',
      'Export the model as ONNX with its own framework.',
    );
  }
  // Every model since version 3 says which operators it means, and writers put that behind the graph.
  if (version >= 3 && !texts.has('opset'))
    throw truncated(file, 'it does not say which operators it uses', size);
  if (graphs.length > 1) throw corrupt(file, 'it has two graphs');
  return { ...(await readNodes(wire, graph)), metadata: Object.fromEntries(texts) };
}

async function readOpset(wire: Wire, message: Range): Promise<[string, number]> {
  let domain = '';
  let version = 0;
  await wire.message(message, {
    1: async (field) => void (domain = await wire.text(field)),
    2: async (field) => void (version = await wire.number(field)),
  });
  return [domain === 'ai.onnx' ? '' : domain, version];
}

async function readNodes(wire: Wire, graph: Range) {
  const nodes: GraphNode[] = [];
  const initialisers = new Map<string, Constant>();
  await wire.message(graph, {
    1: async (field) => {
      wire.expect(field, 'bytes');
      nodes.push(await readNode(wire, field));
    },
    5: async (field) => {
      wire.expect(field, 'bytes');
      const { name, constant } = await readTensor(wire, field);
      if (initialisers.has(name)) throw corrupt(wire.file, `it holds two tensors called ${name}`);
      initialisers.set(name, constant);
    },
    15: () => {
      throw unreadable(wire.file, 'part', 'holds sparse weights', 'Export it again with dense ones.');
    },
  });
  return { nodes, initialisers };
}

async function readNode(wire: Wire, message: Range): Promise<GraphNode> {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  let tensor: Constant | undefined;
  let type = '';
  let domain = '';
  await wire.message(message, {
    1: async (field) => void inputs.push(await wire.text(field)),
    2: async (field) => void outputs.push(await wire.text(field)),
    4: async (field) => void (type = await wire.text(field)),
    5: async (field) => {
      wire.expect(field, 'bytes');
      const read = await readAttribute(wire, field);
      if (read.value !== undefined) attributes.set(read.name, read.value);
      if (read.name === 'value') tensor ??= read.tensor;
    },
    7: async (field) => void (domain = await wire.text(field)),
  });
  const own = domain === '' || domain === 'ai.onnx';
  return {
    type: own ? type : `${domain}.${type}`,
    inputs,
    outputs,
    attributes: Object.fromEntries(attributes),
    ...(tensor && { tensor }),
  };
}

/** Attributes hold one of many kinds; graphs (the branches of If and Loop) and lists of texts say nothing of weights. */
async function readAttribute(wire: Wire, message: Range) {
  let name = '';
  let value: Attribute | undefined;
  let tensor: Constant | undefined;
  const list: number[] = [];
  const add = (numbers: readonly number[]) => {
    for (const n of numbers) list.push(n);
    value = list;
  };
  await wire.message(message, {
    1: async (field) => void (name = await wire.text(field)),
    2: async (field) => void (value = await wire.float(field)),
    3: async (field) => void (value = await wire.number(field)),
    4: async (field) => {
      wire.expect(field, 'bytes');
      value = new TextDecoder().decode(await wire.bytes(wire.short(field)));
    },
    5: async (field) => {
      wire.expect(field, 'bytes');
      tensor = (await readTensor(wire, field)).constant;
    },
    7: async (field) => add(await wire.floats(field)),
    8: async (field) => add(await wire.numbers(field)),
  });
  return { name, value, tensor };
}
