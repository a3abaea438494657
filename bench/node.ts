import { fileURLToPath } from 'node:url';
import { prepare } from '../src/models/preprocess.ts';
import { buildNetwork } from '../src/models/zoo/index.ts';
import { decodeFile } from '../src/cli/decode.ts';
import { createNodeEngine } from '../src/workers/node.ts';
import { runForward } from '../src/workers/forward.ts';
import { bytesOf } from '../src/workers/readers/tensorFile.ts';
import { matchedParameters, matchWeights } from '../src/workers/weights.ts';
import { openTensorFile } from '../src/workers/readers/open.ts';
import { prepareWeights } from '../src/workers/weightsLayout.ts';
import { parseManifest } from '../src/models/manifest.ts';
import { readFile } from 'node:fs/promises';
import { median, ms, printTable, timed } from './report.ts';
import { cases, drawnSeven } from './cases.ts';

const weightsDir = fileURLToPath(new URL('../public/weights', import.meta.url));
const sample = fileURLToPath(new URL('../public/samples/dogs.jpg', import.meta.url));

/** The engine in Node on wasm, one thread: the same code that the page's worker runs. */
export async function benchNode(): Promise<void> {
  const pixels = await decodeFile(sample);
  const rows: string[][] = [];
  for (const { network, layer, rule } of cases) {
    const engine = createNodeEngine({ weightsDir, backend: 'wasm' });
    const load = await timed(1, () => engine.load(network, { kind: 'bundled' }));
    await engine.setImage(network.startsWith('lenet') ? drawnSeven() : pixels);
    const cold = (await engine.classify()).milliseconds;
    const warm = await timed(5, () => engine.classify());
    const maps = await timed(5, () => engine.featureMaps(layer, 64));
    const { stats } = await engine.featureMaps(layer, 64);
    const channel = stats.findIndex(({ max }) => max === Math.max(...stats.map((map) => map.max)));
    const request = { node: layer, channel, seed: 'map', rule } as const;
    await engine.project(request);
    const projection = await timed(5, () => engine.project(request));
    await engine.dispose();
    rows.push([
      network,
      ms(load),
      ms(cold),
      ms(warm),
      ms(maps),
      ms(projection),
      `${(projection / warm).toFixed(2)} x forward`,
    ]);
  }
  printTable(
    'Node, wasm, one thread',
    ['network', 'weights ready', 'cold', 'warm', 'maps', 'projection', ''],
    rows,
  );
  await benchKeeping(pixels);
}

/** What keeping every activation costs against freeing each after its last reader. Aim: at most 15 %. */
async function benchKeeping(pixels: Parameters<typeof prepare>[0]): Promise<void> {
  const manifest = parseManifest(await readFile(`${weightsDir}/manifest.json`, 'utf8'));
  const rows: string[][] = [];
  // An engine that only starts: it sets the wasm backend up for the calls below.
  const engine = createNodeEngine({ weightsDir, backend: 'wasm' });
  await engine.start('wasm');
  for (const entry of manifest.weights) {
    const network = buildNetwork(entry.network);
    const bytes = new Uint8Array(await readFile(`${weightsDir}/${entry.file}`));
    const file = await openTensorFile(bytesOf(entry.file, bytes));
    const match = matchWeights(network, file, entry.file, { source: entry.source });
    const weights = await prepareWeights(network.graph, matchedParameters(match, file));
    const { input } = prepare(
      entry.preprocessing.fit === 'digit' ? drawnSeven() : pixels,
      entry.preprocessing,
    );
    const run = (keep: boolean) => async () => {
      const activations = await runForward(network.graph, weights, input, { keep });
      await activations.get(network.graph.output).data();
      activations.dispose();
    };
    await run(true)();
    await run(false)();
    // Interleaved, so that a busy machine slows both alike.
    const kept: number[] = [];
    const freed: number[] = [];
    for (let i = 0; i < 9; i++) {
      freed.push(await timed(1, run(false)));
      kept.push(await timed(1, run(true)));
    }
    weights.dispose();
    const more = (median(kept) / median(freed) - 1) * 100;
    rows.push([entry.network, ms(median(freed)), ms(median(kept)), `${more.toFixed(1)} %`]);
  }
  await engine.dispose();
  printTable('Keeping every activation (Node, wasm)', ['network', 'freed', 'kept', 'more'], rows);
}
