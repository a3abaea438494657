import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { loadNet } from '../vectors/load.ts';
import type { VectorIndex, VectorNet } from '../vectors/load.ts';

/** The backends that Node can run, set up from the installed files: no network. */
export const nodeBackends = ['cpu', 'wasm'] as const;

const require = createRequire(import.meta.url);

export async function useBackend(name: (typeof nodeBackends)[number]): Promise<void> {
  if (name === 'wasm') {
    setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
    setThreadsCount(1);
  }
  if (!(await setBackend(name))) throw new Error(`the ${name} backend did not start`);
}

const folder = join(import.meta.dirname, '../vectors');

export function vectorNets(): VectorNet[] {
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as VectorIndex;
  return index.nets.map((net) => {
    const bytes = readFileSync(join(folder, net.file));
    return loadNet(net, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  });
}
