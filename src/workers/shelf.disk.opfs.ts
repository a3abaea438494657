import { blobSource } from './readers/tensorFile.ts';
import type { Disk, OpenFile } from './shelf.disk.ts';

/** The folder of the origin's private file system (OPFS) that the shelf lies in. */
const folderName = 'convscope-shelf';

/** Where storage is refused (private windows of some browsers, plain http): null. */
export async function opfsDisk(): Promise<Disk | null> {
  try {
    const root = await navigator.storage.getDirectory();
    return diskIn(await root.getDirectoryHandle(folderName, { create: true }));
  } catch {
    return null;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'NotFoundError';

function diskIn(folder: FileSystemDirectoryHandle): Disk {
  const existing = async (name: string): Promise<File | null> => {
    try {
      return await (await folder.getFileHandle(name)).getFile();
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };
  return {
    place: 'device',
    async names() {
      const names: string[] = [];
      for await (const name of folder.keys()) names.push(name);
      return names;
    },
    sizeOf: async (name) => (await existing(name))?.size ?? null,
    async open(name) {
      const handle = await folder.getFileHandle(name, { create: true });
      // Sync handles are only in workers, and not in every browser's.
      return 'createSyncAccessHandle' in handle
        ? syncFile(await handle.createSyncAccessHandle())
        : streamedFile(handle);
    },
    async source(name) {
      const file = await existing(name);
      return file && blobSource(name, file);
    },
    async remove(name) {
      try {
        await folder.removeEntry(name);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
  };
}

const full = (): DOMException => new DOMException('no room is left', 'QuotaExceededError');

function syncFile(handle: FileSystemSyncAccessHandle): OpenFile {
  let length = handle.getSize();
  return {
    size: () => length,
    async read(start, end) {
      const out = new Uint8Array(end - start);
      if (handle.read(out, { at: start }) !== out.length) throw new Error('it ends too early');
      return out;
    },
    async write(at, bytes) {
      let written = 0;
      try {
        written = handle.write(bytes as Uint8Array<ArrayBuffer>, { at });
      } finally {
        // What was written of a piece that did not find room is taken back.
        if (written === bytes.length) length = Math.max(length, at + written);
        else if (handle.getSize() > length) handle.truncate(length);
      }
      if (written !== bytes.length) throw full();
    },
    async truncate(size) {
      handle.truncate(size);
      length = size;
    },
    flush: async () => handle.flush(),
    close: async () => handle.close(),
  };
}

/**
 * Over a stream that becomes the file when it is closed. What has been written since is lost with a crash; therefore it
 * is closed and opened again every 32 MB, which copies the file.
 */
async function streamedFile(handle: FileSystemFileHandle): Promise<OpenFile> {
  const commitBytes = 32 * 2 ** 20;
  let length = (await handle.getFile()).size;
  let stream: FileSystemWritableFileStream | null = null;
  let uncommitted = 0;
  const writing = async (): Promise<FileSystemWritableFileStream> =>
    (stream ??= await handle.createWritable({ keepExistingData: true }));
  const commit = async (): Promise<void> => {
    const open = stream;
    stream = null;
    uncommitted = 0;
    await open?.close();
  };
  return {
    size: () => length,
    async read(start, end) {
      await commit();
      return new Uint8Array(await (await handle.getFile()).slice(start, end).arrayBuffer());
    },
    async write(at, bytes) {
      await (await writing()).write({ type: 'write', position: at, data: bytes as Uint8Array<ArrayBuffer> });
      length = Math.max(length, at + bytes.length);
      uncommitted += bytes.length;
      if (uncommitted >= commitBytes) await commit();
    },
    async truncate(size) {
      await (await writing()).truncate(size);
      length = size;
    },
    flush: commit,
    close: commit,
  };
}
