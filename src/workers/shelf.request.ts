import type { DownloadHooks, PartNote } from './shelf.download.ts';
import { cancelled, pageInstead, refusedBy, type Fetched } from './shelf.errors.ts';

/** One request for a file or the rest of it, and what the server's answer means. */

export interface Ask {
  readonly spec: Fetched;
  readonly from: number;
  readonly note: PartNote;
}

/** An attempt that failed in a way that another one may not: in words, and where it failed. */
export interface Broken {
  readonly broken: string;
  readonly at: 'connect' | 'body' | { readonly status: number };
}

export type Answer =
  /** What was kept is not a part of the file that the server has now. */
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'body';
      /** The byte that the body begins at: 0, or where it was asked to go on. */
      readonly from: number;
      /** Of the whole file; null where the server does not tell, or does not let this page see it. */
      readonly totalBytes: number | null;
      readonly etag: string | null;
      /** The server says by its ETag that the file is another one than before. */
      readonly changed: boolean;
      /** The next bytes, null at the end; a connection that fails or stalls is 'broken'. */
      next(stallMs: number): Promise<Uint8Array | null | Broken>;
      close(): void;
    };

const detailOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // Node's fetch hides the reason (ENOTFOUND, ECONNREFUSED ...) in the cause.
  const cause = error.cause instanceof Error ? error.cause : null;
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : cause?.message || error.message;
};

function headersOf({ from, note }: Ask, mayAskIfRange: boolean): Record<string, string> {
  // Node asks for compressed bodies, whose length is another one; browsers leave this header out.
  const plain = { 'accept-encoding': 'identity' };
  if (from === 0) return plain;
  const strong = note.etag !== null && !note.etag.startsWith('W/');
  return {
    ...plain,
    range: `bytes=${from}-`,
    ...(mayAskIfRange && strong && { 'if-range': note.etag }),
  };
}

/**
 * Asks for the file from byte `from` on. A connection that cannot be made is 'broken'; a status that will not change by
 * trying again, or a page in place of the file, throws.
 */
export async function ask(request: Ask, hooks: DownloadHooks): Promise<Answer | Broken> {
  const { spec, from, note } = request;
  // A controller of its own: a connection that stalls is ended while the download goes on.
  const connection = new AbortController();
  const end = (): void => connection.abort();
  if (hooks.signal.aborted) throw cancelled(spec.file);
  hooks.signal.addEventListener('abort', end, { once: true });
  const close = (): void => {
    hooks.signal.removeEventListener('abort', end);
    connection.abort();
  };
  let response: Response;
  try {
    response = await hooks.fetch(spec.url, {
      headers: headersOf(request, hooks.mayAskIfRange),
      signal: connection.signal,
      // Half a gigabyte in the browser's own cache as well would be taken from the same room.
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    });
  } catch (error) {
    close();
    if (hooks.signal.aborted) throw cancelled(spec.file);
    return { broken: detailOf(error), at: 'connect' };
  }
  try {
    return understand(request, response, close, note, from);
  } catch (error) {
    close();
    throw error;
  }
}

/** Statuses that servers answer with when they are busy. */
const busy = new Set([408, 425, 429, 500, 502, 503, 504]);

function understand(
  { spec }: Ask,
  response: Response,
  close: () => void,
  note: PartNote,
  from: number,
): Answer | Broken {
  const { status, headers } = response;
  if (status === 416 && from > 0) {
    close();
    return { kind: 'stale' };
  }
  if (busy.has(status)) {
    close();
    return { broken: `status ${status}`, at: { status } };
  }
  if (status !== 200 && status !== 206) throw refusedBy(spec, status);
  if (headers.get('content-type')?.startsWith('text/html')) throw pageInstead(spec);
  const etag = headers.get('etag');
  const changed = etag !== null && note.etag !== null && etag !== note.etag;
  const range = rangeOf(headers);
  const begins = status === 206 ? (range?.from ?? from) : 0;
  const totalBytes = status === 206 ? (range?.totalBytes ?? lengthOf(headers, from)) : lengthOf(headers, 0);
  const otherSize = totalBytes !== null && note.totalBytes !== null && totalBytes !== note.totalBytes;
  if (status === 206 && (changed || otherSize || begins !== from)) {
    close();
    return { kind: 'stale' };
  }
  const body = response.body?.getReader();
  const next = (stallMs: number): ReturnType<Extract<Answer, { kind: 'body' }>['next']> =>
    body ? nextPiece(body, stallMs) : Promise.resolve({ broken: 'the answer has no body', at: 'body' });
  return { kind: 'body', from: begins, totalBytes, etag, changed: changed || otherSize, next, close };
}

/** `Content-Range: bytes 100-999/1000`; other origins must allow pages to see it. */
function rangeOf(headers: Headers): { readonly from: number; readonly totalBytes: number | null } | null {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (!match) return null;
  return { from: Number(match[1]), totalBytes: match[2] === '*' ? null : Number(match[2]) };
}

function lengthOf(headers: Headers, from: number): number | null {
  const encoding = headers.get('content-encoding') ?? 'identity';
  const length = headers.get('content-length');
  if (encoding !== 'identity' || length === null || !/^\d+$/.test(length)) return null;
  return from + Number(length);
}

async function nextPiece(
  body: ReadableStreamDefaultReader<Uint8Array>,
  stallMs: number,
): Promise<Uint8Array | null | Broken> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stalled = new Promise<Broken>((resolve) => {
    timer = setTimeout(
      () => resolve({ broken: `nothing came for ${stallMs / 1000} s`, at: 'body' }),
      stallMs,
    );
  });
  const read = body.read().then(
    ({ done, value }) => (done ? null : value),
    (error: unknown): Broken => ({ broken: detailOf(error), at: 'body' }),
  );
  try {
    return await Promise.race([read, stalled]);
  } finally {
    clearTimeout(timer);
  }
}
