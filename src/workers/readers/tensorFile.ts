/**
 * Weight files of any format, read piece by piece: opening a file reads its directory only, and a tensor's values are
 * read when they are asked for, as many at a time as the caller has room for.
 */

/** A file's bytes, wherever it lies: nothing is in memory until it is asked for. */
export interface ByteSource {
  /** For the messages. */
  readonly name: string;
  readonly size: number;
  /** The bytes from `start` up to but not including `end`, both within `size`, in an array of their own. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

export type TensorFormat = 'safetensors' | 'pytorch' | 'pytorch-legacy' | 'onnx';

/** One tensor of a file: its place is checked, its values are not read yet. */
export interface StoredTensor {
  readonly name: string;
  /** As the file calls it: 'F32', 'F16', 'BF16', 'F64', 'I8 x scale' ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  /**
   * `count` values from number `first` on (row-major), as new float32 numbers; left out: all.
   * Throws 'weights-corrupt' where a value is not a finite number, 'weights-format' for a type that holds no weights.
   */
  read(first?: number, count?: number): Promise<Float32Array<ArrayBuffer>>;
  /** The same as the words of half precision that the file stores; left out where it stores something else. */
  readonly readHalves?: (first: number, count: number) => Promise<Uint16Array<ArrayBuffer>>;
}

/**
 * One operation of an ONNX graph: all of them are needed to tell which layer of the network has which weights, since
 * two branches may have the same shapes and exporters run branches in any order.
 */
export interface OnnxLayer {
  /** 'Conv', 'Gemm' ...; with its domain in front where that is not ONNX's own: 'com.microsoft.QLinearAdd'. */
  readonly type: string;
  /** Names of the values it reads, '' where one is left out; those of initialisers and constants are keys of `tensors`. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>;
}

export interface TensorFile {
  readonly name: string;
  readonly format: TensorFormat;
  readonly bytes: number;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Only of ONNX files: every operation in the order in which the file runs them, but those whose inputs are all
   * constants (`Constant`, an `Identity`, `Reshape`, `Transpose` or `DequantizeLinear` of a stored tensor ...): what they
   * give is a tensor. QLinearConv, QLinearMatMul and QGemm are told as Conv, MatMul and Gemm with float weights.
   */
  readonly layers?: readonly OnnxLayer[];
}

/** All bytes at hand already: a test, a file that was read whole. */
export function bytesOf(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (start, end) => bytes.slice(start, end) as Uint8Array<ArrayBuffer>,
  };
}

/** A file of the page's user, or one kept in the browser's storage; its bytes stay on the disk. */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
}
