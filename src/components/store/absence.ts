import { ConvScopeError } from '../../models/errors.ts';
import type { Failure } from './types.ts';

/** A part of the page's own code (a view, a catalogue, a worker's script) did not come, for whatever reason. */
export function partMissing(reason: unknown): ConvScopeError {
  const message = reason instanceof Error ? reason.message : String(reason);
  return new ConvScopeError('page-incomplete', `A part of this page did not arrive: ${message}`, { message });
}

/**
 * Says of code that did not come why, by asking for the page itself: without an answer there is no network; a page of other
 * scripts is a newer one, whose parts have other names. Other failures stay as they are.
 */
export async function explainAbsence(failure: Failure): Promise<Failure> {
  if (failure.code !== 'page-incomplete') return failure;
  const page = await fetch(location.pathname, { cache: 'no-store' }).catch(() => null);
  if (page === null) return { ...failure, code: 'page-offline' };
  const text = page.ok ? await page.text().catch(() => '') : '';
  // Names hold the hash of what is in the file.
  const named = [...text.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, name]) => absolute(name ?? ''));
  const here = new Set(
    [...document.querySelectorAll('script[src], link[href]')].map((element) =>
      absolute(element.getAttribute('src') ?? element.getAttribute('href') ?? ''),
    ),
  );
  return named.some((name) => !here.has(name)) ? { ...failure, code: 'page-updated' } : failure;
}

const absolute = (name: string): string => new URL(name, document.baseURI).href;
