import type { ByteSource } from './readers/tensorFile.ts';
import { blobSource } from './readers/tensorFile.ts';

/** A flat folder of files that the shelf lies in: the browser's own storage, a folder, or memory for this visit. */
export interface Disk {
  readonly place: 'device' | 'memory';
  names(): Promise<readonly string[]>;
  /** Null where there is no such file. Files that are open elsewhere may be asked about too. */
  sizeOf(name: string): Promise<number | null>;
  /** For reading and writing, made where it is missing. A file may be open once at a time, in all tabs. */
  open(name: string): Promise<OpenFile>;
  /** A finished file's bytes, read where they lie; null where there is none. */
  source(name: string): Promise<ByteSource | null>;
  /** Does nothing where there is none. */
  remove(name: string): Promise<void>;
}

export interface OpenFile {
  size(): number;
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Writes all of the bytes or rejects; what lay behind them stays. */
  write(at: number, bytes: Uint8Array): Promise<void>;
  truncate(size: number): Promise<void>;
  /** Resolves when everything written would survive a crash. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** The whole of a small file as text; null where there is none. */
export async function readText(disk: Disk, name: string): Promise<string | null> {
  const source = await disk.source(name);
  return source && new TextDecoder().decode(await source.read(0, source.size));
}

export async function writeText(disk: Disk, name: string, text: string): Promise<void> {
  const file = await disk.open(name);
  try {
    const bytes = new TextEncoder().encode(text);
    await file.truncate(0);
    await file.write(0, bytes);
    await file.flush();
  } finally {
    await file.close();
  }
}

/** Files that go with the page: where the browser refuses storage. They grow by pieces, so that none is ever copied whole. */
export function memoryDisk(): Disk {
  const files = new Map<string, MemoryFile>();
  return {
    place: 'memory',
    names: async () => [...files.keys()],
    sizeOf: async (name) => files.get(name)?.size() ?? null,
    async open(name) {
      const file = files.get(name) ?? new MemoryFile();
      files.set(name, file);
      return file;
    },
    async source(name) {
      const blob = files.get(name)?.blob();
      return blob ? blobSource(name, blob) : null;
    },
    async remove(name) {
      files.delete(name);
    },
  };
}

/** Pages of one size, made when they are first written to. */
const pageBytes = 2 ** 20;

class MemoryFile implements OpenFile {
  private pages: Uint8Array<ArrayBuffer>[] = [];
  private length = 0;

  size(): number {
    return this.length;
  }

  async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const out = new Uint8Array(end - start);
    this.eachPage(start, end, (page, from, to, at) => out.set(page.subarray(from, to), at - start));
    return out;
  }

  async write(at: number, bytes: Uint8Array): Promise<void> {
    const end = at + bytes.length;
    while (this.pages.length * pageBytes < end) this.pages.push(new Uint8Array(pageBytes));
    this.eachPage(at, end, (page, from, to, position) =>
      page.set(bytes.subarray(position - at, position - at + to - from), from),
    );
    this.length = Math.max(this.length, end);
  }

  async truncate(size: number): Promise<void> {
    this.pages = this.pages.slice(0, Math.ceil(size / pageBytes));
    this.length = Math.min(this.length, size);
  }

  async flush(): Promise<void> {}
  async close(): Promise<void> {}

  /** A copy that does not change with the file. */
  blob(): Blob {
    const parts = this.pages.map((page, i) => page.subarray(0, Math.max(0, this.length - i * pageBytes)));
    return new Blob(parts);
  }

  private eachPage(
    start: number,
    end: number,
    use: (page: Uint8Array<ArrayBuffer>, from: number, to: number, at: number) => void,
  ): void {
    for (let at = start; at < end;) {
      const from = at % pageBytes;
      const to = Math.min(pageBytes, from + end - at);
      use(this.pages[Math.floor(at / pageBytes)]!, from, to, at);
      at += to - from;
    }
  }
}
