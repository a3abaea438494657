import { stat, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { ConvScopeError } from '../models/errors.ts';
import type { Volume } from '../models/graph.ts';
import type { Pixels } from '../models/preprocessing.ts';
import { readFailure } from './decode.ts';
import { encodeNpy } from './npy.ts';

function unusable(path: string, why: string): ConvScopeError {
  return new ConvScopeError('bad-parameter', `--out ${path} cannot be written: ${why}`, { parameter: 'out' });
}

/** Refuses a path before the network runs: the wrong extension, or a folder that is not there. */
export async function checkOutput(path: string): Promise<void> {
  if (!['.png', '.npy'].includes(extname(path).toLowerCase())) {
    throw unusable(
      path,
      'give it the extension .png (a picture) or .npy (the raw float32 values for NumPy).',
    );
  }
  const folder = await stat(dirname(path)).catch(() => null);
  if (!folder?.isDirectory()) throw unusable(path, `there is no folder ${dirname(path)}; create it first.`);
}

async function encodePng({ width, height, data }: Pixels): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

/** Writes `volume` as .npy, or the picture that `draw` makes of it as .png, as the path's extension says. */
export async function writeOutput(path: string, volume: Volume, draw: () => Pixels): Promise<void> {
  const npy = extname(path).toLowerCase() === '.npy';
  const bytes = npy ? encodeNpy(volume.values, volume.shape) : await encodePng(draw());
  try {
    await writeFile(path, bytes);
  } catch (error) {
    throw unusable(path, `${readFailure(error)}.`);
  }
}
