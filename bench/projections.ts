import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeFile } from '../src/cli/decode.ts';
import type { Volume } from '../src/models/graph.ts';
import type { Network } from '../src/models/network.ts';
import { prepare } from '../src/models/preprocess.ts';
import { buildNetwork } from '../src/models/zoo/index.ts';
import type { Rule } from '../src/workers/contract.ts';
import { runForward, type Activations } from '../src/workers/forward.ts';
import { parseManifest } from '../src/models/manifest.ts';
import { createNodeEngine } from '../src/workers/node.ts';
import { project, projectMany, type ProjectHooks } from '../src/workers/project.ts';
import { openTensorFile } from '../src/workers/readers/open.ts';
import { bytesOf } from '../src/workers/readers/tensorFile.ts';
import { matchedParameters, matchWeights } from '../src/workers/weights.ts';
import { prepareWeights, type GraphWeights } from '../src/workers/weightsLayout.ts';
import { printTable } from './report.ts';
import { quartilesOf, ratios } from './versus/statistics.ts';
import { writeSeededWeights } from './versus/weights.ts';

interface Case {
  readonly ref: string;
  readonly rounds: number;
  readonly rule: Rule;
  readonly layers: readonly string[];
}

const cases: readonly Case[] = [
  {
    ref: 'zfnet-imagenette',
    rounds: 7,
    rule: 'deconvnet',
    layers: ['relu1', 'pool1', 'relu2', 'pool2', 'relu3', 'relu4', 'relu5', 'pool5', 'relu6', 'relu7', 'fc8'],
  },
  {
    ref: 'efficientnet-lite0',
    rounds: 7,
    rule: 'guided',
    layers: [
      'stem_relu',
      'block_03/add',
      'block_05/add',
      'block_08/add',
      'block_11/add',
      'block_14/add',
      'head',
      'fc',
    ],
  },
  {
    ref: 'resnet-50',
    rounds: 3,
    rule: 'deconvnet',
    layers: [
      'relu1',
      'conv2_x/3/relu3',
      'conv3_x/4/relu3',
      'conv4_x/3/relu3',
      'conv4_x/6/relu3',
      'conv5_x/3/relu3',
      'fc',
    ],
  },
];

const weightsDir = fileURLToPath(new URL('../public/weights', import.meta.url));
const sample = fileURLToPath(new URL('../public/samples/dogs.jpg', import.meta.url));

interface Prepared {
  readonly network: Network;
  readonly weights: GraphWeights;
  readonly input: Volume;
}

/**
 * One projection and nine of one layer, with windows and with whole maps, in Node on wasm. Every round runs all of them
 * once in an order drawn anew. `npm run bench -- projections zfnet-imagenette relu3` measures some.
 */
export async function benchProjections([only, ...layers]: readonly string[]): Promise<void> {
  // An engine that only starts: it sets the wasm backend up for the calls below.
  const engine = createNodeEngine({ weightsDir, backend: 'wasm' });
  await engine.start('wasm');
  const folder = await mkdtemp(join(tmpdir(), 'convscope-projections-'));
  try {
    for (const each of cases) {
      if (only && each.ref !== only) continue;
      const prepared = await prepareCase(each.ref, folder);
      await benchCase(layers.length > 0 ? { ...each, layers } : each, prepared);
      prepared.weights.dispose();
    }
  } finally {
    await rm(folder, { recursive: true });
    await engine.dispose();
  }
}

/** Bundled weights where there are some, else seeded ones, which change the picture and not the work. */
async function prepareCase(ref: string, folder: string): Promise<Prepared> {
  const manifest = parseManifest(await readFile(`${weightsDir}/manifest.json`, 'utf8'));
  const entry = manifest.weights.find(({ network }) => network === ref);
  const network = buildNetwork(ref);
  const path = entry ? `${weightsDir}/${entry.file}` : join(folder, `${ref}.safetensors`);
  if (!entry) await writeSeededWeights(ref, path);
  const file = await openTensorFile(bytesOf(path, new Uint8Array(await readFile(path))));
  const match = matchWeights(network, file, path, { source: entry?.source ?? 'convscope' });
  const weights = await prepareWeights(network.graph, matchedParameters(match, file));
  const preprocessing = (entry ?? manifest.weights.find((other) => other.preprocessing.input[0] === 224))!;
  const { input } = prepare(await decodeFile(sample), preprocessing.preprocessing);
  return { network, weights, input };
}

async function benchCase({ ref, rounds, rule, layers }: Case, prepared: Prepared): Promise<void> {
  const { network, weights, input } = prepared;
  const { graph } = network;
  const rows: string[][] = [];
  const activations = await runForward(graph, weights, input);
  for (const node of layers) {
    const channels = await strongest(activations, node, 9);
    const one = (hooks: ProjectHooks) => () =>
      project(graph, weights, activations, { node, channel: channels[0]!, seed: 'strongest', rule }, hooks);
    const nine = (hooks: ProjectHooks) => () =>
      projectMany(graph, weights, activations, { node, channels, seed: 'strongest', rule }, hooks);
    const runs = {
      forward: async () => {
        const again = await runForward(graph, weights, input);
        await again.get(graph.output).data();
        again.dispose();
      },
      whole: one({ crops: false }),
      one: one({}),
      apart: async () => {
        for (const channel of channels)
          await project(graph, weights, activations, { node, channel, seed: 'strongest', rule });
      },
      nine: nine({}),
    };
    const times = await paired(runs, rounds);
    const { forward, whole, one: cropped, apart, nine: together } = times;
    const ms = (values: readonly number[]) => quartilesOf(values).median.toFixed(1);
    const ratio = (above: readonly number[], below: readonly number[]) => {
      const { lower, median, upper } = quartilesOf(ratios(above, below));
      return `${median.toFixed(2)} (${lower.toFixed(2)} - ${upper.toFixed(2)})`;
    };
    rows.push([
      node,
      String(channels.length),
      ms(forward),
      ms(whole),
      ms(cropped),
      ms(apart),
      ms(together),
      ratio(cropped, whole),
      ratio(together, whole),
      ratio(together, cropped),
      ratio(together, apart),
      ratio(together, forward),
    ]);
  }
  activations.dispose();
  printTable(
    `${ref}, ${rule} (Node, wasm, one thread; ms)`,
    [
      'layer',
      'n',
      'forward',
      'one, whole',
      'one',
      'n apart',
      'n',
      'one/whole',
      'n/whole',
      'n/one',
      'n/apart',
      'n/forward',
    ],
    rows,
  );
}

async function strongest(activations: Activations, node: string, count: number): Promise<number[]> {
  const tensor = activations.get(node);
  const channels = tensor.shape[3];
  const values = await tensor.data();
  const most = new Float32Array(channels);
  values.forEach((value, i) => (most[i % channels] = Math.max(most[i % channels]!, value)));
  const order = Array.from(most.keys()).sort((a, b) => most[b]! - most[a]!);
  return order.filter((channel) => most[channel]! > 0).slice(0, count);
}

/** Every run once a round, in an order drawn anew; one round before is not counted. */
async function paired<K extends string>(
  runs: Readonly<Record<K, () => Promise<unknown>>>,
  rounds: number,
): Promise<Record<K, number[]>> {
  const names = Object.keys(runs) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round <= rounds; round++) {
    const order = names.map((name) => ({ name, at: Math.random() })).sort((a, b) => a.at - b.at);
    for (const { name } of order) {
      const start = performance.now();
      await runs[name]();
      if (round > 0) times[name].push(performance.now() - start);
    }
  }
  return times;
}
