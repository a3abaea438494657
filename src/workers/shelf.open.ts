import type { KeptFile } from './platform.ts';
import { blobSource } from './readers/tensorFile.ts';
import { openChannel, type ShelfMessage } from './shelf.channel.ts';
import { opfsDisk } from './shelf.disk.opfs.ts';
import { keptMissing } from './shelf.errors.ts';
import { openKeptFrom, titleOf } from './shelf.files.ts';

/** How long the shelf's worker has for its answer; it is a message within one machine. */
const answerMs = 5000;

/**
 * A whole file of the shelf for the engine, read where it lies: in the browser's storage or, where that is refused, in
 * the memory of the shelf's worker. Throws 'kept-missing' where it is not there any more.
 */
export async function openKept(id: string): Promise<KeptFile> {
  const disk = await opfsDisk();
  return disk ? openKeptFrom(disk, id) : openFromMemory(id);
}

function openFromMemory(id: string): Promise<KeptFile> {
  const channel = openChannel();
  const nonce = `${id} ${Math.random()}`;
  return new Promise<KeptFile>((resolve, reject) => {
    const timer = setTimeout(() => reject(keptMissing(id)), answerMs);
    channel.onmessage = ({ data }: MessageEvent<ShelfMessage>) => {
      if (data.kind !== 'answer' || data.nonce !== nonce) return;
      clearTimeout(timer);
      resolve({ item: data.item, source: blobSource(titleOf(data.item), data.blob) });
    };
    channel.postMessage({ kind: 'ask', id, nonce } satisfies ShelfMessage);
  }).finally(() => channel.close());
}
