import { BinaryReader } from '@bufbuild/protobuf/wire';
import { corrupt, truncated, unreadable } from './failures.ts';
import { orCorrupt } from './source.ts';
import type { ByteSource } from './tensorFile.ts';

/**
 * Protobuf messages walked in the file, field by field: protobuf-es reads tags and numbers, and the content of a field
 * is a range, so that a tensor of hundreds of megabytes is passed over and not read.
 */

/** Bytes `start` to `end` of a file. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One field's content; a number (varint) lies at its range too, so that all kinds can be read from there. */
export interface Field extends Range {
  readonly wire: 'number' | 'fixed64' | 'bytes' | 'fixed32';
}

const wires: Readonly<Record<number, Field['wire']>> = {
  0: 'number',
  1: 'fixed64',
  2: 'bytes',
  5: 'fixed32',
};

/** More than a graph of thousands of operations has, and few enough that no file makes a page stand still. */
const maximalFields = 500_000;
/** In all lists of numbers that are no tensors. */
const maximalNumbers = 2_000_000;
/** Names and texts. */
const maximalTextBytes = 2 ** 20;
/** What is read at a time where structure is: tags and small fields lie together, tensors are passed over. */
const chunkBytes = 16 * 2 ** 10;

export type OnField = (field: Field) => void | Promise<void>;

/** A file's structure, through a small window of its bytes. */
export class Wire {
  private chunk: Uint8Array = new Uint8Array(0);
  private chunkStart = 0;
  private fields = 0;
  private listed = 0;

  constructor(readonly source: ByteSource) {}

  get file(): string {
    return this.source.name;
  }

  /** The bytes of a range; small ones come out of the window. */
  async bytes({ start, end }: Range): Promise<Uint8Array> {
    if (end - start > chunkBytes) return this.source.read(start, end);
    if (start < this.chunkStart || end > this.chunkStart + this.chunk.length) {
      this.chunk = await this.source.read(start, Math.min(start + chunkBytes, this.source.size));
      this.chunkStart = start;
    }
    return this.chunk.subarray(start - this.chunkStart, end - this.chunkStart);
  }

  /** Hands each field of a message to the row of its number; fields without a row are passed over. */
  async message({ start, end }: Range, rows: Readonly<Record<number, OnField>>): Promise<void> {
    for (let at = start; at < end;) {
      if (++this.fields > maximalFields) {
        throw unreadable(
          this.file,
          'part',
          `has more than ${maximalFields} fields`,
          'No network here needs so many.',
        );
      }
      const { number, field } = await this.fieldAt(at, end);
      await rows[number]?.(field);
      at = field.end;
    }
  }

  private async fieldAt(at: number, end: number): Promise<{ number: number; field: Field }> {
    const head = await this.bytes({ start: at, end: Math.min(at + 16, end) });
    return orCorrupt(this.file, `the field at byte ${at} cannot be read`, () => {
      const reader = new BinaryReader(head);
      const [number, wireType] = reader.tag();
      const wire = wires[wireType];
      if (wire === undefined)
        throw corrupt(this.file, `the field at byte ${at} is of a kind that ONNX has not`);
      const content = at + reader.pos;
      let length = wire === 'fixed64' ? 8 : wire === 'fixed32' ? 4 : 0;
      let start = content;
      if (wire === 'bytes') {
        length = reader.uint32();
        start = at + reader.pos;
      } else if (wire === 'number') {
        reader.uint64();
        length = at + reader.pos - content;
      }
      if (start + length > end) throw this.tooLong(at, start + length, end);
      return { number, field: { wire, start, end: start + length } };
    });
  }

  private tooLong(at: number, needed: number, end: number) {
    if (end === this.source.size) {
      return truncated(this.file, `it needs at least ${needed} bytes, it has ${end}`, end, needed);
    }
    return corrupt(this.file, `the field at byte ${at} is longer than what it belongs to`);
  }

  async text(field: Field): Promise<string> {
    this.expect(field, 'bytes');
    const bytes = await this.bytes(this.short(field));
    return orCorrupt(this.file, `the text at byte ${field.start} is not UTF-8`, () =>
      new TextDecoder('utf-8', { fatal: true }).decode(bytes),
    );
  }

  /** A whole number; where it is larger than JavaScript counts exactly, the nearest. */
  async number(field: Field): Promise<number> {
    this.expect(field, 'number');
    return Number(new BinaryReader(await this.bytes(field)).int64());
  }

  async float(field: Field): Promise<number> {
    this.expect(field, 'fixed32');
    return new BinaryReader(await this.bytes(field)).float();
  }

  /** A repeated whole number: one value of it, or several packed into one field. */
  async numbers(field: Field): Promise<readonly number[]> {
    if (field.wire === 'number') return [await this.number(field)];
    const reader = await this.packed(field);
    const out: number[] = [];
    await orCorrupt(this.file, `the numbers at byte ${field.start} cannot be read`, () => {
      while (reader.pos < reader.len) out.push(this.counted(Number(reader.int64())));
    });
    return out;
  }

  async floats(field: Field): Promise<readonly number[]> {
    if (field.wire === 'fixed32') return [await this.float(field)];
    const reader = await this.packed(field);
    const out: number[] = [];
    await orCorrupt(this.file, `the numbers at byte ${field.start} cannot be read`, () => {
      while (reader.pos < reader.len) out.push(this.counted(reader.float()));
    });
    return out;
  }

  /** Lists in attributes and shapes; tensors' numbers are not read this way. */
  private async packed(field: Field): Promise<BinaryReader> {
    this.expect(field, 'bytes');
    return new BinaryReader(await this.bytes(this.short(field)));
  }

  private counted(n: number): number {
    if (++this.listed > maximalNumbers)
      throw corrupt(this.file, `its lists have over ${maximalNumbers} numbers`);
    return n;
  }

  /** The same field, where it is no longer than names, texts and lists of numbers are. */
  short(field: Field): Field {
    const bytes = field.end - field.start;
    if (bytes > maximalTextBytes) throw corrupt(this.file, `it has a name or a list of ${bytes} bytes`);
    return field;
  }

  expect(field: Field, wire: Field['wire']): void {
    if (field.wire !== wire) throw corrupt(this.file, `the field at byte ${field.start} is of another kind`);
  }
}
