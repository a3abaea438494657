import type { ByteSource } from './tensorFile.ts';

const locatorBytes = 20;
const endBytes = 22;

/**
 * A zip archive without the records of zip64 between its directory and its end record, where the end record says all
 * that they say: PyTorch always writes them. zip.js also looks for the directory right before the end record, and where the
 * first entry of the directory is as long as these records (76 bytes: archives with a root of 21 letters, as
 * `mobilenet_v2-b0353104`) it takes the second entry for the first and calls the archive damaged.
 */
export async function withoutRedundantZip64(source: ByteSource): Promise<ByteSource> {
  const { name, size } = source;
  const tail = size - locatorBytes - endBytes;
  if (tail < 0) return source;
  const bytes = await source.read(tail, size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isZip64 = view.getUint32(0, true) === 0x07064b50;
  const isEnd = view.getUint32(locatorBytes, true) === 0x06054b50;
  const entries = view.getUint16(locatorBytes + 10, true);
  const directoryBytes = view.getUint32(locatorBytes + 12, true);
  const directory = view.getUint32(locatorBytes + 16, true);
  const full = entries === 0xffff || directoryBytes === 0xffffffff || directory === 0xffffffff;
  const at = Number(view.getBigUint64(8, true));
  // Only what stands right behind the directory may go.
  if (!isZip64 || !isEnd || full || at !== directory + directoryBytes || at > tail) return source;
  const left = size - endBytes - at;
  return {
    name,
    size: size - left,
    async read(start, end) {
      if (end <= at) return source.read(start, end);
      if (start >= at) return source.read(start + left, end + left);
      const joined = new Uint8Array(end - start);
      joined.set(await source.read(start, at));
      joined.set(await source.read(at + left, end + left), at - start);
      return joined;
    },
  };
}
