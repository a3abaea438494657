import type { ConvScopeError } from '../../models/errors.ts';
import { truncated, unreadable } from './failures.ts';
import { Machine } from './pickle.machine.ts';
import { Tuple, type Pickled, type Vocabulary } from './pickle.values.ts';

/**
 * A restricted unpickler: the stack machine of Python's pickle (protocols 0 to 5, the opcodes that `torch.save` writes)
 * that builds plain containers and hands every name to a list of what is allowed. It calls nothing that the
 * file names; an opcode or a name that it does not know ends it.
 */

/** More than any state dict needs (about 60 a tensor), and few enough that no file fills the memory with empty lists. */
const maximalOperations = 2_000_000;

const latin1 = new TextDecoder('latin1');

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
