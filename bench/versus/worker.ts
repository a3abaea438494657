import type { Graph, Volume } from '../../src/models/graph.ts';
import { inputNode, logitsNode } from '../../src/models/lookup.ts';
import { buildNetwork } from '../../src/models/zoo/index.ts';
import { browserBackends } from '../../src/workers/backend.browser.ts';
import { startBackend } from '../../src/workers/backend.ts';
import { fileSource } from '../../src/workers/engine.file.ts';
import { createYield } from '../../src/workers/engine.time.ts';
import { runForward, type Activations, type ForwardHooks } from '../../src/workers/forward.ts';
import { project } from '../../src/workers/project.ts';
import { openTensorFile } from '../../src/workers/readers/open.ts';
import { matchedParameters, matchWeights } from '../../src/workers/weights.ts';
import { prepareWeights, type GraphWeights } from '../../src/workers/weightsLayout.ts';
import { openOrt } from './ort.ts';
import { preparePlain } from './plain.ts';
import {
  contestants,
  type Contestant,
  type LayerTime,
  type Reply,
  type Request,
  type Timed,
} from './protocol.ts';

/** All three engines in one worker: each runs alone on its thread, one after the other, on the same picture. */

self.onmessage = ({ data }: MessageEvent<Request>) => {
  measure(data).then(
    (reply) => self.postMessage(reply),
    (error: unknown) => self.postMessage({ failed: error instanceof Error ? error.message : String(error) }),
  );
};

let running: Promise<{ readonly report: { readonly threads: number } }> | null = null;
const never = new AbortController().signal;

/** Ours, as the engine of the page calls it: the thread is let go every 16 ms, so that messages arrive. */
const passHooks = () => ({ checkpoint: createYield(never), onFraction: () => undefined });

async function ask(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

async function measure(request: Request): Promise<Reply> {
  running ??= startBackend(browserBackends, 'wasm', () => undefined);
  const { threads } = (await running).report;
  const network = buildNetwork(request.ref);
  const { graph } = network;
  const { shape } = inputNode(graph);
  const values = new Float32Array(await (await ask(request.picture)).arrayBuffer());
  const picture: Volume = { shape, values };
  const blob = await (await ask(request.weights)).blob();
  const file = await openTensorFile(fileSource(request.weights, blob));
  const parameters = matchedParameters(matchWeights(network, file, request.weights), file);
  const weights = await prepareWeights(graph, parameters);
  const folded = await prepareWeights(graph, parameters, { folded: true });
  const plain = await preparePlain(graph, parameters, picture);
  const model = new Uint8Array(await (await ask(request.onnx)).arrayBuffer());
  const ort = await openOrt(request.ortBase, model, threads, picture);

  const { passes } = request;
  /** One sample of ours: the time of a pass. The last one's activations are `use`d. */
  const ours = async (
    hooks: ForwardHooks,
    use?: (activations: Activations) => Promise<void>,
    prepared = weights,
  ) => {
    let last: Activations | null = null;
    const took = await timed(async () => {
      last?.dispose();
      last = await runForward(graph, prepared, picture, hooks);
      await last.get(graph.output).data();
    }, passes);
    await use?.(last!);
    last!.dispose();
    return took;
  };
  const samples: Record<Timed, number[]> = {
    kept: [],
    freed: [],
    bare: [],
    folded: [],
    plain: [],
    ort: [],
    projectFirst: [],
    projectAgain: [],
  };
  const channel = await strongestChannel(graph, weights, picture, request.layer);
  const asked = { node: request.layer, channel, seed: 'strongest', rule: request.rule } as const;
  const runs: Record<Contestant, (record: boolean) => Promise<void>> = {
    kept: async (record) => {
      const projection = (activations: Activations) =>
        timed(() => project(graph, weights, activations, asked, passHooks()), 1);
      const took = await ours(passHooks(), async (activations) => {
        const first = await projection(activations);
        const again = await projection(activations);
        if (record) samples.projectFirst.push(first);
        if (record) samples.projectAgain.push(again);
      });
      if (record) samples.kept.push(took);
    },
    freed: async (record) => {
      const took = await ours({ ...passHooks(), keep: false });
      if (record) samples.freed.push(took);
    },
    bare: async (record) => {
      const took = await ours({ keep: false });
      if (record) samples.bare.push(took);
    },
    folded: async (record) => {
      const took = await ours(passHooks(), undefined, folded);
      if (record) samples.folded.push(took);
    },
    plain: async (record) => {
      const took = await timed(plain.run, passes);
      if (record) samples.plain.push(took);
    },
    ort: async (record) => {
      const took = await timed(ort.run, passes);
      if (record) samples.ort.push(took);
    },
  };
  const difference = await differences(graph, weights, folded, picture, plain, ort);
  for (const name of contestants) await runs[name](false);
  for (let round = 0; round < request.rounds; round++) {
    for (const name of shuffled(contestants)) await runs[name](true);
  }
  const layers = await layerTimes(graph, weights, picture, Math.min(request.rounds, 15));
  weights.dispose();
  folded.dispose();
  plain.dispose();
  await ort.dispose();
  return { threads, ortVersion: ort.version, difference, samples, layers };
}

/** Milliseconds of one of `times` runs, one after the other. */
async function timed(work: () => Promise<unknown>, times: number): Promise<number> {
  const start = performance.now();
  for (let time = 0; time < times; time++) await work();
  return (performance.now() - start) / times;
}

function shuffled<T>(values: readonly T[]): T[] {
  const order = [...values];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

async function differences(
  graph: Graph,
  weights: GraphWeights,
  folded: GraphWeights,
  picture: Volume,
  plain: Awaited<ReturnType<typeof preparePlain>>,
  ort: Awaited<ReturnType<typeof openOrt>>,
): Promise<Reply['difference']> {
  const { id } = logitsNode(graph);
  const activations = await runForward(graph, weights, picture);
  const ours = await activations.get(id).data<'float32'>();
  const off = (theirs: Float32Array | undefined) => {
    if (theirs?.length !== ours.length) throw new Error(`${id}: ${theirs?.length} logits for ${ours.length}`);
    // Math.max hands a NaN on, and `print` takes it for a difference that is too large.
    const largest = ours.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    return theirs.reduce((most, v, i) => Math.max(most, Math.abs(v - ours[i]!)), 0) / largest;
  };
  const answer = await runForward(graph, folded, picture);
  const found = {
    folded: off(await answer.get(id).data<'float32'>()),
    plain: off(await plain.value(id)),
    ort: off((await ort.run())[id]),
  };
  activations.dispose();
  answer.dispose();
  return found;
}

async function strongestChannel(graph: Graph, weights: GraphWeights, picture: Volume, layer: string) {
  const activations = await runForward(graph, weights, picture);
  const tensor = activations.get(layer);
  const values = await tensor.data<'float32'>();
  const at = values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
  const channels = tensor.shape[3];
  activations.dispose();
  return at % channels;
}

/** wasm has computed when it returns. */
async function layerTimes(
  graph: Graph,
  weights: GraphWeights,
  picture: Volume,
  runs: number,
): Promise<readonly LayerTime[]> {
  const times = new Map<string, number[]>();
  for (let run = 0; run < runs; run++) {
    const activations = await runForward(graph, weights, picture, {
      around: async (node, runNode) => {
        const start = performance.now();
        const output = runNode();
        const took = performance.now() - start;
        times.set(node.id, [...(times.get(node.id) ?? []), took]);
        return output;
      },
    });
    activations.dispose();
  }
  return graph.nodes.flatMap(({ id, op }) => {
    const sorted = times.get(id)?.sort((a, b) => a - b);
    return sorted ? [{ id, kind: op.kind, milliseconds: sorted[Math.floor(sorted.length / 2)]! }] : [];
  });
}
