import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkpointFile } from '../../tests/hub/checkpoints.ts';
import { startHub, type Hub, type HubFile } from '../../tests/hub/server.ts';
import { cli } from '../../tests/unit/cliRun.ts';
import { catalogue } from '../models/catalogue.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import { parseManifest } from '../models/manifest.ts';
import { fileNameOf, publishedFor } from './weightsCatalogue.ts';
import { fetchPublished, mirrored } from './weightsDownload.ts';
import { progressLine } from './weightsProgress.ts';

// Each command is a process of its own, and reads a network of several megabytes.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** A published file without a known hash, so that random weights of the same names can stand for it. */
const entry = catalogue.find(({ id }) => id === 'timm/mobilenetv2_100.ra_in1k')!;
const path = `/${entry.url.replace('https://', '')}`;
const published = checkpointFile(entry.network, 1, undefined, 'timm');
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let hub: Hub;
let dir: string;
beforeEach(async () => {
  hub = await startHub();
  dir = await mkdtemp(join(tmpdir(), 'convscope-cli-'));
  // The command runs in a process that inherits this.
  process.env.CONVSCOPE_HUB = hub.url;
});
afterEach(async () => {
  delete process.env.CONVSCOPE_HUB;
  await hub.close();
  await rm(dir, { recursive: true, force: true });
});

function offer(file: Partial<HubFile> = {}, at = path): HubFile {
  const offered: HubFile = { body: published, redirect: true, ...file };
  hub.files.set(at, offered);
  return offered;
}
const get = (...args: string[]) => cli('weights', 'get', ...args, '--dir', dir);
const manifest = () => parseManifest(readFileSync(join(dir, 'manifest.json'), 'utf8')).weights;

describe('weights list', () => {
  it('has every published file, and marks those in the folder', async () => {
    const { status, out } = await cli('weights', 'list', '--dir', dir);
    expect(status).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(catalogue.length + 2);
    expect(out).toMatch(/^torchvision\/alexnet-v1 +alexnet-one-tower +244\.4 +56\.52 +79\.07 +7be5be79/m);
    const json = JSON.parse((await cli('weights', 'list', '--json', '--dir', dir)).out) as unknown[];
    expect(json).toEqual(catalogue.map((one) => ({ ...one, here: false })));
  });

  it('can be listed: names of files that are allowed and differ', () => {
    const names = catalogue.map(fileNameOf);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[\w.-]+\.safetensors$/.test(name))).toEqual([]);
  });
});

describe('weights get', () => {
  it('fetches, converts and lists; what is listed can be verified and is found again', async () => {
    offer();
    const { status, out, err } = await get(entry.id);
    expect({ status, err: /error/.test(err) }, err).toEqual({ status: 0, err: false });
    const file = fileNameOf(entry);
    expect(out).toBe(
      `mobilenet-v2: ${join(dir, file)}, ${(statSync(join(dir, file)).size / 1e6).toFixed(1)} MB, F16, listed\n`,
    );
    expect(err).toMatch(/ra_in1k download: \d+ %/);
    expect(err).toMatch(/ra_in1k convert: \d+ %/);
    const [listed, ...others] = manifest();
    expect(others).toEqual([]);
    expect(listed).toMatchObject({
      network: 'mobilenet-v2',
      file,
      bytes: statSync(join(dir, file)).size,
      sha256: hashOf(readFileSync(join(dir, file))),
      dtype: 'F16',
      dataset: 'ImageNet-1k',
      preprocessing: entry.preprocessing,
      licence: entry.licence,
      accuracy: { top1: entry.accuracy!.top1 / 100, images: 50_000 },
    });
    expect(listed!.classes).toHaveLength(1000);
    expect(listed!.origin).toContain(`${entry.url} (SHA-256 ${hashOf(published)})`);
    expect(Object.keys(buildNetwork(listed!.network).names)).toContain(listed!.source);
    expect(listed!.bytes).toBeLessThan(0.53 * published.length);
    expect(readdirSync(dir).sort()).toEqual(['manifest.json', file].sort());
    const verified = await cli('weights', 'verify', '--dir', dir);
    expect(verified).toMatchObject({ status: 0, out: expect.stringMatching(/mobilenet-v2 .* ok\n$/) });
    expect((await cli('weights', 'list', '--dir', dir)).out).toMatch(
      /^timm\/mobilenetv2_100\.ra_in1k .* yes /m,
    );
    // Another file for the same network takes its place.
    expect(await get(entry.id, '--fp32', '--json')).toMatchObject({ status: 0 });
    expect(manifest()).toMatchObject([{ network: 'mobilenet-v2', dtype: 'F32' }]);
    writeFileSync(join(dir, file), new Uint8Array(manifest()[0]!.bytes));
    const damaged = await cli('weights', 'verify', '--dir', dir, '--json');
    expect(damaged.status).toBe(1);
    expect(JSON.parse(damaged.out)).toMatchObject([{ problem: expect.stringMatching(/^its SHA-256 is /) }]);
  });

  it('that is interrupted keeps what has arrived, and goes on there', async () => {
    offer({ holdAt: 5_000_000, redirect: false });
    const args = ['--import', 'tsx', 'src/cli/main.ts', 'weights', 'get', entry.id, '--dir', dir];
    const child = spawn(process.execPath, args, { cwd: new URL('../..', import.meta.url) });
    let err = '';
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await hub.held(path);
    const part = join(dir, `${fileNameOf(entry)}.part`);
    await expect.poll(() => existsSync(part) && statSync(part).size, { timeout: 60_000 }).toBe(5_000_000);
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    expect(err).toMatch(/error: .* was paused; what has arrived stays\. Run the command again to go on\./);
    expect(statSync(part).size).toBe(5_000_000);
    const { status, out } = await get(entry.id, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      { id: entry.id, network: 'mobilenet-v2', dtype: 'F16', wide: [] },
    ]);
    expect(hub.requests.at(-1)).toMatchObject({ range: 'bytes=5000000-', ifRange: '"first"' });
    expect(existsSync(part)).toBe(false);
  });

  it('tells of each file that fails, goes on with the others, and leaves nothing half-done', async () => {
    const squeezenet = catalogue.find(({ network }) => network === 'squeezenet-1-1')!;
    offer({ body: new Uint8Array(squeezenet.bytes) }, `/${squeezenet.url.replace('https://', '')}`);
    offer({ body: checkpointFile('squeezenet-1-0', 1) });
    const alexnet = catalogue.find(({ network }) => network === 'alexnet-one-tower')!;
    const { status, out, err } = await get(squeezenet.id, alexnet.id, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(out)).toEqual([]);
    expect(err).toMatch(/error: squeezenet1_1-b8a52dc0\.pth arrived damaged, .*b8a52dc0 was expected/);
    expect(err).toMatch(/error: download\.pytorch\.org has no alexnet-owt-7be5be79\.pth \(status 404\)/);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('of an unknown model says what comes near, and asks no server', async () => {
    const { status, err } = await get('mobilenetv2');
    expect({ status, err }).toEqual({
      status: 1,
      err: expect.stringMatching(/no published weights called "mobilenetv2"/),
    });
    expect(err).toContain('timm/mobilenetv2_100.ra_in1k');
    expect(hub.requests).toEqual([]);
  });

  it('of a network that has several files takes the first', () => {
    const files = publishedFor('resnet-50');
    expect(files[0].id).toBe('torchvision/resnet50-v1');
    expect(files.length).toBeGreaterThan(2);
    expect(() => publishedFor('lenet-5')).toThrow(/lenet-5 has no published weights/);
  });
});

describe('a server that does not answer', () => {
  it.each([
    ['offline', undefined, /This machine is offline/],
    [
      'behind a proxy',
      'http://proxy.invalid:3128',
      /HTTPS_PROXY names a proxy, which Node does not use by itself/,
    ],
  ])('is told in a sentence with a way out: %s', async (_what, proxy, why) => {
    await hub.close();
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('HTTPS_PROXY', proxy);
    const fetching = fetchPublished(entry, dir, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      wait: async () => undefined,
    });
    const error = (await fetching.catch((reason: unknown) => reason)) as Error;
    vi.unstubAllEnvs();
    expect(error).toMatchObject({ code: 'download-unreachable' });
    expect(error.message).toMatch(why);
    expect(error.message).toContain("weights convert FILE --model 'mobilenet-v2'");
    expect(readdirSync(dir)).toEqual([]);
  });

  it('may have a mirror', () => {
    const url = 'https://huggingface.co/a/b?c=d';
    expect(mirrored(url, undefined)).toBe(url);
    expect(mirrored(url, 'http://mirror:80/x/')).toBe('http://mirror:80/x/huggingface.co/a/b?c=d');
  });
});

describe('weights convert', () => {
  const from = (bytes: Uint8Array): string => {
    const file = join(dir, 'from.bin');
    writeFileSync(file, bytes);
    return file;
  };
  const out = (): string => join(dir, 'out.safetensors');

  it('writes what can be read again, in half of the size', async () => {
    const file = from(checkpointFile('cifar-resnet-20', 3));
    const run = await cli(
      'weights',
      'convert',
      file,
      '--model',
      'cifar-resnet-20',
      '--out',
      out(),
      '--fp16',
      '--json',
    );
    expect(run.status, run.err).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({
      network: 'cifar-resnet-20',
      dtype: 'F16',
      bytes: statSync(out()).size,
      sha256: hashOf(readFileSync(out())),
      source: 'convscope',
      wide: [],
    });
    expect(statSync(out()).size).toBeLessThan(0.55 * statSync(file).size);
    const again = join(dir, 'again.safetensors');
    const back = await cli('weights', 'convert', out(), '--model', 'cifar-resnet-20', '--out', again);
    expect(back).toMatchObject({
      status: 0,
      out: expect.stringMatching(/tensors by the names of convscope, F32/),
    });
  });

  it('refuses a file of another network by name, and what is no weight file', async () => {
    const other = from(checkpointFile('cifar-resnet-20', 3));
    const wrong = await cli('weights', 'convert', other, '--model', 'cifar-resnet-32', '--out', out());
    expect(wrong.status).toBe(1);
    expect(wrong.err).toMatch(/does not fit cifar-resnet-32\..*The file fits cifar-resnet-20/s);
    const text = await cli('weights', 'convert', 'README.md', '--model', 'cifar-resnet-20', '--out', out());
    expect(text).toMatchObject({ status: 1, err: expect.stringMatching(/^error: README\.md is /) });
    const missing = await cli('weights', 'convert', join(dir, 'none'), '--model', 'lenet-5', '--out', out());
    expect(missing).toMatchObject({ status: 1, err: expect.stringMatching(/none cannot be read/) });
    expect(readdirSync(dir)).toEqual(['from.bin']);
  });
});

describe('the line of progress', () => {
  const written = (terminal: boolean): string => {
    let text = '';
    let time = 0;
    const line = progressLine({ out: () => undefined, err: (more) => (text += more) }, terminal, () => time);
    for (let done = 0; done <= 100; done += 4) {
      line.show('a', done * 1e6, 100e6);
      time += 500;
    }
    line.end();
    return text;
  };

  it('is one on a terminal, with the speed, and is wiped at the end', () => {
    expect(written(true)).not.toContain('\n');
    expect(written(true)).toContain('a: 80 %, 80.0 of 100.0 MB, 8.0 MB/s');
    expect(written(true).endsWith('\r\x1b[K')).toBe(true);
  });

  it('is one for each tenth of the way in a log', () => {
    const lines = written(false).trimEnd().split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('a: 100 %, 100.0 of 100.0 MB');
  });
});
