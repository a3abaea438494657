import { connectEngine } from '../../src/workers/connect.ts';
import type { MemoryReport } from '../../src/workers/contract.ts';

/** The page that the memory benchmark drives: the engine in its worker, and a file that was chosen from the disk. */

const engine = connectEngine();
const input = document.querySelector('input')!;

/** Mid-grey noise, larger than any network's input. */
function picture() {
  const side = 300;
  const data = new Uint8ClampedArray(side * side * 4).map((_, i) => (i % 4 === 3 ? 255 : (i * 37) & 255));
  return { width: side, height: side, data };
}

const calls = {
  start: () => engine.start('wasm'),
  /** Milliseconds. */
  async load(ref: string): Promise<number> {
    const [file] = input.files!;
    return (await engine.load(ref, { kind: 'file', name: file!.name, file: file! })).milliseconds;
  },
  async classify(): Promise<number> {
    await engine.setImage(picture());
    return (await engine.classify()).milliseconds;
  },
  memory: (): Promise<MemoryReport> => engine.memory(),
  /** What the browser says that page and workers use, in bytes; it waits for a garbage collection of its own. */
  async agent(): Promise<number> {
    const measured = performance as unknown as {
      measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
    };
    return (await measured.measureUserAgentSpecificMemory()).bytes;
  },
};
export type MemoryCalls = typeof calls;
Object.assign(globalThis, { memoryCalls: calls });
