import type { CheckpointMatch } from '../models/checkpoint.ts';
import { readParameter, type ReadableTensors } from '../models/checkpointValues.ts';
import { elements } from '../models/shape.ts';
import { encodeElements, safetensorsPlan, type TensorPlan } from './readers/safetensors.write.ts';
import type { OpenFile } from './shelf.disk.ts';

/**
 * A checkpoint of any format rewritten as a safetensors file of the network's own parameters: names by node, PyTorch's
 * layout, float16 where it can hold the values. Tensor by tensor and piece by piece: a file of any size takes 16 MB.
 */

export interface Converted {
  readonly bytes: number;
  readonly tensors: number;
  /** Tensors that hold values beyond float16 (65504) and stay float32, with the number of such values. */
  readonly wide: readonly { readonly name: string; readonly values: number }[];
}

export interface ConvertHooks {
  /** Called before each piece; throws to cancel. */
  checkpoint(): void;
  onProgress(doneNumbers: number, totalNumbers: number): void;
}

export interface ConvertOptions {
  readonly dtype: 'F16' | 'F32';
  readonly metadata: Readonly<Record<string, string>>;
}

/** Numbers that are in memory at a time: 4 MB as float32. Transposed tensors are read whole for each piece. */
const pieceNumbers = 2 ** 20;
const transposedPieceNumbers = 2 ** 22;
/** Magnitudes from here on round to infinity: half-way between the largest half and the next step. */
const beyondHalf = 65_520;

/** Writes the file into `out` from its beginning. Nothing of it is readable before the header, which comes last. */
export async function convertCheckpoint(
  match: CheckpointMatch,
  file: ReadableTensors,
  out: OpenFile,
  { dtype, metadata }: ConvertOptions,
  hooks: ConvertHooks,
): Promise<Converted> {
  const recipes = [...match.recipes].map(([key, recipe]) => ({ name: key.replaceAll('/', '.'), recipe }));
  // Float32 offsets have at least as many digits as any others: this much room the header never exceeds.
  const room = safetensorsPlan(
    recipes.map(({ name, recipe: { shape } }) => ({ name, shape, dtype: 'F32' })),
    metadata,
  ).header.length;
  const total = recipes.reduce((sum, { recipe }) => sum + elements(recipe.shape), 0);
  await out.truncate(0);
  const written: TensorPlan[] = [];
  const wide: { name: string; values: number }[] = [];
  let [at, done] = [room, 0];
  for (const { name, recipe } of recipes) {
    // Vectors (biases, means, variances) are few numbers: float32 keeps them exact for nothing.
    const wanted = dtype === 'F16' && recipe.shape.length > 1 ? 'F16' : 'F32';
    const start = at;
    const attempt = async (as: 'F16' | 'F32'): Promise<number> => {
      at = start;
      let beyond = 0;
      for await (const values of piecesOf(recipe, file)) {
        hooks.checkpoint();
        if (as === 'F16') beyond += countBeyond(values);
        const bytes = encodeElements(values, as);
        await out.write(at, bytes);
        at += bytes.length;
        hooks.onProgress(Math.min(total, done + (at - start) / (as === 'F16' ? 2 : 4)), total);
      }
      return beyond;
    };
    const beyond = await attempt(wanted);
    if (beyond > 0) {
      wide.push({ name, values: beyond });
      await attempt('F32');
    }
    written.push({ name, shape: recipe.shape, dtype: beyond > 0 ? 'F32' : wanted });
    done += elements(recipe.shape);
  }
  const plan = safetensorsPlan(written, metadata);
  await out.write(0, paddedHeader(plan.header, room));
  await out.truncate(at);
  await out.flush();
  return { bytes: at, tensors: written.length, wide };
}

async function* piecesOf(
  recipe: Parameters<typeof readParameter>[0],
  file: ReadableTensors,
): AsyncGenerator<Float32Array<ArrayBuffer>> {
  const rows = recipe.shape[0] ?? 1;
  const rowNumbers = elements(recipe.shape.slice(1));
  const isTransposed = 'layout' in recipe.from && recipe.from.layout === 'transposed';
  const perPiece = Math.max(
    1,
    Math.floor((isTransposed ? transposedPieceNumbers : pieceNumbers) / rowNumbers),
  );
  for (let first = 0; first < rows; first += perPiece) {
    yield await readParameter(recipe, file, { first, count: Math.min(perPiece, rows - first) });
  }
}

function countBeyond(values: Float32Array): number {
  let beyond = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) >= beyondHalf) beyond += 1;
  return beyond;
}

/** The header with spaces behind it, as the format allows, so that the data begins at byte `length`. */
function paddedHeader(header: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length).fill(0x20, 8);
  new DataView(out.buffer).setBigUint64(0, BigInt(length - 8), true);
  out.set(header.subarray(8), 8);
  return out;
}
