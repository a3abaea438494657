import type { ConvScopeError } from '../../models/errors.ts';
import { corrupt } from './failures.ts';
import { Known, PickleEnds, Tuple, type Pickled, type Vocabulary } from './pickle.values.ts';

/** Bytes of whole numbers: Python's have any length, and those of weight files fit 16 (PyTorch's magic number: 10). */
const maximalLongBytes = 16;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The stack, the memory and the reading place of a pickle that is being run; nothing leaves the bytes' end. */
export class Machine {
  private readonly stack: Pickled[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, Pickled>();
  private readonly view: DataView;
  result: { readonly value: Pickled } | null = null;

  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
    readonly file: string,
    readonly vocabulary: Vocabulary,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  damage(message: string): ConvScopeError {
    return corrupt(this.file, `its pickle ${message} (byte ${this.at})`);
  }

  /** Moves on by `count` bytes and says where they begin. */
  private pass(count: number): number {
    const from = this.at;
    if (count > this.bytes.length - from) throw new PickleEnds();
    this.at += count;
    return from;
  }

  u8 = (): number => this.bytes[this.pass(1)]!;
  u16 = (): number => this.view.getUint16(this.pass(2), true);
  u32 = (): number => this.view.getUint32(this.pass(4), true);
  i32 = (): number => this.view.getInt32(this.pass(4), true);
  u64(): number {
    const n = this.view.getBigUint64(this.pass(8), true);
    if (n > 0xffff_ffff_ffffn) throw this.damage(`announces ${n} bytes`);
    return Number(n);
  }
  f64 = (): number => this.view.getFloat64(this.pass(8));

  raw(count: number): Uint8Array {
    const from = this.pass(count);
    return this.bytes.subarray(from, from + count);
  }

  text(count: number): string {
    const bytes = this.raw(count);
    try {
      return utf8.decode(bytes);
    } catch {
      throw this.damage('holds text that is not UTF-8');
    }
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new PickleEnds();
    const text = this.text(end - this.at);
    this.at++;
    return text;
  }

  /** A little-endian two's complement number of any length. */
  long(count: number): number | bigint {
    if (count > maximalLongBytes) throw this.damage(`holds a whole number of ${count} bytes`);
    const bytes = this.raw(count);
    let n = 0n;
    for (let i = count - 1; i >= 0; i--) n = (n << 8n) | BigInt(bytes[i]!);
    if (count > 0 && bytes[count - 1]! & 0x80) n -= 1n << BigInt(8 * count);
    return n >= Number.MIN_SAFE_INTEGER && n <= Number.MAX_SAFE_INTEGER ? Number(n) : n;
  }

  push(value: Pickled): void {
    this.stack.push(value);
  }

  /** Never reaches below the last mark: what is under it belongs to an unfinished container. */
  pop(): Pickled {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw this.damage('takes from an empty stack');
    return this.stack.pop()!;
  }

  top(): Pickled {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw this.damage('reads from an empty stack');
    return this.stack.at(-1)!;
  }

  mark(): void {
    this.marks.push(this.stack.length);
  }

  toMark(): Pickled[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw this.damage('closes a list that it did not open');
    return this.stack.splice(mark);
  }

  keep(index: number): void {
    this.memo.set(index, this.top());
  }
  keepNext(): void {
    this.keep(this.memo.size);
  }
  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.damage(`recalls value ${index}, which it did not keep`);
    this.push(value);
  }

  global(module: Pickled, name: Pickled): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw this.damage('names no name');
    this.vocabulary.known(`${module}.${name}`);
    this.push(new Known(`${module}.${name}`));
  }

  reduce(): void {
    const args = this.pop();
    const called = this.pop();
    if (!(called instanceof Known) || !(args instanceof Tuple)) throw this.damage('calls what is no name');
    this.push(this.vocabulary.call(called.name, args.items));
  }

  append(items: readonly Pickled[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw this.damage('appends to what is no list');
    for (const item of items) list.push(item);
  }

  setItems(items: readonly Pickled[]): void {
    const dict = this.top();
    if (!(dict instanceof Map)) throw this.damage('sets items of what is no dict');
    if (items.length % 2 !== 0) throw this.damage('sets a key without a value');
    for (let i = 0; i < items.length; i += 2) dict.set(items[i]!, items[i + 1]!);
  }

  addItems(items: readonly Pickled[]): void {
    const set = this.top();
    if (!(set instanceof Set)) throw this.damage('adds to what is no set');
    for (const item of items) set.add(item);
  }

  /** A dict's attributes (a state dict's `_metadata`) tell nothing of the weights; no other object may have a state. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) throw this.damage('gives a state to what is no dict');
  }

  stop(): void {
    this.result = { value: this.pop() };
  }
}
