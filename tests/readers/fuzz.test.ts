import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpus } from './fixtures.ts';
import { mutant, readers } from './mutate.ts';
import { countAllocations, judge, type Outcome } from './oracle.ts';

/** A short run of what `npm run fuzz` does at length. */
const inputs = 400;

describe.each(readers)('damaged files for the %s reader', (reader) => {
  const files = corpus(reader);
  let restore = () => {};
  beforeAll(async () => {
    for (const { name, bytes } of files) await judge(name, bytes);
    restore = countAllocations();
  });
  afterAll(() => restore());

  it('give tensors that hold together or an error that says what is wrong', async () => {
    const findings: [number, Outcome][] = [];
    const kinds = new Set<string>();
    for (let index = 0; index < inputs; index++) {
      const { name, bytes } = mutant(reader, 7, index, files);
      const outcome = await judge(name, bytes);
      kinds.add(outcome.kind);
      if (outcome.kind === 'wrong') findings.push([index, outcome]);
    }
    expect(findings).toEqual([]);
    // A run whose inputs were all refused, or all read, would test nothing.
    expect([...kinds].sort()).toEqual(['read', 'refused']);
  });
});
