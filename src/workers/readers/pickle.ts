import type { ConvScopeError } from '../../models/errors.ts';
import { corrupt, truncated, unreadable } from './failures.ts';

/**
 * A restricted unpickler: the stack machine of Python's pickle (protocols 0 to 5, the opcodes that `torch.save` writes)
 * that builds plain containers and hands every name to a list of what is allowed. It calls nothing that the
 * file names; an opcode or a name that it does not know ends it.
 */

/** A name that the file asked for and the caller allowed. */
export class Known {
  constructor(readonly name: string) {}
}

export class Tuple {
  constructor(readonly items: readonly Pickled[]) {}
}

/** Whatever the caller makes of a persistent id or of a call. */
export abstract class Made {
  abstract readonly kind: string;
}

export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Pickled[]
  | Tuple
  | Set<Pickled>
  | Map<Pickled, Pickled>
  | Known
  | Made;

export interface Vocabulary {
  /** Whether 'module.name' may be named at all; throws an error that says why not. */
  known(name: string): void;
  call(name: string, args: readonly Pickled[]): Pickled;
  /** What a persistent id (for torch: a storage) stands for. */
  persistent(id: Pickled): Pickled;
}

/** More than any state dict needs (about 60 a tensor), and few enough that no file fills the memory with empty lists. */
const maximalOperations = 2_000_000;
/** Bytes of whole numbers: Python's have any length, and those of weight files fit 16 (PyTorch's magic number: 10). */
const maximalLongBytes = 16;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/** Raised where the bytes end within the pickle; the caller may know where more are. */
export class PickleEnds extends Error {}

class Machine {
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

/** One row an opcode; the names are those of Python's `pickletools`. */
const operations: Readonly<Record<number, (m: Machine) => void>> = {
  0x80: (m) => void protocol(m), // PROTO
  0x95: (m) => void m.u64(), // FRAME: a hint for streams
  0x28: (m) => m.mark(), // MARK
  0x2e: (m) => m.stop(), // STOP
  0x30: (m) => void m.pop(), // POP
  0x31: (m) => void m.toMark(), // POP_MARK
  0x32: (m) => m.push(m.top()), // DUP
  0x4e: (m) => m.push(null), // NONE
  0x88: (m) => m.push(true), // NEWTRUE
  0x89: (m) => m.push(false), // NEWFALSE
  0x49: (m) => m.push(wholeLine(m)), // INT
  0x4c: (m) => m.push(wholeLine(m)), // LONG
  0x46: (m) => m.push(floatLine(m)), // FLOAT
  0x4a: (m) => m.push(m.i32()), // BININT
  0x4b: (m) => m.push(m.u8()), // BININT1
  0x4d: (m) => m.push(m.u16()), // BININT2
  0x8a: (m) => m.push(m.long(m.u8())), // LONG1
  0x8b: (m) => m.push(m.long(m.u32())), // LONG4
  0x47: (m) => m.push(m.f64()), // BINFLOAT
  0x58: (m) => m.push(m.text(m.u32())), // BINUNICODE
  0x8c: (m) => m.push(m.text(m.u8())), // SHORT_BINUNICODE
  0x8d: (m) => m.push(m.text(m.u64())), // BINUNICODE8
  0x54: (m) => m.push(latin1.decode(m.raw(m.u32()))), // BINSTRING: Python 2's text
  0x55: (m) => m.push(latin1.decode(m.raw(m.u8()))), // SHORT_BINSTRING
  0x42: (m) => m.push(m.raw(m.u32()).slice()), // BINBYTES
  0x43: (m) => m.push(m.raw(m.u8()).slice()), // SHORT_BINBYTES
  0x8e: (m) => m.push(m.raw(m.u64()).slice()), // BINBYTES8
  0x5d: (m) => m.push([]), // EMPTY_LIST
  0x6c: (m) => m.push(m.toMark()), // LIST
  0x61: (m) => m.append([m.pop()]), // APPEND
  0x65: (m) => m.append(m.toMark()), // APPENDS
  0x29: (m) => m.push(new Tuple([])), // EMPTY_TUPLE
  0x74: (m) => m.push(new Tuple(m.toMark())), // TUPLE
  0x85: (m) => m.push(new Tuple(last(m, 1))), // TUPLE1
  0x86: (m) => m.push(new Tuple(last(m, 2))), // TUPLE2
  0x87: (m) => m.push(new Tuple(last(m, 3))), // TUPLE3
  0x7d: (m) => m.push(new Map()), // EMPTY_DICT
  0x64: (m) => dict(m), // DICT
  0x73: (m) => m.setItems(last(m, 2)), // SETITEM
  0x75: (m) => m.setItems(m.toMark()), // SETITEMS
  0x8f: (m) => m.push(new Set()), // EMPTY_SET
  0x90: (m) => m.addItems(m.toMark()), // ADDITEMS
  0x91: (m) => m.push(new Set(m.toMark())), // FROZENSET
  0x63: (m) => m.global(m.line(), m.line()), // GLOBAL
  0x93: (m) => m.global(...(last(m, 2) as [Pickled, Pickled])), // STACK_GLOBAL
  0x52: (m) => m.reduce(), // REDUCE
  0x62: (m) => m.build(), // BUILD
  0x51: (m) => m.push(m.vocabulary.persistent(m.pop())), // BINPERSID
  0x70: (m) => m.keep(wholeIndex(m)), // PUT
  0x71: (m) => m.keep(m.u8()), // BINPUT
  0x72: (m) => m.keep(m.u32()), // LONG_BINPUT
  0x94: (m) => m.keepNext(), // MEMOIZE
  0x67: (m) => m.recall(wholeIndex(m)), // GET
  0x68: (m) => m.recall(m.u8()), // BINGET
  0x6a: (m) => m.recall(m.u32()), // LONG_BINGET
};

/** What these would do is to make objects of classes, or to run a function: named, so that the refusal can say so. */
const refused: Readonly<Record<number, string>> = {
  0x81: 'NEWOBJ, which makes an object of a class',
  0x92: 'NEWOBJ_EX, which makes an object of a class',
  0x69: 'INST, which makes an object of a class',
  0x6f: 'OBJ, which makes an object of a class',
  0x82: 'EXT1, which calls a registered function',
  0x83: 'EXT2, which calls a registered function',
  0x84: 'EXT4, which calls a registered function',
  0x50: 'PERSID, which PyTorch does not write',
  0x53: 'STRING, which PyTorch does not write',
  0x56: 'UNICODE, which PyTorch does not write',
  0x96: 'BYTEARRAY8, which PyTorch does not write',
  0x97: 'NEXT_BUFFER, which PyTorch does not write',
  0x98: 'READONLY_BUFFER, which PyTorch does not write',
};

function protocol(m: Machine): void {
  const version = m.u8();
  if (version > 5) throw m.damage(`is of protocol ${version}`);
}

/** The last `count` values, in the order in which they were pushed. */
function last(m: Machine, count: number): Pickled[] {
  const items: Pickled[] = [];
  for (let i = 0; i < count; i++) items.push(m.pop());
  return items.reverse();
}

function dict(m: Machine): void {
  const items = m.toMark();
  m.push(new Map());
  m.setItems(items);
}

function wholeLine(m: Machine): Pickled {
  const line = m.line();
  if (line === '00') return false;
  if (line === '01') return true;
  const digits = line.endsWith('L') ? line.slice(0, -1) : line;
  const n = /^-?\d{1,15}$/.test(digits) ? Number(digits) : NaN;
  if (!Number.isSafeInteger(n)) throw m.damage('holds a whole number that is none');
  return n;
}

function wholeIndex(m: Machine): number {
  const n = wholeLine(m);
  if (typeof n !== 'number' || n < 0) throw m.damage('counts its values wrongly');
  return n;
}

function floatLine(m: Machine): number {
  const line = m.line();
  const n = /^-?[\d.]{1,40}(e[+-]?\d{1,4})?$/i.test(line) ? Number(line) : NaN;
  if (Number.isNaN(n)) throw m.damage('holds a number that is none');
  return n;
}

/**
 * Runs the pickle that begins at byte `start`; `end` is the byte after it. Throws `PickleEnds` where the bytes end
 * first, 'weights-corrupt' for a stream that no pickler writes, and what `vocabulary` throws.
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  file: string,
  vocabulary: Vocabulary,
): { readonly value: Pickled; readonly end: number } {
  const machine = new Machine(bytes, start, file, vocabulary);
  for (let done = 0; machine.result === null; done++) {
    if (done >= maximalOperations) throw machine.damage(`takes more than ${maximalOperations} steps`);
    const code = machine.u8();
    const operation = operations[code];
    if (!operation) throw strange(machine, code);
    operation(machine);
  }
  return { value: machine.result.value, end: machine.at };
}

function strange(machine: Machine, code: number): ConvScopeError {
  const what = refused[code];
  if (what === undefined) return machine.damage(`has no operation ${code}`);
  return unreadable(
    machine.file,
    'pickle',
    `holds more than weights: its pickle uses ${what}`,
    'Nothing of it was run. Load it in Python, where you trust it, and save the state dict alone: ' +
      "`torch.save(model.state_dict(), 'weights.pth')`.",
  );
}

/** As `truncated`, for a pickle whose bytes are all there are. */
export function pickleTruncated(file: string, bytes: number): ConvScopeError {
  return truncated(file, 'its pickle has no end', bytes);
}
