import { connectEngine } from '../../../src/workers/connect.ts';
import { connectShelf } from '../../../src/workers/shelf.connect.ts';
import type { Shelf, ShelfEvent, ShelfItem } from '../../../src/workers/shelf.contract.ts';
import type { ShelfSetup } from './worker.ts';

/** The shelf in its worker and the engine in its own, as the product connects them, with nothing else on the page. */

const engine = connectEngine();
let shelf: Shelf;
const events: ShelfEvent[] = [];

const failure = (error: unknown): string => {
  const { code, message } = error as { code?: string; message: string };
  return `${code}: ${message}`;
};

export const calls = {
  open(setup: ShelfSetup): void {
    shelf = connectShelf(
      () =>
        new Worker(new URL('./worker.ts', import.meta.url), {
          type: 'module',
          name: JSON.stringify(setup),
        }),
    );
    void shelf.listen((event) => events.push(event));
  },
  get: (id: string, dtype?: ShelfItem['dtype']): Promise<ShelfItem | string> =>
    shelf.get(id, dtype && { dtype }).catch(failure),
  pause: (id: string): Promise<void> => shelf.pause(id),
  remove: (id: string): Promise<void | string> => shelf.remove(id).catch(failure),
  list: () => shelf.list(),
  room: () => shelf.room(),
  persist: () => shelf.persist(),
  async keep(url: string, name: string, network: string): Promise<ShelfItem | string> {
    const file = new File([await (await fetch(url)).blob()], name);
    return shelf.keep(file, network).catch(failure);
  },
  /** Loads what is kept and classifies a picture of one colour: the logits, which are equal where the weights are. */
  async answers(network: string, id: string): Promise<readonly string[] | string> {
    try {
      await engine.load(network, { kind: 'kept', id });
      const [width, height] = [64, 64];
      await engine.setImage({ width, height, data: new Uint8ClampedArray(width * height * 4).fill(90) });
      const { top } = await engine.classify();
      return top.map(({ index, logit }) => `${index} ${logit.toFixed(4)}`);
    } catch (error) {
      return failure(error);
    }
  },
  events: (): readonly ShelfEvent[] => events,
  isolated: () => globalThis.crossOriginIsolated,
};
export type ShelfCalls = typeof calls;

(globalThis as unknown as { calls: ShelfCalls }).calls = calls;
