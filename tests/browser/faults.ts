import { crc32, deflateSync } from 'node:zlib';
import type { BrowserContext, Locator, Page, Worker } from 'playwright-core';

/** What the tests of faults share: files that are dropped, sentences, and a hand inside the engine's worker. */

export interface Dropped {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Drops files on the page at once, as a file manager does. */
export async function dropFiles(page: Page, files: readonly Dropped[]): Promise<void> {
  const encoded = files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('base64')] as const);
  const dataTransfer = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const [name, base64] of all) {
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    }
    return transfer;
  }, encoded);
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}

/** The failure that the page tells, in its own words. */
export const failure = (page: Page, sentence: RegExp): Locator =>
  page.getByRole('alert').filter({ hasText: sentence }).first();

/** What the page tells that is no failure. */
export const notice = (page: Page, sentence: RegExp): Locator =>
  page.getByRole('status').filter({ hasText: sentence }).first();

/** The worker that computes, once it runs. */
export async function engineWorker(page: Page): Promise<Worker> {
  const isEngine = (worker: Worker) => /\/worker-[^/]*\.js$/.test(worker.url());
  return page.workers().find(isEngine) ?? page.waitForEvent('worker', isEngine);
}

/** Runs `code` in every engine worker from now on, before its first message. */
export async function beforeEngine(context: BrowserContext, code: string): Promise<void> {
  await context.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code}\n${await response.text()}` });
  });
}

/** One block of a PNG. */
function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(data.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
}

/** A PNG of a few hundred bytes that says it is enormous: black, one bit a pixel. */
export function bomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
