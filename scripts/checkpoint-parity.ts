/**
 * Loads the checkpoints of training/checkpoints/make.py as the engine does and compares the answers with PyTorch's:
 * `npx tsx scripts/checkpoint-parity.ts FOLDER [NAME ...]`. Asked for is 1e-3 of the largest |logit|.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import type { Graph, Volume } from '../src/models/graph.ts';
import { logitsNode } from '../src/models/lookup.ts';
import { buildNetwork } from '../src/models/zoo/index.ts';
import { runForward } from '../src/workers/forward.ts';
import { openTensorFile } from '../src/workers/readers/open.ts';
import { fileSource } from '../src/workers/shelf.disk.node.ts';
import { matchWeights, matchedParameters } from '../src/workers/weights.ts';
import { prepareWeights } from '../src/workers/weightsLayout.ts';
import { useBackend } from '../tests/numerics/backends.ts';

interface Case {
  readonly network: string;
  readonly source: string;
  readonly file: string;
  readonly size: number;
  readonly logits: readonly number[];
}

const most = 1e-3;
const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) throw new Error('say where make.py wrote: checkpoint-parity.ts FOLDER [NAME ...]');

/** PyTorch's picture, `[3, size, size]`, in the order of the graph. */
function picture(size: number): Volume {
  const bytes = readFileSync(join(folder!, `picture-${size}.f32`));
  const planes = new Float32Array(bytes.buffer, bytes.byteOffset, 3 * size * size);
  const values = planes.map((_, i) => planes[(i % 3) * size * size + Math.floor(i / 3)]!);
  return { shape: [size, size, 3], values };
}

/** Largest difference of a logit, in units of the largest; NaN where one is. */
function difference(got: ArrayLike<number>, wanted: readonly number[]): number {
  if (got.length !== wanted.length) throw new Error(`${got.length} logits for ${wanted.length}`);
  const all = wanted.map((value, i) => Math.abs(got[i]! - value));
  return all.some(Number.isNaN) ? NaN : Math.max(...all) / Math.max(...wanted.map(Math.abs));
}

async function compare(name: string): Promise<readonly (string | number)[]> {
  const {
    network: ref,
    source,
    file,
    size,
    logits,
  } = JSON.parse(readFileSync(join(folder!, `${name}.json`), 'utf8')) as Case;
  const start = performance.now();
  const path = join(folder!, file);
  const network = buildNetwork(ref);
  const opened = await openTensorFile(fileSource(path, file, statSync(path).size));
  const match = matchWeights(network, opened, file, { source });
  const output = logitsNode(network.graph).id;
  const graph: Graph = { ...network.graph, output };
  const weights = await prepareWeights(graph, matchedParameters(match, opened));
  const activations = await runForward(graph, weights, picture(size), { keep: false });
  const relative = difference(await activations.get(output).data(), logits);
  activations.dispose();
  weights.dispose();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (!(relative <= most)) process.exitCode = 1;
  const verdict = relative <= most ? '' : ' FAILS';
  return [
    name,
    opened.format,
    ref,
    source,
    match.ignored.length,
    `${relative.toExponential(1)}${verdict}`,
    seconds,
  ];
}

await useBackend('wasm');
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -5));
console.log('| checkpoint | format | network | source | ignored | of the largest logit | s |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const name of names.length > 0 ? names : known.sort()) {
  try {
    console.log(`| ${(await compare(name)).join(' | ')} |`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`| ${name} | ${error instanceof Error ? error.message.slice(0, 300) : String(error)} |`);
  }
}
console.log(`${memory().numTensors} tensors left.`);
