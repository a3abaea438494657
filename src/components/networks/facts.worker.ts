/// <reference lib="webworker" />
import { buildNetwork } from '../../models/zoo/index.ts';
import { factsOf } from './facts.ts';

/** Graphs of eighty networks, some of a thousand layers, are built here and not on the page's thread. */
self.addEventListener('message', ({ data }: MessageEvent<string>) => {
  self.postMessage([data, factsOf(buildNetwork(data))]);
});
