import { ConvScopeError } from '../../models/errors.ts';
import type { Failure } from './types.ts';

/** A part of the page's own code (a view, a catalogue, a worker's script) did not come, for whatever reason. */
export function partMissing(reason: unknown): ConvScopeError {
  const message = reason instanceof Error ? reason.message : String(reason);
  return new ConvScopeError('page-incomplete', `A part of this page did not arrive: ${message}`, { message });
}

/** Where the built page names its entry script (scripts/preloads.ts); a name holds the hash of all code. */
const codeNamed = /<meta name="code" content="([^"]+)"/;

/**
 * Says of code that did not come why, by asking for the page itself: without an answer there is no network; a page of another
 * script is a newer one, whose parts have other names. Other failures stay as they are.
 */
export async function explainAbsence(failure: Failure): Promise<Failure> {
  if (failure.code !== 'page-incomplete') return failure;
  const page = await fetch(location.pathname, { cache: 'no-store' }).catch(() => null);
  if (page === null) return { ...failure, code: 'page-offline' };
  const text = page.ok ? await page.text().catch(() => '') : '';
  const there = codeNamed.exec(text)?.[1];
  const here = document.querySelector<HTMLMetaElement>('meta[name=code]')?.content;
  return there !== undefined && there !== here ? { ...failure, code: 'page-updated' } : failure;
}
