import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { elements } from '../src/models/shape.ts';

/** Protobuf messages of ONNX in pieces, so that a file of half a gigabyte is never in memory at once. */

/** A tensor's values, made when the file is written. */
export interface Later {
  readonly bytes: number;
  read(): Promise<Float32Array>;
}
export type Piece = Uint8Array | Later;
export type Build = (writer: BinaryWriter) => void;

export const byteCount = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + ('bytes' in piece ? piece.bytes : piece.length), 0);

export function bytes(build: Build): Uint8Array {
  const writer = new BinaryWriter();
  build(writer);
  return writer.finish();
}

/** A field that holds a message, a text or raw values, of which some come later. */
export function field(number: number, content: readonly Piece[]): readonly Piece[] {
  const head = bytes((w) => w.tag(number, WireType.LengthDelimited).uint32(byteCount(content)));
  return [head, ...content];
}

export const number =
  (at: number, value: number): Build =>
  (w) =>
    void w.tag(at, WireType.Varint).int64(value);
export const text =
  (at: number, value: string): Build =>
  (w) =>
    void w.tag(at, WireType.LengthDelimited).string(value);
export const message =
  (at: number, ...builds: readonly Build[]): Build =>
  (w) =>
    void w.tag(at, WireType.LengthDelimited).bytes(bytes(all(builds)));
export const all =
  (builds: readonly Build[]): Build =>
  (w) =>
    builds.forEach((build) => build(w));

export type Attribute = number | { readonly float: number } | readonly number[];

/** AttributeProto: a whole number, a float or a list of whole numbers. */
export function attribute(name: string, value: Attribute): Build {
  if (typeof value === 'number') return message(5, text(1, name), number(3, value), number(20, 2));
  if ('float' in value) {
    return message(5, text(1, name), (w) => void w.tag(2, WireType.Bit32).float(value.float), number(20, 1));
  }
  return message(5, text(1, name), ...value.map((each) => number(8, each)), number(20, 7));
}

/** TensorProto of float32 numbers as raw little-endian values. */
export function floatTensor(name: string, dims: readonly number[], read: Later['read']): readonly Piece[] {
  const head = bytes(all([...dims.map((size) => number(1, size)), number(2, 1), text(8, name)]));
  return [head, ...field(9, [{ bytes: elements(dims) * 4, read }])];
}

/** TensorProto of int64 numbers, for what ONNX takes as an input that is a list. */
export const wholeTensor = (name: string, values: readonly number[]): Uint8Array =>
  bytes(
    all([number(1, values.length), number(2, 7), ...values.map((each) => number(7, each)), text(8, name)]),
  );

/** ValueInfoProto of a float32 tensor. */
export const valueInfo = (at: number, name: string, dims: readonly number[]): Build =>
  message(
    at,
    text(1, name),
    message(2, message(1, number(1, 1), message(2, ...dims.map((size) => message(1, number(1, size)))))),
  );
