import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCostPage, type CostPage } from './webgpuCosts/open.ts';
import type { Loss } from './webgpuCosts/page.ts';

/**
 * What the engine holds of a graphics card over time: buffers are counted where they are made and destroyed, in WebGPU's
 * own calls. `npm run bench -- gpu long` does the same a hundred times and with the large networks.
 */

let opened: CostPage;
beforeAll(async () => {
  opened = await openCostPage();
});
afterAll(() => opened?.close());

const counts = ({ buffers, bytes }: { buffers: number; bytes: number }) => ({ buffers, bytes });

describe('buffers', () => {
  it('are not more after many networks', async () => {
    const held = await opened.page.evaluate(() =>
      costCalls.switching(['lenet-5-modern', 'zfnet-imagenette'], 5, 20),
    );
    const [first, ...later] = held.map(counts);
    expect(first!.buffers).toBeGreaterThan(5);
    expect(later).toEqual(later.map(() => first));
  });

  it('are not more after many projections', async () => {
    const held = await opened.page.evaluate(() => costCalls.projecting(6));
    const [first, ...later] = held.map(counts);
    expect(later).toEqual(later.map(() => first));
  });
});

describe('of a device that is lost', () => {
  it.each<Loss>(['weights', 'forward', 'projection'])(
    'in the middle of %s nothing stays, and the next holds as much as it did',
    async (when) => {
      const { loaded, first, again, happened, backend, reloaded } = await opened.page.evaluate(
        (loss) => costCalls.losing(loss),
        when,
      );
      expect([happened, backend]).toEqual([true, 'webgpu']);
      expect(again).toEqual(first);
      expect(reloaded.lostDevices).toBe(loaded.lostDevices + 1);
      expect([reloaded.devices, loaded.devices]).toEqual([1, 1]);
      expect(counts(reloaded)).toEqual(counts(loaded));
      const client = await opened.page.context().newCDPSession(opened.page);
      await expect
        .poll(async () => {
          await client.send('HeapProfiler.collectGarbage');
          return opened.page.evaluate(() => costCalls.heldBuffers().lostReachable);
        })
        .toBe(0);
    },
  );
});
