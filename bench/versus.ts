import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { decodeFile } from '../src/cli/decode.ts';
import { networkCost } from '../src/models/cost.ts';
import { logitsNode } from '../src/models/lookup.ts';
import { prepare } from '../src/models/preprocess.ts';
import { buildNetwork } from '../src/models/zoo/index.ts';
import type { Rule } from '../src/workers/contract.ts';
import { parseManifest } from '../src/models/manifest.ts';
import { chromiumArgs, ensureChromium } from '../scripts/chromium.mjs';
import { exportOnnx } from '../scripts/export-onnx.ts';
import { serve } from '../scripts/serve.mjs';
import { drawnSeven } from './cases.ts';
import { ms as inMilliseconds, printTable } from './report.ts';
import type { VersusCalls } from './versus/page.ts';
import type { Reply, Timed } from './versus/protocol.ts';
import { quartilesOf, ratios } from './versus/statistics.ts';
import { writeSeededWeights } from './versus/weights.ts';

/** Not a dependency of the project: installed for this run, into a folder that is deleted after it. */
const ortPackage = 'onnxruntime-web@1.30.0';

interface Case {
  readonly ref: string;
  readonly rounds: number;
  /** Passes that make one sample. */
  readonly passes?: number;
  readonly layer: string;
  readonly rule: Rule;
}

/** The late layer with space from which a unit is projected; LeNet-5 squashes with tanh, where only the gradient is defined. */
const cases: readonly Case[] = [
  { ref: 'lenet-5-modern', rounds: 101, passes: 10, layer: 'conv2', rule: 'gradient' },
  { ref: 'zfnet-imagenette', rounds: 31, layer: 'relu5', rule: 'deconvnet' },
  { ref: 'efficientnet-lite0', rounds: 31, layer: 'head_relu', rule: 'deconvnet' },
  { ref: 'mobilenet-v1-100', rounds: 31, layer: 'block_13/pointwise_relu', rule: 'deconvnet' },
  { ref: 'resnet-50', rounds: 15, layer: 'conv5_x/3/relu3', rule: 'deconvnet' },
  { ref: 'vgg-d', rounds: 11, layer: 'stage5/relu5_3', rule: 'deconvnet' },
];

declare global {
  var versus: VersusCalls;
}

const root = join(import.meta.dirname, '..');
const weightsDir = join(root, 'public/weights');

/**
 * Our engine beside onnxruntime-web and plain tfjs: one page, one run, wasm, the same number of threads, the same picture.
 * `npm run bench -- versus vgg-d lenet-5-modern` measures some of the networks.
 */
export async function benchVersus(refs: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'convscope-versus-'));
  try {
    const site = join(folder, 'site');
    await buildPage(site);
    await installOrt(folder, site);
    await measureAll(
      site,
      cases.filter(({ ref }) => refs.length === 0 || refs.includes(ref)),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'versus'),
    base: './',
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 5000,
    },
  });
}

async function installOrt(folder: string, site: string): Promise<void> {
  console.log(`Installing ${ortPackage} into ${folder}, for this run only ...`);
  const prefix = join(folder, 'ort');
  await mkdir(prefix);
  // No install scripts: the files that are used are there without them.
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', ['i', '--prefix', prefix, ortPackage, ...flags], { stdio: 'inherit' });
  await mkdir(join(site, 'ort'));
  for (const file of ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'])
    await copyFile(join(prefix, 'node_modules/onnxruntime-web/dist', file), join(site, 'ort', file));
}

async function measureAll(site: string, wanted: readonly Case[]): Promise<void> {
  const server = await serve(site, { port: 0 });
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArgs] });
  const load = () => loadavg()[0]!.toFixed(2);
  try {
    console.log(`Chromium ${browser.version()}, ${cpus().length} cores (${cpus()[0]?.model.trim()})`);
    const replies: [Case, Reply][] = [];
    for (const each of wanted) {
      await writeFiles(each.ref, site);
      const before = load();
      // A page of its own, so that no network finds the heap that another one left.
      const page = await browser.newPage();
      replies.push([each, await measure(page, server.url, each)]);
      await page.close();
      console.log(`${each.ref}: ${each.rounds} rounds, load ${before} before, ${load()} after`);
    }
    print(replies);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** The network's three files: weights, the same as ONNX, the prepared picture. */
async function writeFiles(ref: string, site: string): Promise<void> {
  const network = buildNetwork(ref);
  const manifest = parseManifest(await readFile(join(weightsDir, 'manifest.json'), 'utf8'));
  const entry = manifest.weights.find((each) => each.network === ref);
  const weights = join(site, 'weights.safetensors');
  if (entry) await copyFile(join(weightsDir, entry.file), weights);
  else await writeSeededWeights(ref, weights);
  await exportOnnx(network, weights, join(site, 'model.onnx'), [
    logitsNode(network.graph).id,
    network.graph.output,
  ]);
  // Networks with seeded weights see the photo as torchvision's would.
  const usual = manifest.weights.find((each) => each.network === 'zfnet-imagenette')!.preprocessing;
  const how = entry?.preprocessing ?? usual;
  const pixels = how.fit === 'digit' ? drawnSeven() : await decodeFile(join(root, 'public/samples/dogs.jpg'));
  await writeFile(join(site, 'picture.f32'), new Uint8Array(prepare(pixels, how).input.values.buffer));
}

async function measure(
  page: Page,
  url: string,
  { ref, rounds, passes = 1, layer, rule }: Case,
): Promise<Reply> {
  page.setDefaultTimeout(600_000);
  await page.goto(url);
  await page.waitForFunction(() => globalThis.versus !== undefined);
  const at = (file: string) => new URL(file, url).href;
  const request = {
    ...{ ref, rounds, passes, layer, rule },
    weights: at('weights.safetensors'),
    onnx: at('model.onnx'),
    picture: at('picture.f32'),
    ortBase: at('ort/'),
  };
  return page.evaluate((asked) => globalThis.versus.measure(asked), request);
}

/** A small network's passes take a fraction of a millisecond. */
const ms = (value: number): string => (value < 1 ? `${value.toFixed(3)} ms` : inMilliseconds(value));

/** What the aims of the issue speak of, each divided within its round. */
const pairs: readonly (readonly [Timed, Timed])[] = [
  ['folded', 'ort'],
  ['folded', 'plain'],
  ['kept', 'ort'],
  ['kept', 'plain'],
  ['bare', 'plain'],
  ['freed', 'bare'],
  ['kept', 'freed'],
  ['kept', 'folded'],
  ['projectFirst', 'kept'],
  ['projectAgain', 'kept'],
];

function print(replies: readonly [Case, Reply][]): void {
  const [, first] = replies[0]!;
  const engines = `onnxruntime-web ${first.ortVersion}, tfjs 4.22.0`;
  const columns = [
    ...(['ort', 'plain', 'folded', 'bare', 'freed', 'kept'] as const),
    ...(['projectFirst', 'projectAgain'] as const),
  ];
  const spread = (values: readonly number[]) => {
    const { lower, median, upper } = quartilesOf(values);
    return `${ms(median)} (${ms(lower)} - ${ms(upper)})`;
  };
  printTable(
    `wasm, ${first.threads} thread(s), ${engines}: medians (quartiles) of interleaved rounds`,
    ['network', 'rounds', ...columns],
    replies.map(([{ ref, rounds }, { samples }]) => [
      ref,
      String(rounds),
      ...columns.map((key) => spread(samples[key])),
    ]),
  );
  printTable(
    'The quickest round of each',
    ['network', ...columns],
    replies.map(([{ ref }, { samples }]) => [ref, ...columns.map((key) => ms(Math.min(...samples[key])))]),
  );
  const divided = (above: readonly number[], below: readonly number[]) => {
    const { lower, median, upper } = quartilesOf(ratios(above, below));
    return `${median.toFixed(2)} (${lower.toFixed(2)} - ${upper.toFixed(2)})`;
  };
  const ratio = ({ samples }: Reply, above: Timed, below: Timed) => divided(samples[above], samples[below]);
  printTable(
    'Ratios within a round: median (quartiles)',
    ['network', ...pairs.map(([above, below]) => `${above} / ${below}`)],
    replies.map(([{ ref }, reply]) => [ref, ...pairs.map(([above, below]) => ratio(reply, above, below))]),
  );
  const ours = ['folded', 'kept'] as const;
  const quicker = ({ samples }: Reply) => samples.ort.map((time, i) => Math.min(time, samples.plain[i]!));
  printTable(
    'Against the quicker of onnxruntime-web and plain tfjs in each round, and by the quickest rounds',
    ['network', ...ours, ...ours.map((name) => `${name}, quickest`)],
    replies.map(([{ ref }, reply]) => [
      ref,
      ...ours.map((name) => divided(reply.samples[name], quicker(reply))),
      ...ours.map((name) => {
        return (Math.min(...reply.samples[name]) / Math.min(...quicker(reply))).toFixed(2);
      }),
    ]),
  );
  printTable(
    'Largest difference of a logit from ours, in units of the largest. Asked for: 1e-3, of folded weights 1e-5',
    ['network', 'folded', 'plain tfjs', 'onnxruntime'],
    replies.map(([{ ref }, { difference }]) => [
      ref,
      difference.folded.toExponential(1),
      difference.plain.toExponential(1),
      difference.ort.toExponential(1),
    ]),
  );
  const wrong = replies.filter(
    ([
      ,
      {
        difference: { folded, plain, ort },
      },
    ]) => !(folded < 1e-5 && plain < 1e-3 && ort < 1e-3),
  );
  if (wrong.length > 0)
    throw new Error(
      `the answers differ: ${wrong.map(([{ ref }]) => ref).join(', ')}; the times mean nothing`,
    );
  for (const [{ ref }, reply] of replies) printLayers(ref, reply);
}

/** Where our pass spends its time: by kind of layer, then the slowest layers beside their MACs. */
function printLayers(ref: string, { layers }: Reply): void {
  const { graph } = buildNetwork(ref);
  const cost = networkCost(graph).nodes;
  const groups = new Map(graph.nodes.map(({ id, op }) => [id, op.kind === 'conv' ? op.groups : 1]));
  const kindOf = ({ id, kind }: Reply['layers'][number]) => (groups.get(id)! > 1 ? 'depthwise conv' : kind);
  const all = layers.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const allMacs = layers.reduce((sum, { id }) => sum + cost.get(id)!.macs, 0);
  const row = (name: string, some: Reply['layers']) => {
    const time = some.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const macs = some.reduce((sum, { id }) => sum + cost.get(id)!.macs, 0);
    const share = (part: number, whole: number) => `${((part / whole) * 100).toFixed(1)} %`;
    const speed = macs > 0 ? `${(macs / time / 1e6).toFixed(1)}` : '-';
    return { time, cells: [name, ms(time), share(time, all), share(macs, allMacs), speed] };
  };
  const kinds = [...new Set(layers.map(kindOf))].map((kind) => {
    const some = layers.filter((each) => kindOf(each) === kind);
    return row(`all ${some.length} ${kind}`, some);
  });
  const slowest = [...layers].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 5);
  printTable(
    `${ref}: where our pass spends ${ms(all)} (a normalisation before a ReLU is counted with it)`,
    ['layers', 'time', 'of time', 'of MACs', 'GMAC/s'],
    [
      ...kinds.sort((a, b) => b.time - a.time).map(({ cells }) => cells),
      ...slowest.map((each) => row(`  ${each.id}`, [each]).cells),
    ],
  );
}
