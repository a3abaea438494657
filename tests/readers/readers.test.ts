import { describe, expect, it } from 'vitest';
import { expected, listed, openFixture } from './fixtures.ts';

describe.each(Object.entries(expected))('%s', (name, { tensors, metadata }) => {
  it('holds the tensors that its writer put in, by name, shape and value', async () => {
    expect(await listed(await openFixture(name))).toEqual(tensors);
  });

  it('says what was unwrapped', async () => {
    const file = await openFixture(name);
    if (metadata) expect(file.metadata).toMatchObject(metadata);
    else expect(file.metadata).not.toHaveProperty('container');
  });

  it('gives any range of a tensor as it gives the whole', async () => {
    for (const [key, tensor] of (await openFixture(name)).tensors) {
      const { values } = tensors[key]!;
      for (let first = 0; first < values.length; first = first * 2 + 1) {
        const count = Math.ceil((values.length - first) / 2);
        expect([...(await tensor.read(first, count))]).toEqual(values.slice(first, first + count));
      }
    }
  });
});
