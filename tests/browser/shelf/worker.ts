import type { PublishedWeights } from '../../../src/models/published.ts';
import { serveShelf } from '../../../src/workers/shelf.serve.ts';

/** What a test wants of its shelf; it comes as the worker's name. */
export interface ShelfSetup {
  readonly published: readonly PublishedWeights[];
  /** What other browsers, or private windows of them, do not have. */
  readonly without?: 'storage' | 'sync-handles';
}

const { published, without } = JSON.parse(self.name) as ShelfSetup;
if (without === 'storage') {
  StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('no', 'SecurityError'));
}
if (without === 'sync-handles') {
  delete (FileSystemFileHandle.prototype as { createSyncAccessHandle?: unknown }).createSyncAccessHandle;
}
/** The product's shelf over the test's own list of published files. */
serveShelf(async (id) => published.find((entry) => entry.id === id) ?? null);
