import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { root } from './harness.ts';

/** What a user sees and does, in the page's own words. English unless a test says otherwise. */

export const samplePath = (name: string): string => `${root}public/samples/${name}`;

export const answerOf = (page: Page): Locator => page.getByRole('region', { name: 'Picture and answer' });

/** The rows of the answer, `name percent`, once there is one for the picture that was asked about last. */
export async function topFive(page: Page): Promise<string[]> {
  const region = answerOf(page);
  await region.getByText(/\d\sm?s on (wasm|webgpu|webgl|cpu)/).waitFor();
  return region.locator('ol').getByRole('listitem').allInnerTexts();
}

/** Waits until the first class of the answer is `name`. */
export async function waitForAnswer(page: Page, name: string): Promise<void> {
  const first = answerOf(page).locator('ol').getByRole('listitem').first();
  // The class stands before its percentage, which may hold the same digits.
  await first.locator('span').first().filter({ hasText: name }).waitFor();
}

/** Finds a listed network by its exact name and opens it. */
export async function chooseNetwork(page: Page, name: string): Promise<void> {
  const networks = page.getByRole('navigation', { name: 'Networks' });
  const search = networks.getByRole('searchbox', { name: 'Search networks' });
  await search.fill(name);
  const exact = name.replace(/[()+.]/g, '\\$&');
  const button = new RegExp(`^${exact}\\s*(,\\s*weights at hand)?\\s*([\\d.].* parameters)?$`);
  await networks.getByRole('button', { name: button }).click();
  await search.fill('');
}

export async function openLayer(page: Page, name: RegExp): Promise<void> {
  await page
    .getByRole('group', { name: /^Diagram of/ })
    .getByRole('button', { name })
    .click();
}

export const mapList = (page: Page): Locator => page.getByRole('listbox', { name: /maps|units/ });

/** Drops a file on the page as a file manager does. */
export async function dropFile(page: Page, path: string, name: string, type: string): Promise<void> {
  const base64 = readFileSync(path).toString('base64');
  const transfer = await page.evaluateHandle(
    ([data, fileName, mime]) => {
      const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], fileName, { type: mime }));
      return dataTransfer;
    },
    [base64, name, type] as const,
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

/** The pixels of a picture on the page, as a short text that changes with them. */
export async function picture(locator: Locator): Promise<string> {
  await locator.waitFor();
  return locator.evaluate((element) => {
    const canvas =
      element instanceof HTMLCanvasElement
        ? element
        : (element.querySelector('canvas') ?? document.createElement('canvas'));
    return canvas.toDataURL();
  });
}

/** Waits until `read` gives something else than `before`, and gives that. */
export async function changed(read: () => Promise<string>, before: string): Promise<string> {
  let now = before;
  await expect.poll(async () => (now = await read()), { timeout: 60_000 }).not.toBe(before);
  return now;
}
