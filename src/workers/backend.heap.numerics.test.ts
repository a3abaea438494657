import { fileURLToPath } from 'node:url';
import { backend, memory, tensor1d } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { expectHeapRoom, guardHeap, type WasmHeap } from './backend.heap.ts';
import { createNodeEngine } from './node.ts';

const weightsDir = fileURLToPath(new URL('../../public/weights/', import.meta.url));

/** The real heap of tfjs's module, filled to its end: 4 GiB of addresses, of which hardly a page is touched. */
it('a full wasm heap throws instead of handing out address 0, and goes on once there is room', async () => {
  const engine = createNodeEngine({ weightsDir: 'none' });
  await engine.start('wasm');
  const { wasm } = backend() as unknown as { wasm: WasmHeap };
  const wrapped = wasm._malloc;
  guardHeap(wasm);
  expect(wasm._malloc).toBe(wrapped);

  const block = 2 ** 29;
  expectHeapRoom(wasm, [block, block]);
  const blocks: number[] = [];
  expect(() => {
    for (;;) blocks.push(wasm._malloc(block));
  }).toThrow(RangeError);
  // Eight halves of a GiB would be all 4 GiB, of which the module itself takes some.
  expect(blocks).toHaveLength(7);
  expect(new Set(blocks).size).toBe(7);
  expect(() => expectHeapRoom(wasm, [block])).toThrow(/has no room for 536870912 more/);

  wasm._free(blocks.pop()!);
  // What was asked for in vain has been given back, block by block.
  expect(() => expectHeapRoom(wasm, [block / 2, block])).toThrow(RangeError);
  expectHeapRoom(wasm, [block]);
  const tensor = tensor1d([1, 2, 3]);
  expect([...tensor.dataSync()]).toEqual([1, 2, 3]);
  tensor.dispose();
  blocks.forEach((address) => wasm._free(address));
  await engine.dispose();
});

it('a network that does not fit into the rest of the heap says so, and answers once there is room', async () => {
  const engine = createNodeEngine({ weightsDir });
  await engine.load('zfnet-imagenette', { kind: 'bundled' });
  const data = new Uint8ClampedArray(240 * 240 * 4).map((_, i) => (i % 4 === 3 ? 255 : (i * 7) & 255));
  await engine.setImage({ width: 240, height: 240, data });
  const before = memory().numTensors;
  const { wasm } = backend() as unknown as { wasm: WasmHeap };
  const blocks: number[] = [];
  for (const block of [2 ** 29, 2 ** 25, 2 ** 21]) {
    try {
      for (;;) blocks.push(wasm._malloc(block));
    } catch {
      // The next size fills what is left.
    }
  }
  const failure: unknown = await engine.classify().catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'out-of-memory',
    message: expect.stringMatching(/conv\d.* the backend has no memory left/) as string,
  });
  expect(memory().numTensors).toBe(before);
  // A smaller network is loaded all the same: the old one makes room for it.
  expect((await engine.load('efficientnet-lite0', { kind: 'bundled' })).ref).toBe('efficientnet-lite0');

  blocks.forEach((address) => wasm._free(address));
  await engine.load('zfnet-imagenette', { kind: 'bundled' });
  expect((await engine.classify()).top[0]!.probability).toBeGreaterThan(0);
  await engine.dispose();
});
