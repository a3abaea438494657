import { serveShelf } from './shelf.serve.ts';

/** The shelf's worker. The catalogue is a chunk that travels when something is to be fetched. */
serveShelf(async (id) => {
  const { catalogue } = await import('../models/catalogue.ts');
  return catalogue.find((entry) => entry.id === id) ?? null;
});
