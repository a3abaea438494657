import { openAsBlob } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * A file of the disk as a Blob: its bytes are read when they are asked for. Rejects as `node:fs/promises` does where the
 * file is missing or cannot be read, which `openAsBlob` alone tells in no way.
 */
export async function fileBlob(path: string): Promise<Blob> {
  const handle = await open(path);
  const isFile = (await handle.stat().finally(() => handle.close())).isFile();
  if (!isFile) throw Object.assign(new Error('it is not a file'), { code: 'EISDIR' });
  return openAsBlob(path);
}
