import { browserBackends } from './backend.browser.ts';
import { browserWeightStore } from './cache.ts';
import { decodeImage } from './decode.ts';
import type { Platform } from './platform.ts';
import { openKept } from './shelf.open.ts';
import { fetchManifest, fetchWeights } from './weights.fetch.ts';

/** The browser's worker: weights from the folder `weights/` beside the page (`base` ends in it), kept in Cache Storage. */
export function browserPlatform(base: string): Platform {
  const store = browserWeightStore();
  return {
    backends: browserBackends,
    memoryBytes: memoryBytes(),
    readManifest: (signal) => fetchManifest(base, signal),
    readWeights: (entry, manifest, hooks) => fetchWeights(entry, manifest, base, store, hooks),
    openKept,
    decode: decodeImage,
  };
}

/** Chromium tells a rounded number of GiB, on secure pages; other browsers tell nothing. */
function memoryBytes(): number | null {
  const { deviceMemory } = navigator as { deviceMemory?: number };
  return deviceMemory === undefined ? null : deviceMemory * 2 ** 30;
}
