import { describe, expect, it } from 'vitest';
import { expected, listed, openFixture } from './fixtures.ts';

describe.each(Object.entries(expected))('%s', (name, { tensors, metadata, layers, some }) => {
  it('holds the tensors that its writer put in, by name, shape and value', async () => {
    const read = await listed(await openFixture(name));
    if (some) expect(read).toMatchObject(tensors);
    else expect(read).toEqual(tensors);
  });

  it('says what was unwrapped', async () => {
    const file = await openFixture(name);
    if (metadata) expect(file.metadata).toMatchObject(metadata);
    else expect(file.metadata).not.toHaveProperty('container');
  });

  it('tells its operations in order', async () => {
    expect((await openFixture(name)).layers?.map(({ type }) => type)).toEqual(layers);
  });

  it('gives any range of a tensor as it gives the whole', async () => {
    for (const tensor of (await openFixture(name)).tensors.values()) {
      const values = [...(await tensor.read())];
      for (let first = 0; first < values.length; first = first * 2 + 1) {
        const count = Math.ceil((values.length - first) / 2);
        expect([...(await tensor.read(first, count))]).toEqual(values.slice(first, first + count));
      }
    }
  });
});
