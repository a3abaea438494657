import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ConvScopeError } from '../models/errors.ts';
import type { WeightEntry, WeightManifest } from './contract.ts';
import { ownLocks } from './shelf.locks.ts';
import { fetchManifest, fetchWeights, type FetchedWeights, type WeightStore } from './weights.fetch.ts';

const bytes = new Uint8Array(10_000).map((_, i) => (i * 7) & 255);
const blob = new Blob([bytes]);
const contentOf = async (content: Blob) => new Uint8Array(await content.arrayBuffer());
const read = async (result: Promise<FetchedWeights>) => {
  const { file: content, ...rest } = await result;
  return { bytes: await contentOf(content), ...rest };
};
const entry: WeightEntry = {
  network: 'n',
  file: 'n.safetensors',
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  dtype: 'F16',
  source: 's',
  dataset: 'd',
  classes: ['a'],
  preprocessing: {
    input: [1, 1, 1],
    colour: 'grey',
    fit: 'digit',
    resize: 1,
    filter: 'bilinear',
    mean: [0],
    std: [1],
  },
  accuracy: { top1: 1, measuredOn: 'x', images: 1 },
  licence: 'l',
  origin: 'o',
};
const manifest: WeightManifest = { version: 1, weights: [entry] };

type Answer = () => Response | Promise<Response>;
const serve =
  (answer: Answer): typeof fetch =>
  async () =>
    answer();
const file = (body: BodyInit, init: ResponseInit = {}): Response =>
  new Response(body, { headers: { 'content-type': 'application/octet-stream' }, ...init });
const page = (status: number): Response =>
  new Response('<!DOCTYPE html><p>not here', {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });

/** A body in pieces, after which the connection breaks if `breaks`. */
function pieces(parts: readonly Uint8Array<ArrayBuffer>[], breaks = false): ReadableStream {
  const rest = [...parts];
  return new ReadableStream({
    pull(controller) {
      const next = rest.shift();
      if (next) controller.enqueue(next);
      else if (breaks) controller.error(new TypeError('network error'));
      else controller.close();
    },
  });
}

function memoryStore(put: Awaited<ReturnType<WeightStore['put']>> = null) {
  const files = new Map<string, Blob>();
  const locks = ownLocks();
  const store: WeightStore = {
    inTurn: (hash, _, work) => locks.inTurn(hash, work),
    get: async (hash) => files.get(hash) ?? null,
    put: async (hash, content) => {
      if (put === null) files.set(hash, content);
      return put;
    },
    keepOnly: async (hashes) => {
      for (const hash of files.keys()) if (!hashes.includes(hash)) files.delete(hash);
    },
  };
  return { files, store };
}

function load(answer: Answer, { store } = memoryStore(), signal = new AbortController().signal) {
  const steps: (number | 'verify')[] = [];
  const hooks = {
    signal,
    onBytes: (loaded: number) => steps.push(loaded),
    onVerify: () => steps.push('verify'),
  };
  const result = fetchWeights(entry, manifest, 'https://host.invalid/weights/', store, hooks, serve(answer));
  return { result, steps };
}

async function failureOf(promise: Promise<unknown>): Promise<ConvScopeError> {
  return promise.then(
    () => {
      throw new Error('it was accepted');
    },
    (error: ConvScopeError) => error,
  );
}

describe('a file from the server', () => {
  it('arrives with the progress of its bytes, is verified and kept', async () => {
    const { files, store } = memoryStore();
    files.set('an older file', blob);
    const parts = [bytes.slice(0, 3_000), bytes.slice(3_000, 3_001), bytes.slice(3_001)];
    const { result, steps } = load(() => file(pieces(parts)), { files, store });
    expect(await read(result)).toEqual({ bytes, fromCache: false });
    expect(steps).toEqual([0, 3_000, 3_001, 10_000, 'verify']);
    expect([...files.keys()]).toEqual([entry.sha256]);
  });

  it.each(['storage-full', 'storage-missing'] as const)(
    'is used although it cannot be kept: %s',
    async (why) => {
      const { result } = load(() => file(bytes), memoryStore(why));
      expect(await read(result)).toEqual({ bytes, fromCache: false, notCached: why });
    },
  );

  it('is fetched once by two tabs that open at the same time', async () => {
    const kept = memoryStore();
    let asked = 0;
    const answer = () => {
      asked += 1;
      return file(pieces([bytes]));
    };
    const tabs = [load(answer, kept), load(answer, kept)];
    expect(await Promise.all(tabs.map(({ result }) => read(result)))).toEqual([
      { bytes, fromCache: false },
      { bytes, fromCache: true },
    ]);
    expect(asked).toBe(1);
  });

  it('is fetched by the second tab where the first one gives up', async () => {
    const kept = memoryStore();
    const first = load(() => file(pieces([bytes.slice(0, 10)], true)), kept);
    const second = load(() => file(pieces([bytes])), kept);
    expect((await failureOf(first.result)).code).toBe('weights-unreachable');
    expect(await read(second.result)).toEqual({ bytes, fromCache: false });
  });

  it('is asked for at its address beside the page', async () => {
    let asked = '';
    const spy: typeof fetch = async (url) => {
      asked = String(url);
      return file(bytes);
    };
    const hooks = {
      signal: new AbortController().signal,
      onBytes: () => undefined,
      onVerify: () => undefined,
    };
    await fetchWeights(entry, manifest, 'https://host.invalid/a/weights/', memoryStore().store, hooks, spy);
    expect(asked).toBe('https://host.invalid/a/weights/n.safetensors');
  });
});

describe('a kept file', () => {
  it('is used without asking the server', async () => {
    const kept = memoryStore();
    kept.files.set(entry.sha256, blob);
    const { result } = load(() => Promise.reject(new TypeError('offline')), kept);
    expect(await read(result)).toEqual({ bytes, fromCache: true });
  });

  it('that is damaged is fetched again', async () => {
    const kept = memoryStore();
    kept.files.set(entry.sha256, new Blob([bytes.map((b) => b ^ 1)]));
    expect(await load(() => file(bytes), kept).result).toMatchObject({ fromCache: false });
    expect(await contentOf(kept.files.get(entry.sha256)!)).toEqual(bytes);
  });
});

describe('what can go wrong on the way', () => {
  const cut = bytes.slice(0, 9_999);
  const longer = new Uint8Array(10_001);
  const changed = bytes.map((b, i) => (i === 5_000 ? b ^ 128 : b));
  it.each<[string, Answer, string, string]>([
    [
      'offline',
      () => Promise.reject(new TypeError('Failed to fetch')),
      'weights-unreachable',
      'Failed to fetch',
    ],
    ['a server error', () => file('', { status: 503 }), 'weights-unreachable', 'the server says 503'],
    ['a missing file', () => file('', { status: 404 }), 'weights-missing', 'the server says 404'],
    ['a page of "not found"', () => page(404), 'weights-missing', 'the server says 404'],
    ['a page in its place', () => page(200), 'weights-missing', 'a web page in its place'],
    [
      'a page that claims to be a file',
      () => file('<!doctype html><title>x'),
      'weights-missing',
      'a web page is in',
    ],
    [
      'a Git LFS pointer',
      () => file('version https://git-lfs.github.com/spec/v1'),
      'weights-missing',
      'LFS pointer',
    ],
    ['a broken connection', () => file(pieces([cut], true)), 'weights-unreachable', 'after 9999 bytes'],
    ['a truncated file', () => file(cut), 'weights-truncated', '9999 of 10000 bytes'],
    ['an empty file', () => file(''), 'weights-truncated', '0 of 10000 bytes'],
    ['a longer file', () => file(longer), 'weights-corrupt', 'its size'],
    ['one changed bit', () => file(changed), 'weights-corrupt', 'its SHA-256'],
  ])('%s', async (_name, answer, code, words) => {
    const store = memoryStore();
    const error = await failureOf(load(answer, store).result);
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.message).toContain('n.safetensors');
    expect(store.files.size).toBe(0);
  });

  it('a manifest in whose place a page is served', async () => {
    const error = await failureOf(
      fetchManifest(
        'https://host.invalid/',
        new AbortController().signal,
        serve(() => page(200)),
      ),
    );
    expect(error.code).toBe('weights-missing');
  });

  it('an abort is passed on as it is', async () => {
    const controller = new AbortController();
    const { result } = load(() => file(pieces([bytes.slice(0, 10)], true)), memoryStore(), controller.signal);
    controller.abort();
    expect(await failureOf(result)).toBeInstanceOf(TypeError);
  });
});
