import { ConvScopeError } from '../models/errors.ts';
import type { Node } from '../models/graph.ts';
import { elements } from '../models/shape.ts';
import { giveBack } from './weightsLayoutUpload.ts';

/** One parameter as its checkpoint stores it (PyTorch's axis order). */
export interface RawParameter {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** By `${nodeId}/${parameter}`. */
export type RawWeights = ReadonlyMap<string, RawParameter>;

/** The parameters of a graph, wherever their values lie. A key is `${nodeId}/${parameter}`. */
export interface ParameterSource {
  /** The parameter's shape in PyTorch's axis order; null where there is none of this name. */
  shapeOf(key: string): readonly number[] | null;
  /** Whether what is read is a new array each time, which the reader may give up; else it is read only. */
  readonly fresh: boolean;
  /** `count` values from number `first` on (row-major). */
  read(key: string, first: number, count: number): Promise<Float32Array>;
  /** The same as words of half precision; null, or left out, where they are not stored like that. */
  readHalves?(key: string, first: number, count: number): Promise<Uint16Array<ArrayBuffer> | null>;
}

/** Parameters that are at hand already. */
export function arraysSource(raw: RawWeights): ParameterSource {
  return {
    fresh: false,
    shapeOf: (key) => raw.get(key)?.shape ?? null,
    read: async (key, first, count) => raw.get(key)!.values.subarray(first, first + count),
  };
}

/** The parameters of one node: what its layer is made of. */
export class NodeParameters {
  constructor(
    readonly node: Node,
    private readonly source: ParameterSource,
    /** Awaited with the number of values that were read, after each piece; reject to cancel. */
    private readonly onRead: (values: number) => void | Promise<void> = () => undefined,
  ) {}

  /** All values of a parameter. Throws 'weights-missing' or 'weights-mismatch' where there are not `length` of them. */
  async all(name: string, length: number): Promise<Float32Array> {
    this.expect(name, length);
    return this.read(name, 0, length);
  }

  /**
   * The values in pieces of whole rows, `rows * rowLength` values in all, each of at most `pieceBytes` bytes (but at
   * least a row); `use` is done with a piece before the next one is read.
   */
  async inPieces(
    name: string,
    rows: number,
    rowLength: number,
    pieceBytes: number,
    use: (values: Float32Array, firstRow: number, rows: number) => void,
  ): Promise<void> {
    this.expect(name, rows * rowLength);
    const perPiece = Math.max(1, Math.floor(pieceBytes / (rowLength * 4)));
    for (let first = 0; first < rows; first += perPiece) {
      const count = Math.min(perPiece, rows - first);
      use(await this.read(name, first * rowLength, count * rowLength), first, count);
    }
  }

  /** As `inPieces`, with the words of half precision that are stored; does nothing where none are. */
  async halvesInPieces(
    name: string,
    rows: number,
    rowLength: number,
    pieceBytes: number,
    use: (halves: Uint16Array<ArrayBuffer>, firstRow: number, rows: number) => void,
  ): Promise<void> {
    this.expect(name, rows * rowLength);
    const key = `${this.node.id}/${name}`;
    const perPiece = Math.max(1, Math.floor(pieceBytes / (rowLength * 4)));
    for (let first = 0; first < rows; first += perPiece) {
      const count = Math.min(perPiece, rows - first);
      const halves = await this.source.readHalves?.(key, first * rowLength, count * rowLength);
      if (!halves) return;
      await this.onRead(halves.length);
      use(halves, first, count);
      giveBack(halves);
    }
  }

  /** To be called with values that were read and are in use no more. */
  release(values: Float32Array): void {
    if (this.source.fresh) giveBack(values);
  }

  private async read(name: string, first: number, count: number): Promise<Float32Array> {
    const values = await this.source.read(`${this.node.id}/${name}`, first, count);
    await this.onRead(count);
    return values;
  }

  private expect(name: string, length: number): void {
    const key = `${this.node.id}/${name}`;
    const shape = this.source.shapeOf(key);
    if (!shape) {
      throw new ConvScopeError('weights-missing', `${key}: the weights do not hold this parameter.`, {
        parameter: key,
      });
    }
    const found = elements(shape);
    if (found === length) return;
    throw new ConvScopeError(
      'weights-mismatch',
      `${key}: needs ${length} values, got ${found} (${shape.join('x')}).`,
      { parameter: key },
    );
  }
}
