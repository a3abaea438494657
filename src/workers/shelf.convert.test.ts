import { describe, expect, it, vi } from 'vitest';
import type { CheckpointMatch, ParameterRecipe } from '../models/checkpoint.ts';
import type { ReadableTensors } from '../models/checkpointValues.ts';
import { openTensorFile } from './readers/open.ts';
import { convertCheckpoint } from './shelf.convert.ts';
import { memoryDisk } from './shelf.disk.ts';

// Millions of numbers on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** Tensors of numbers that say where they stand, and how many of them were asked for at a time. */
function tensors(shapes: Record<string, readonly number[]>, value: (i: number) => number) {
  let most = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const all = Float32Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, i) =>
      value(i),
    );
    const read = async (first = 0, count = all.length - first) => {
      most = Math.max(most, count);
      return all.slice(first, first + count);
    };
    return [name, { shape, read, all }] as const;
  });
  const file: ReadableTensors = { tensors: new Map(entries) };
  return { file, all: new Map(entries.map(([name, { all }]) => [name, all])), most: () => most };
}

const matchOf = (recipes: Record<string, ParameterRecipe>): CheckpointMatch => ({
  source: 'test',
  recipes: new Map(Object.entries(recipes)),
  ignored: [],
  differs: [],
});

async function convert(
  match: CheckpointMatch,
  file: ReadableTensors,
  dtype: 'F16' | 'F32',
  checkpoint: () => void = () => undefined,
) {
  const disk = memoryDisk();
  const out = await disk.open('out');
  const fractions: number[] = [];
  const onProgress = (done: number, total: number): void => void fractions.push(done / total);
  const hooks = { checkpoint, onProgress };
  const converted = await convertCheckpoint(match, file, out, { dtype, metadata: { a: 'b' } }, hooks);
  const source = (await disk.source('out'))!;
  expect(converted.bytes).toBe(source.size);
  return { converted, fractions, written: await openTensorFile(source) };
}

const same = (tensor: string, shape: readonly number[]): ParameterRecipe => ({
  shape,
  from: { tensor, layout: 'same' },
});

describe('a checkpoint rewritten as safetensors', () => {
  it('has the parameters by node, matrices as float16 and vectors as float32', async () => {
    const { file, all } = tensors({ w: [4, 3], b: [4] }, (i) => i / 8);
    const match = matchOf({ 'block/conv/weight': same('w', [4, 3]), 'block/conv/bias': same('b', [4]) });
    const { written, fractions } = await convert(match, file, 'F16');
    expect(written.metadata).toEqual({ a: 'b' });
    const weight = written.tensors.get('block.conv.weight')!;
    const bias = written.tensors.get('block.conv.bias')!;
    expect([weight.dtype, weight.shape, bias.dtype]).toEqual(['F16', [4, 3], 'F32']);
    expect(await weight.read()).toEqual(all.get('w'));
    expect(await bias.read()).toEqual(all.get('b'));
    expect(fractions.at(-1)).toBe(1);
  });

  it('keeps float32 where that is asked for, and where a value is beyond float16', async () => {
    const { file, all } = tensors({ w: [2, 3], v: [2, 3] }, (i) => (i === 4 ? 1e6 : i));
    const small = tensors({ v: [2, 3] }, (i) => i);
    const both: ReadableTensors = { tensors: new Map([...file.tensors, ...small.file.tensors]) };
    const match = matchOf({ 'a/weight': same('w', [2, 3]), 'b/weight': same('v', [2, 3]) });
    const half = await convert(match, both, 'F16');
    expect(half.converted.wide).toEqual([{ name: 'a.weight', values: 1 }]);
    expect([...half.written.tensors.values()].map(({ dtype }) => dtype)).toEqual(['F32', 'F16']);
    expect(await half.written.tensors.get('a.weight')!.read()).toEqual(all.get('w'));
    expect(await half.written.tensors.get('b.weight')!.read()).toEqual(small.all.get('v'));
    const full = await convert(match, both, 'F32');
    expect(full.converted.wide).toEqual([]);
    expect([...full.written.tensors.values()].map(({ dtype }) => dtype)).toEqual(['F32', 'F32']);
  });

  it('is read in pieces of at most 16 MB, and transposed ones come out right', async () => {
    // Different along both axes.
    const shape = [2200, 2000] as const;
    const { file, most } = tensors({ w: shape, t: shape }, (i) => (i % 2000) + Math.floor(i / 2000) / 4096);
    const match = matchOf({
      'plain/weight': same('w', shape),
      'turned/weight': { shape: [2000, 2200], from: { tensor: 't', layout: 'transposed' } },
    });
    const { written } = await convert(match, file, 'F32');
    expect(most()).toBeLessThanOrEqual(2 ** 22);
    const turned = await written.tensors.get('turned.weight')!.read();
    const plain = await written.tensors.get('plain.weight')!.read();
    let wrong = 0;
    for (let row = 0; row < 2200; row += 7) {
      for (let column = 0; column < 2000; column += 3) {
        const wanted = Math.fround(column + row / 4096);
        if (plain[row * 2000 + column] !== wanted || turned[column * 2200 + row] !== wanted) wrong += 1;
      }
    }
    expect(wrong).toBe(0);
  });

  it('that is cancelled ends there', async () => {
    const { file } = tensors({ w: [4, 3] }, (i) => i);
    const stop = (): void => {
      throw new Error('stopped');
    };
    await expect(convert(matchOf({ 'a/weight': same('w', [4, 3]) }), file, 'F16', stop)).rejects.toThrow(
      'stopped',
    );
  });
});
