import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNodeEngine } from '../../src/workers/node.ts';
import { sample, watch } from './process.ts';

/** A process of its own that loads one file and runs it once; prints what it needed as JSON. */
const [ref, path] = process.argv.slice(2) as [string, string];
const side = 300;
const data = new Uint8ClampedArray(side * side * 4).map((_, i) => (i % 4 === 3 ? 255 : (i * 37) & 255));

const engine = createNodeEngine({
  weightsDir: fileURLToPath(new URL('../../public/weights', import.meta.url)),
});
await engine.start('wasm');
await engine.load('lenet-5-modern', { kind: 'bundled' });
globalThis.gc?.();
const before = sample(['self']);
let stop = watch(['self']);
const file = await openAsBlob(path);
const { milliseconds } = await engine.load(ref, { kind: 'file', name: basename(path), file });
const loading = stop();
globalThis.gc?.();
const loaded = sample(['self']);
const weights = (await engine.memory()).bytes;
await engine.setImage({ width: side, height: side, data });
stop = watch(['self']);
const answer = await engine.classify();
const running = stop();
const all = (await engine.memory()).bytes;
console.log(
  JSON.stringify({
    before,
    loading,
    loaded,
    running,
    weights,
    all,
    milliseconds,
    answer: answer.milliseconds,
  }),
);
process.exit(0);
