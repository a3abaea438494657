import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type Hub, type HubFile } from '../../tests/hub/server.ts';
import {
  download,
  waitsMs,
  type DownloadHooks,
  type DownloadProgress,
  type Part,
  type PartNote,
} from './shelf.download.ts';
import type { Fetched } from './shelf.errors.ts';

let hub: Hub;
/** Where the test's download goes. */
let part: MemoryPart;
beforeEach(async () => {
  hub = await startHub();
  part = new MemoryPart();
});
afterEach(() => hub.close());

const body = new Uint8Array(300_000).map((_, i) => (i * 31 + (i >> 8)) & 255);
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const path = '/net/weights.bin';

function offer(file: Partial<HubFile> = {}): HubFile {
  const offered: HubFile = { body, taken: () => part.size(), ...file };
  hub.files.set(path, offered);
  return offered;
}

const specOf = (more: Partial<Fetched> = {}): Fetched => ({
  id: 'hub/net',
  url: hub.url + path,
  file: 'weights.bin',
  bytes: body.length,
  bytesAre: 'stated',
  sha256: hashOf(body),
  ...more,
});

class MemoryPart implements Part {
  bytes: Uint8Array = new Uint8Array(0);
  private kept: PartNote = { etag: null, totalBytes: null };
  size = (): number => this.bytes.length;
  note = (): PartNote => this.kept;
  async setNote(note: PartNote): Promise<void> {
    this.kept = note;
  }
  async read(start: number, end: number): Promise<Uint8Array> {
    return this.bytes.slice(start, end);
  }
  async append(bytes: Uint8Array): Promise<void> {
    const longer = new Uint8Array(this.bytes.length + bytes.length);
    longer.set(this.bytes);
    longer.set(bytes, this.bytes.length);
    this.bytes = longer;
  }
  async clear(): Promise<void> {
    this.bytes = new Uint8Array(0);
  }
}

interface Watched extends DownloadHooks {
  readonly seen: DownloadProgress[];
  readonly waited: number[];
}

function hooks(more: Partial<DownloadHooks> = {}): Watched {
  const seen: DownloadProgress[] = [];
  const waited: number[] = [];
  return {
    fetch,
    signal: new AbortController().signal,
    onProgress: (progress) => void seen.push(progress),
    online: () => true,
    wait: async (milliseconds) => void waited.push(milliseconds),
    mayAskIfRange: true,
    seen,
    waited,
    ...more,
  };
}

const ranges = (): (string | null)[] => hub.requests.map(({ range }) => range);
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => error,
  );

describe('a download', () => {
  it('brings the file, tells how far it is, and knows its hash', async () => {
    offer();
    const watched = hooks();
    expect(await download(specOf(), part, watched)).toEqual({ sha256: hashOf(body) });
    expect(hashOf(part.bytes)).toBe(hashOf(body));
    const phases = watched.seen.map(({ phase }) => phase);
    expect([phases[0], phases.at(-1)]).toEqual(['connect', 'verify']);
    const loaded = watched.seen.filter(({ phase }) => phase === 'download').map((p) => p.loadedBytes);
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(body.length);
    expect(new Set(watched.seen.map(({ totalBytes }) => totalBytes))).toEqual(new Set([body.length]));
  });

  it('follows the hub to another origin, with the range', async () => {
    offer({ redirect: true, drops: [100_000] });
    await download(specOf(), part, hooks());
    expect(hashOf(part.bytes)).toBe(hashOf(body));
    expect(ranges()).toEqual([null, null, 'bytes=100000-', 'bytes=100000-']);
  });

  it.each([
    ['a known beginning of its hash', { sha256: hashOf(body).slice(0, 8) }],
    ['no known hash', { sha256: null }],
    ['a size that is only computed', { bytes: body.length - 2000, bytesAre: 'computed' as const }],
  ])('of a file with %s', async (_what, more) => {
    offer();
    expect(await download(specOf(more), part, hooks())).toEqual({ sha256: hashOf(body) });
  });

  it('of a size that is computed here and not told by the server ends with the body', async () => {
    offer({ length: false });
    await download(specOf({ bytes: 290_000, bytesAre: 'computed' }), part, hooks());
    expect(part.size()).toBe(body.length);
    expect(part.note().totalBytes).toBe(body.length);
  });
});

describe('a dropped connection', () => {
  it('is made again for the rest, the hash taken over all of it', async () => {
    offer({ drops: [50_000, 0, 70_000] });
    const watched = hooks();
    await download(specOf(), part, watched);
    expect(hashOf(part.bytes)).toBe(hashOf(body));
    expect(ranges()).toEqual([null, 'bytes=50000-', 'bytes=50000-', 'bytes=120000-']);
    expect(watched.waited).toEqual([waitsMs[0], waitsMs[0], waitsMs[0]]);
    expect(hub.requests.slice(1).map(({ ifRange }) => ifRange)).toEqual(Array(3).fill('"first"'));
  });

  it('that brings nothing again and again ends the download; the part stays and the next one goes on', async () => {
    const file = offer({ drops: [50_000, 0, 0, 0, 0] });
    const watched = hooks();
    expect(await failure(download(specOf(), part, watched))).toMatchObject({
      code: 'download-broken',
      details: { bytes: 50_000, file: 'weights.bin' },
    });
    expect(watched.waited).toEqual([waitsMs[0], ...waitsMs]);
    expect(part.size()).toBe(50_000);
    expect(file.drops).toEqual([]);
    const again = hooks();
    await download(specOf(), part, again);
    expect(hashOf(part.bytes)).toBe(hashOf(body));
    expect(again.seen[0]).toMatchObject({ phase: 'verify', loadedBytes: 50_000 });
    expect(ranges().at(-1)).toBe('bytes=50000-');
  });

  it('on a server without ranges begins again, says so, and does not go on for ever', async () => {
    offer({ ranges: false, drops: [90_000, 80_000] });
    const watched = hooks();
    await download(specOf(), part, watched);
    expect(hashOf(part.bytes)).toBe(hashOf(body));
    expect(watched.seen.at(-1)).toMatchObject({ restarted: 'no-ranges' });
    offer({ ranges: false, drops: Array<number>(50).fill(200_000) });
    part = new MemoryPart();
    const never = await failure(download(specOf(), part, hooks()));
    expect(never).toMatchObject({ code: 'download-broken' });
  });

  it('and a server that stops sending are the same', async () => {
    offer({ holdAt: 60_000 });
    await download(specOf(), part, hooks({ stallMs: 20 }));
    expect(hashOf(part.bytes)).toBe(hashOf(body));
    expect(ranges()).toEqual([null, 'bytes=60000-']);
  });
});

describe('a paused download', () => {
  it('keeps what has arrived and goes on from there', async () => {
    offer({ holdAt: 120_000 });
    const control = new AbortController();
    const running = failure(download(specOf(), part, hooks({ signal: control.signal })));
    await hub.held(path);
    await expect.poll(() => part.size()).toBe(120_000);
    control.abort();
    expect(await running).toMatchObject({ code: 'cancelled' });
    await download(specOf(), part, hooks());
    expect(hashOf(part.bytes)).toBe(hashOf(body));
    expect(ranges()).toEqual([null, 'bytes=120000-']);
  });

  const changed = body.map((byte) => byte ^ 1);
  it.each([
    ['by If-Range', { mayAskIfRange: true }, {}],
    ['by the ETag of the answer', { mayAskIfRange: false }, {}],
    ['by its size', { mayAskIfRange: false }, { etag: null, longer: true }],
    ['by the hash alone', { mayAskIfRange: false }, { etag: null }],
  ])('begins again where the file has changed on the server: %s', async (_how, asking, now) => {
    const file = offer({ drops: [100_000, 0, 0, 0, 0], etag: 'etag' in now ? now.etag : '"first"' });
    expect(await failure(download(specOf(), part, hooks(asking)))).toMatchObject({ code: 'download-broken' });
    const next = 'longer' in now ? Uint8Array.from([...changed, 7]) : changed;
    Object.assign(file, { body: next, etag: 'etag' in now ? now.etag : '"second"' });
    const watched = hooks(asking);
    await download(specOf({ bytes: next.length, sha256: hashOf(next) }), part, watched);
    expect(hashOf(part.bytes)).toBe(hashOf(next));
    const why = _how === 'by the hash alone' ? 'damaged' : 'changed';
    expect(watched.seen.at(-1)).toMatchObject({ restarted: why });
  });

  it('of a part that is longer than the file on the server begins again', async () => {
    offer();
    await part.append(new Uint8Array(body.length));
    await part.setNote({ etag: null, totalBytes: body.length + 100 });
    const spec = specOf({ bytesAre: 'computed' });
    await download(spec, part, hooks());
    expect(hashOf(part.bytes)).toBe(hashOf(body));
    expect(hub.requests[0]!.range).toBe(`bytes=${body.length}-`);
  });
});

describe('refused:', () => {
  it.each([404, 410])('a file that is gone (%i)', async (status) => {
    offer({ status });
    expect(await failure(download(specOf(), part, hooks()))).toMatchObject({
      code: 'download-missing',
      details: { status },
    });
    expect(hub.requests).toHaveLength(1);
  });

  it.each([401, 403, 451])('a file that is not given out (%i)', async (status) => {
    offer({ status });
    expect(await failure(download(specOf(), part, hooks()))).toMatchObject({
      code: 'download-refused',
    });
    expect(hub.requests).toHaveLength(1);
  });

  it.each([429, 500, 503])('a server in trouble (%i), after a few attempts', async (status) => {
    const file = offer({ status });
    expect(await failure(download(specOf(), part, hooks()))).toMatchObject({
      code: 'download-server',
      details: { status },
    });
    expect(hub.requests).toHaveLength(1 + waitsMs.length);
    const recovering = hooks({ wait: async () => void delete file.status });
    expect(await download(specOf(), part, recovering)).toEqual({ sha256: hashOf(body) });
  });

  it.each([
    ['by its type', 'text/html; charset=utf-8', '<p>Sign in</p>'],
    ['by its first bytes', 'application/octet-stream', '  <!DOCTYPE html><title>Sign in</title>'],
    ['as an LFS pointer', 'text/plain', 'version https://git-lfs.github.com/spec/v1'],
  ])('a page in place of the file, known %s', async (_how, type, text) => {
    offer({ body: new TextEncoder().encode(text), type });
    const spec = specOf({ bytes: text.length });
    expect(await failure(download(spec, part, hooks()))).toMatchObject({ code: 'download-html' });
    expect(part.size()).toBe(0);
  });

  it('another size, before a byte of it is kept', async () => {
    offer({ body: body.slice(1) });
    expect(await failure(download(specOf(), part, hooks()))).toMatchObject({
      code: 'download-size',
      details: { bytes: body.length - 1, expectedBytes: body.length },
    });
    expect(part.size()).toBe(0);
  });

  it('a body without end', async () => {
    offer({ body: new Uint8Array(5_000_000), length: false });
    expect(await failure(download(specOf(), part, hooks()))).toMatchObject({ code: 'download-size' });
    expect(part.size()).toBe(0);
  });

  it('other bytes, which are deleted', async () => {
    offer({ body: body.map((byte, i) => (i === 77 ? byte ^ 1 : byte)) });
    expect(await failure(download(specOf(), part, hooks()))).toMatchObject({ code: 'download-hash' });
    expect(part.size()).toBe(0);
    expect(hub.requests).toHaveLength(1);
  });

  it('a damaged part is begun again once, not for ever', async () => {
    const file = offer();
    await part.append(new Uint8Array(1000));
    const watched = hooks();
    await download(specOf(), part, watched);
    expect(hashOf(part.bytes)).toBe(hashOf(body));
    expect(watched.seen.at(-1)).toMatchObject({ restarted: 'damaged' });
    file.body = body.map((byte) => byte ^ 1);
    file.drops = [1000, 1000, 1000, 1000, 1000, 1000];
    await part.clear();
    expect(await failure(download(specOf(), part, hooks()))).toMatchObject({ code: 'download-hash' });
  });
});

describe('without an answer', () => {
  const refusing: typeof fetch = () => Promise.reject(new TypeError('Failed to fetch'));

  it('offline is told at once', async () => {
    const watched = hooks({ fetch: refusing, online: () => false });
    const error = await failure(download(specOf(), part, watched));
    expect(error).toMatchObject({ code: 'download-offline' });
    expect(watched.waited).toEqual([]);
  });

  it('a server that does not answer is asked twice; the way around it is told', async () => {
    const { port } = new URL(hub.url);
    await hub.close();
    const watched = hooks();
    const error = await failure(download(specOf(), part, watched));
    expect(watched.waited).toEqual([waitsMs[0]]);
    expect(error).toMatchObject({
      code: 'download-unreachable',
      details: {
        host: `localhost:${port}`,
        command: 'npm run -s cli -- weights get hub/net',
        detail: 'ECONNREFUSED',
      },
    });
  });

  it('a server that is there but hides its answer sends no CORS header', async () => {
    const watched = hooks({ fetch: refusing, probe: async () => true });
    const error = await failure(download(specOf(), part, watched));
    expect(error).toMatchObject({ code: 'download-blocked' });
    expect(watched.waited).toEqual([]);
  });

  it.each([
    ['known at once', { probe: async () => true }, 0],
    ['found out at last', {}, waitsMs.length],
  ])('to a range only, the file is begun again: %s', async (_how, more, waits) => {
    offer();
    const noRanges: typeof fetch = (url, init) =>
      new Headers(init?.headers).has('range') ? refusing(url) : fetch(url, init);
    await part.append(body.slice(0, 5000));
    const watched = hooks({ fetch: noRanges, ...more });
    await download(specOf(), part, watched);
    expect(hashOf(part.bytes)).toBe(hashOf(body));
    expect(watched.seen.at(-1)).toMatchObject({ restarted: 'no-ranges' });
    expect(watched.waited).toHaveLength(waits);
  });
});
