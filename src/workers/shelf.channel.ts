import type { ShelfItem } from './shelf.contract.ts';

/** What the page's workers, of all its tabs, tell each other about the shelf. */
export type ShelfMessage =
  | { readonly kind: 'changed' }
  /** Who has this file in memory? Only asked where the browser gives no storage that all could read. */
  | { readonly kind: 'ask'; readonly id: string; readonly nonce: string }
  | { readonly kind: 'answer'; readonly nonce: string; readonly item: ShelfItem; readonly blob: Blob };

export const openChannel = (): BroadcastChannel => new BroadcastChannel('convscope-shelf');
