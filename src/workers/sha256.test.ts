import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { sha256, sha256InScript } from './sha256.ts';

const bytesOf = (length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(length).map((_, i) => (i * 31 + (i >> 8)) & 255);

describe('SHA-256', () => {
  // Around one and two blocks the padding changes its form.
  it.each([0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 100_003])(
    'of %i bytes, in script',
    (length) => {
      const bytes = bytesOf(length);
      expect(sha256InScript(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    },
  );

  it('of "abc" as FIPS 180-4 has it', () => {
    expect(sha256InScript(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('is the same with and without crypto.subtle', async () => {
    const bytes = bytesOf(777);
    const native = await sha256(bytes);
    vi.stubGlobal('crypto', {});
    try {
      expect(await sha256(bytes)).toBe(native);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
