import type { Request, Reply } from './protocol.ts';

/** The page that the comparison drives: one worker in which all three engines live, on one thread beside each other. */
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

const measure = (request: Request) =>
  new Promise<Reply>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Reply | { readonly failed: string }>) =>
      'failed' in data ? reject(new Error(data.failed)) : resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(request);
  });
const versus = { measure };
export type VersusCalls = typeof versus;
Object.assign(globalThis, { versus });
