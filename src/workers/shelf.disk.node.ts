import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from './readers/tensorFile.ts';
import type { Disk, OpenFile } from './shelf.disk.ts';

const orNull = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** A folder of this machine, made where it is missing. */
export function folderDisk(folder: string): Disk {
  const path = (name: string): string => join(folder, name);
  return {
    place: 'device',
    names: async () => (await orNull(readdir(folder))) ?? [],
    sizeOf: async (name) => (await orNull(stat(path(name))))?.size ?? null,
    async open(name) {
      await mkdir(folder, { recursive: true });
      return openFile(path(name));
    },
    async source(name) {
      const size = await this.sizeOf(name);
      return size === null ? null : fileSource(path(name), name, size);
    },
    remove: (name) => rm(path(name), { force: true }),
  };
}

/** A file for reading and writing, made where it is missing. */
export async function openFile(path: string): Promise<OpenFile> {
  const handle = (await orNull(open(path, 'r+'))) ?? (await open(path, 'w+'));
  let length = (await handle.stat()).size;
  return {
    size: () => length,
    async read(start, end) {
      const out = new Uint8Array(end - start);
      let done = 0;
      while (done < out.length) {
        const { bytesRead } = await handle.read(out, done, out.length - done, start + done);
        if (bytesRead === 0) throw new Error(`${path} ends at byte ${start + done}`);
        done += bytesRead;
      }
      return out;
    },
    async write(at, bytes) {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
      length = Math.max(length, at + bytes.length);
    },
    async truncate(size) {
      await handle.truncate(size);
      length = size;
    },
    flush: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/** A file's bytes, read where they lie: it is opened for each read, so that nothing has to be closed. */
export function fileSource(path: string, name: string, size: number): ByteSource {
  return {
    name,
    size,
    async read(start, end) {
      const handle = await open(path, 'r');
      try {
        const out = new Uint8Array(end - start);
        let done = 0;
        while (done < out.length) {
          const { bytesRead } = await handle.read(out, done, out.length - done, start + done);
          if (bytesRead === 0) throw new Error(`${name} ends at byte ${start + done}`);
          done += bytesRead;
        }
        return out;
      } finally {
        await handle.close();
      }
    },
  };
}
