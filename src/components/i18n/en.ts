import type { Catalogues } from './index.ts';

/** All that the page says in English, by namespace: one chunk. */
export const catalogues = import.meta.glob('./en/*.json', { eager: true, import: 'default' }) as Catalogues;
