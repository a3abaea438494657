import type { Catalogues } from './index.ts';

/** All that the page says in Korean, by namespace: one chunk. */
export const catalogues = import.meta.glob('./ko/*.json', { eager: true, import: 'default' }) as Catalogues;
