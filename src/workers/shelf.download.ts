import { createSha256, type Sha256 } from './sha256.ts';
import {
  blocked,
  broken,
  cancelled,
  offline,
  pageInstead,
  refusedBy,
  unreachable,
  wrongHash,
  wrongSize,
  type Fetched,
} from './shelf.errors.ts';
import { ask, type Answer, type Ask, type Broken } from './shelf.request.ts';

/**
 * Fetches one published file into a part that survives accidents: goes on where an earlier attempt ended, tries again
 * when the connection drops, and checks size and SHA-256 of all of it, also of what was kept. Pure over `fetch`.
 */

/** What is known of the file that a part was cut from, kept beside it. */
export interface PartNote {
  readonly etag: string | null;
  readonly totalBytes: number | null;
}

/** The bytes that have arrived so far, wherever they are kept. */
export interface Part {
  size(): number;
  read(start: number, end: number): Promise<Uint8Array>;
  /** All of the bytes or, where it rejects, none. */
  append(bytes: Uint8Array): Promise<void>;
  clear(): Promise<void>;
  note(): PartNote;
  setNote(note: PartNote): Promise<void>;
}

/** Why what had arrived was thrown away and the file begun again. */
export type Restart = 'no-ranges' | 'changed' | 'damaged';

export interface DownloadProgress {
  readonly phase: 'connect' | 'download' | 'verify';
  readonly loadedBytes: number;
  readonly totalBytes: number;
  readonly restarted?: Restart;
}

export interface DownloadHooks {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  onProgress(progress: DownloadProgress): void;
  online(): boolean;
  /** Resolves after so many milliseconds, or when the signal aborts. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /**
   * Whether a server is there although its answers are hidden from this page (a request without CORS); null where that
   * cannot be known. Left out where nothing hides answers, outside of browsers.
   */
  readonly probe?: (url: string) => Promise<boolean | null>;
  /** Whether `If-Range` may be sent: a browser asks other origins for leave first, which many servers do not give. */
  readonly mayAskIfRange: boolean;
  /** After so many milliseconds without a byte a connection counts as dropped. */
  readonly stallMs?: number;
}

/** Waits between attempts that brought nothing; after the last one the download gives up. */
export const waitsMs = [1000, 3000, 9000] as const;
const usualStallMs = 60_000;
/** A kept part is read again for its hash in pieces of this size. */
const pieceBytes = 4 * 2 ** 20;

const isBroken = (outcome: object | null): outcome is Broken => outcome !== null && 'broken' in outcome;

/** The whole file is in `part` when this resolves, and its hash is the published one. */
export async function download(spec: Fetched, part: Part, hooks: DownloadHooks): Promise<{ sha256: string }> {
  const run = new Run(spec, part, hooks);
  await run.rehash();
  await run.fetchRest();
  return { sha256: await run.verify() };
}

class Run {
  private hash: Sha256 | null = null;
  private restarted: Restart | undefined;
  /** Whether all bytes came in one connection of this run: then another attempt would bring the same. */
  private unbroken = false;
  /** Whether a file that was put together from several connections was begun again because of its hash. */
  private secondChance = false;
  private answered = false;
  private lastReport = -1;

  constructor(
    private readonly spec: Fetched,
    private readonly part: Part,
    private readonly hooks: DownloadHooks,
  ) {}

  private get total(): number {
    return this.part.note().totalBytes ?? this.spec.bytes;
  }

  private report(phase: DownloadProgress['phase'], loadedBytes = this.part.size()): void {
    const progress = { phase, loadedBytes, totalBytes: Math.max(this.total, loadedBytes) };
    this.hooks.onProgress({ ...progress, ...(this.restarted && { restarted: this.restarted }) });
  }

  /** Takes what was kept into the hash. */
  async rehash(): Promise<void> {
    this.hash = await createSha256();
    const size = this.part.size();
    if (size > this.limit()) return this.restart('changed');
    for (let at = 0; at < size; at += pieceBytes) {
      this.throwIfPaused();
      const end = Math.min(size, at + pieceBytes);
      this.hash.update(await this.part.read(at, end));
      this.report('verify', end);
    }
  }

  /** Attempt after attempt until the file is whole; an attempt that brought bytes gives the next ones their waits back. */
  async fetchRest(): Promise<void> {
    let fruitless = 0;
    let whole = false;
    while (!this.isWhole()) {
      const before = this.part.size();
      const outcome = await this.attempt(whole);
      if (!isBroken(outcome)) continue;
      if (!this.hooks.online()) throw offline(this.spec);
      // A server without ranges that drops every connection brings bytes again and again, but never more of the file.
      const brought = this.part.size() > before && this.restarted !== 'no-ranges';
      fruitless = brought ? 0 : fruitless + 1;
      if (fruitless > this.patience(outcome)) throw this.givenUp(outcome);
      // The last attempt asks for the whole file where nothing answered to a range: the question may be what is stopped.
      whole = fruitless === waitsMs.length && outcome.at === 'connect';
      await this.hooks.wait(waitsMs[Math.max(0, fruitless - 1)]!, this.hooks.signal);
      this.throwIfPaused();
    }
  }

  /** A server that has never answered will hardly do so in a few seconds: the user waits for a sentence. */
  private patience({ at }: Broken): number {
    const silent = at === 'connect' && !this.answered && this.part.size() === 0;
    return silent ? 1 : waitsMs.length;
  }

  private givenUp({ broken: detail, at }: Broken): Error {
    if (typeof at === 'object') return refusedBy(this.spec, at.status);
    if (!this.answered) return unreachable(this.spec, detail);
    return broken(this.spec, this.part.size(), detail);
  }

  private isWhole(): boolean {
    const known =
      this.part.note().totalBytes ?? (this.spec.bytesAre === 'stated' ? this.spec.bytes : Infinity);
    return this.part.size() > 0 && this.part.size() >= known;
  }

  /** One connection: for the rest, or for the whole file. */
  private async attempt(whole: boolean): Promise<Broken | null> {
    this.report('connect');
    const from = this.part.size();
    const answer = await this.connect(whole ? 0 : from);
    if (isBroken(answer)) return answer;
    this.answered = true;
    if (answer.kind === 'stale') {
      await this.restart('changed');
      return null;
    }
    if (answer.totalBytes !== null && !this.isPlausible(answer.totalBytes)) {
      answer.close();
      await this.part.clear();
      throw wrongSize(this.spec, answer.totalBytes);
    }
    if (from > 0 && answer.from === 0) await this.restart(answer.changed ? 'changed' : 'no-ranges');
    if (answer.from === 0) await this.part.setNote({ etag: answer.etag, totalBytes: answer.totalBytes });
    this.unbroken = answer.from === 0;
    return this.receive(answer);
  }

  private async connect(from: number): Promise<Answer | Broken> {
    const { spec, hooks } = this;
    const request: Ask = { spec, from, note: this.part.note() };
    const answer = await ask(request, hooks);
    if (!isBroken(answer)) return answer;
    if (!hooks.online()) throw offline(spec);
    if ((await hooks.probe?.(spec.url)) !== true) return answer;
    // The server is there: it hides its answer from pages, or at least the answer to a range.
    if (from === 0) throw blocked(spec);
    const whole = await ask({ ...request, from: 0 }, hooks);
    if (isBroken(whole)) throw blocked(spec);
    return whole;
  }

  private async receive(answer: Extract<Answer, { kind: 'body' }>): Promise<Broken | null> {
    const step = Math.max(1, Math.floor(this.total / 200));
    this.lastReport = -step;
    try {
      for (;;) {
        const piece = await answer.next(this.hooks.stallMs ?? usualStallMs);
        this.throwIfPaused();
        if (isBroken(piece)) return piece;
        if (piece === null) return this.ended();
        if (this.part.size() === 0 && looksLikePage(piece)) throw pageInstead(this.spec);
        if (this.part.size() + piece.length > this.limit()) throw await this.tooLarge(piece.length);
        await this.part.append(piece);
        this.hash!.update(piece);
        if (this.part.size() - this.lastReport < step) continue;
        this.lastReport = this.part.size();
        this.report('download');
      }
    } finally {
      answer.close();
    }
  }

  /** The body has ended by itself: all is here, or the connection was closed before. */
  private async ended(): Promise<Broken | null> {
    const { etag, totalBytes } = this.part.note();
    const size = this.part.size();
    const expected = totalBytes ?? (this.spec.bytesAre === 'stated' ? this.spec.bytes : null);
    if (expected !== null && size < expected) return { broken: `it ended after ${size} bytes`, at: 'body' };
    if (totalBytes === null) await this.part.setNote({ etag, totalBytes: size });
    this.report('download');
    return null;
  }

  /** Size and hash of the whole file; a file that was put together from several connections gets a second chance. */
  async verify(): Promise<string> {
    this.report('verify');
    const size = this.part.size();
    if (!this.isPlausible(size)) {
      await this.part.clear();
      throw wrongSize(this.spec, size);
    }
    const hex = this.hash!.hex();
    if (this.spec.sha256 === null || hex.startsWith(this.spec.sha256)) return hex;
    const again = !this.unbroken && !this.secondChance;
    await this.restart('damaged');
    if (!again) throw wrongHash(this.spec, hex);
    this.secondChance = true;
    await this.fetchRest();
    return this.verify();
  }

  private async restart(why: Restart): Promise<void> {
    this.restarted = why;
    await this.part.clear();
    await this.part.setNote({ etag: null, totalBytes: null });
    this.hash = await createSha256();
  }

  private async tooLarge(more: number): Promise<Error> {
    const size = this.part.size() + more;
    await this.part.clear();
    return wrongSize(this.spec, size);
  }

  /** Stated sizes are exact; computed ones know the weights, and neither the container nor what else is in it. */
  private isPlausible(bytes: number): boolean {
    if (this.spec.bytesAre === 'stated') return bytes === this.spec.bytes;
    return bytes >= this.spec.bytes / 2 && bytes <= this.limit();
  }

  private limit(): number {
    return this.spec.bytesAre === 'stated' ? this.spec.bytes : 2 * this.spec.bytes + 2 ** 20;
  }

  private throwIfPaused(): void {
    if (this.hooks.signal.aborted) throw cancelled(this.spec.file);
  }
}

/** Login pages and error pages of proxies come with status 200, Git LFS pointers stand for files that were not uploaded. */
function looksLikePage(first: Uint8Array): boolean {
  const start = new TextDecoder().decode(first.subarray(0, 64)).trimStart().toLowerCase();
  return /^(<!doctype|<html|<head|<\?xml|version https:\/\/git-lfs)/.test(start);
}
