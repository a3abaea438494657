import { ConvScopeError } from '../../src/models/errors.ts';
import { openTensorFile } from '../../src/workers/readers/open.ts';
import { bytesOf, type ByteSource, type TensorFile } from '../../src/workers/readers/tensorFile.ts';

/** What a reader may do with a damaged file: give tensors that hold together, or one of the four errors of weight files. */

export type Outcome =
  | { readonly kind: 'read'; readonly file: TensorFile }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'wrong'; readonly why: string };

const codes: ReadonlySet<string> = new Set(['weights-format', 'weights-corrupt', 'weights-truncated']);

/** Bytes that typed arrays and array buffers were asked for since the counting began. */
let allocated = 0;
/** More in one piece than any of these files can stand for. */
let largest = 0;

function count(bytes: number): void {
  allocated += bytes;
  largest = Math.max(largest, bytes);
}

// prettier-ignore
const counted = ['Uint8Array', 'Uint16Array', 'Uint32Array', 'Int8Array', 'Int16Array', 'Int32Array',
  'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'ArrayBuffer'] as const;

/** Counts allocations of everything that looks these constructors up from now on; returns what ends it. */
export function countAllocations(): () => void {
  const originals = new Map<string, unknown>();
  const globals = globalThis as unknown as Record<string, unknown>;
  for (const name of counted) {
    const original = globals[name] as { new (...args: unknown[]): { byteLength: number; buffer?: unknown } };
    originals.set(name, original);
    globals[name] = new Proxy(original, {
      construct(target, args, newTarget) {
        const [first] = args as [unknown];
        // Refused before it is made: a test that runs out of memory tells nothing.
        if (typeof first === 'number' && first > 2 ** 28) throw new Error(`new ${name}(${first})`);
        const made = Reflect.construct(target, args, newTarget) as { byteLength: number; buffer?: unknown };
        if (made.buffer !== first) count(made.byteLength);
        return made;
      },
    });
  }
  return () => originals.forEach((original, name) => (globals[name] = original));
}

/** A source that counts what is asked of it and never takes a range from outside. */
function watched(name: string, bytes: Uint8Array): { source: ByteSource; asked: () => number } {
  const inner = bytesOf(name, bytes);
  let asked = 0;
  const source: ByteSource = {
    ...inner,
    read: (start, end) => {
      if (!(start >= 0 && end >= start && end <= bytes.length)) throw new Error(`read(${start}, ${end})`);
      asked += end - start;
      return inner.read(start, end);
    },
  };
  return { source, asked: () => asked };
}

/** Values of a tensor that are read in one test; larger ones are read at both ends. */
const most = 2 ** 16;
const room = 2 ** 18;

/** Opens the bytes, reads every tensor, and judges. `milliseconds` of computing is what one file may take. */
export async function judge(name: string, bytes: Uint8Array, milliseconds = 5000): Promise<Outcome> {
  // Not the clock's: what others do on the machine meanwhile does not count.
  const began = process.cpuUsage();
  allocated = largest = 0;
  const { source, asked } = watched(name, bytes);
  let outcome: Outcome;
  try {
    const file = await openTensorFile(source);
    const openedWith = allocated;
    // zip.js looks for its directory in the last 64 KB again and again; everything else is read once or twice.
    if (openedWith > 64 * bytes.length + room) return wrong(`opening allocated ${openedWith} bytes`);
    if (asked() > 64 * bytes.length + room) return wrong(`opening asked for ${asked()} bytes`);
    outcome = (await readAll(file, bytes.length)) ?? { kind: 'read', file };
  } catch (error) {
    outcome = refusal(error);
    if (largest > 64 * bytes.length + room) return wrong(`an array of ${largest} bytes before the refusal`);
  }
  const { user, system } = process.cpuUsage(began);
  const took = (user + system) / 1000;
  return took > milliseconds ? wrong(`it took ${Math.round(took)} ms`) : outcome;
}

const wrong = (why: string): Outcome => ({ kind: 'wrong', why });

function refusal(error: unknown): Outcome {
  if (!(error instanceof ConvScopeError)) {
    return wrong(error instanceof Error ? `${error.stack ?? error.message}` : String(error));
  }
  if (!codes.has(error.code)) return wrong(`the code ${error.code}`);
  if (error.message.length > 2000) return wrong(`a message of ${error.message.length} characters`);
  return { kind: 'refused', code: error.code };
}

async function readAll({ tensors }: TensorFile, size: number): Promise<Outcome | null> {
  for (const [name, tensor] of tensors) {
    if (tensor.name !== name) return wrong(`${name} calls itself ${tensor.name}`);
    const elements = tensor.shape.reduce((product, n) => product * n, 1);
    if (!Number.isSafeInteger(elements) || elements < 0) return wrong(`${name} has ${elements} values`);
    const parts: [number, number][] =
      elements <= most
        ? [[0, elements]]
        : [
            [0, most / 2],
            [elements - most / 2, most / 2],
          ];
    for (const [first, n] of parts) {
      allocated = largest = 0;
      const values = await tensor.read(first, n);
      if (values.length !== n) return wrong(`${name} gave ${values.length} values for ${n}`);
      if (values.some((value) => !Number.isFinite(value)))
        return wrong(`${name} has a value that is no number`);
      if (allocated > 64 * n + 64 * size + room)
        return wrong(`reading ${n} of ${name} allocated ${allocated}`);
    }
  }
  return null;
}
