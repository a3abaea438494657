import { createEngine } from './engine.ts';
import { browserPlatform } from './platform.browser.ts';
import { exposeEngine } from './wire.ts';

/** The worker's entry. The first message says where the page's folder of weights is; then the engine is served. */
self.addEventListener(
  'message',
  ({ data }: MessageEvent<{ weightsBase: string }>) => {
    exposeEngine(createEngine(browserPlatform(data.weightsBase)), self);
  },
  { once: true },
);
