import { connectEngine } from '../../../src/workers/connect.ts';
import type {
  Answer,
  BackendName,
  BackendReport,
  EngineEvent,
  LayerTimes,
  MemoryReport,
} from '../../../src/workers/contract.ts';

/** The engine in its worker, as the product connects it, with nothing else on the page. */

const engine = connectEngine();
const events: EngineEvent[] = [];
void engine.listen((event) => events.push(event));

/** A black bar on white: a one. */
function one(): ImageData {
  const image = new ImageData(80, 80);
  image.data.fill(255);
  for (let y = 12; y < 68; y++) {
    for (let x = 37; x < 43; x++) image.data.fill(0, (y * 80 + x) * 4, (y * 80 + x) * 4 + 3);
  }
  return image;
}

const failure = (error: unknown): string => {
  const { code, message } = error as { code?: string; message: string };
  return `${code}: ${message}`;
};

const drawn = () => ({ width: 80, height: 80, data: one().data as Uint8ClampedArray<ArrayBuffer> });

export const calls = {
  start: (backend: BackendName | 'auto'): Promise<BackendReport | string> =>
    engine.start(backend).catch(failure),
  load: (ref: string) =>
    engine.load(ref, { kind: 'bundled' }).then(({ fromCache }) => (fromCache ? 'cache' : 'server'), failure),
  /** Loads, draws a one, classifies: name of the best class and backend, or the failure. */
  async readsOne(): Promise<string> {
    try {
      await engine.load('lenet-5-modern', { kind: 'bundled' });
      await engine.setImage(drawn());
      const answer = await engine.classify();
      return `${answer.top[0]!.name} on ${answer.backend}`;
    } catch (error) {
      return failure(error);
    }
  },
  async photo(url: string): Promise<Answer> {
    await engine.setImage(await (await fetch(url)).blob());
    return engine.classify();
  },
  layerTimes: (passes: number): Promise<LayerTimes> => engine.layerTimes({ passes, budgetMilliseconds: 1e6 }),
  classify: (): Promise<string> =>
    engine.classify().then(({ top, backend }) => `${top[0]!.name} on ${backend}`, failure),
  /** Tensors and GPU bytes after each of `times` changes of network with an answer and a projection. */
  async changes(times: number): Promise<MemoryReport[]> {
    const reports: MemoryReport[] = [];
    for (let i = 0; i < times; i++) {
      await engine.load('lenet-5-modern', { kind: 'bundled' });
      await engine.setImage(drawn());
      await engine.classify();
      await engine.project({ node: 'conv2', channel: 1, seed: 'strongest', rule: 'gradient' });
      reports.push(await engine.memory());
    }
    return reports;
  },
  memory: (): Promise<MemoryReport> => engine.memory(),
  events: () => events,
  isolated: () => globalThis.crossOriginIsolated,
};
export type EngineCalls = typeof calls;

(globalThis as unknown as { calls: EngineCalls }).calls = calls;
