import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Models that no exporter writes, made field by field; the numbers are those of onnx.proto. */

export type Build = (writer: BinaryWriter) => void;

export const message = (build: Build): Uint8Array => {
  const writer = new BinaryWriter();
  build(writer);
  return writer.finish();
};

export const part = (writer: BinaryWriter, field: number, bytes: Uint8Array) =>
  writer.tag(field, WireType.LengthDelimited).bytes(bytes);
export const text = (writer: BinaryWriter, field: number, words: string) =>
  writer.tag(field, WireType.LengthDelimited).string(words);
export const number = (writer: BinaryWriter, field: number, n: number) =>
  writer.tag(field, WireType.Varint).int64(n);

export function tensor(name: string, type: number, dims: readonly number[], data: Build): Uint8Array {
  return message((w) => {
    dims.forEach((size) => number(w, 1, size));
    number(w, 2, type);
    text(w, 8, name);
    data(w);
  });
}

export const packed = (field: number, numbers: readonly number[]): Build => {
  const bytes = message((w) => numbers.forEach((n) => w.int64(n)));
  return (w) => void part(w, field, bytes);
};

export function node(type: string, inputs: readonly string[], outputs: readonly string[]): Uint8Array {
  return message((w) => {
    inputs.forEach((name) => text(w, 1, name));
    outputs.forEach((name) => text(w, 2, name));
    text(w, 4, type);
  });
}

export function model(tensors: readonly Uint8Array[], nodes: readonly Uint8Array[] = []): Uint8Array {
  const graph = message((w) => {
    nodes.forEach((bytes) => part(w, 1, bytes));
    tensors.forEach((bytes) => part(w, 5, bytes));
  });
  return message((w) => {
    number(w, 1, 8);
    part(w, 7, graph);
    part(
      w,
      8,
      message((opset) => number(opset, 2, 17)),
    );
  });
}

/** TensorProto.DataType. */
export const [float, int8, int64, half] = [1, 3, 7, 10] as const;
