import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { createSha256, sha256 } from './sha256.ts';

const bytesOf = (length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(length).map((_, i) => (i * 31 + (i >> 8)) & 255);

describe('SHA-256', () => {
  it.each([1, 7, 64, 1000, 40_000])('of pieces of %i bytes is that of the whole', async (piece) => {
    const bytes = bytesOf(100_003);
    const hasher = await createSha256();
    for (let at = 0; at < bytes.length; at += piece) hasher.update(bytes.subarray(at, at + piece));
    expect(hasher.hex()).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('of two files at the same time', async () => {
    const [a, b] = [await createSha256(), await createSha256()];
    a.update(bytesOf(10));
    b.update(bytesOf(20));
    a.update(bytesOf(10));
    expect(a.hex()).toBe(createHash('sha256').update(bytesOf(10)).update(bytesOf(10)).digest('hex'));
    expect(b.hex()).toBe(createHash('sha256').update(bytesOf(20)).digest('hex'));
  });

  it('of "abc" as FIPS 180-4 has it', async () => {
    expect(await sha256(new TextEncoder().encode('abc'))).toBe(
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
