import { clipped, ConvScopeError } from '../../models/errors.ts';
import { checkFileSize } from '../../models/imageFile.ts';
import { once } from '../../models/once.ts';
import { createRecent } from '../../models/recent.ts';
import type { Failure, ImageChoice } from './types.ts';
import { shortHash } from './defaults.ts';
import type { KeptImage, PagePlatform } from './platform.ts';
import { toFailure } from './requests.ts';

/** Of the user's own pictures that are at hand without being read again. */
const mostPictureBytes = 128 * 2 ** 20;

/** A picture that is being tried: it becomes the choice only once the engine could read it. */
interface Attempt {
  readonly blob: () => Promise<Blob>;
  readonly choice: ImageChoice;
  /** Keeps the picture on this machine. */
  readonly keep?: () => Promise<void>;
}

interface AttemptsHost {
  readonly platform: PagePlatform;
  /** Lets the engine look at the picture; resolves when it is answered or refused. */
  look(): Promise<void>;
  /** Another picture is tried from now on, or none any more. */
  tried(): void;
  refused(): boolean;
  choose(image: ImageChoice): void;
  notKept(failure: Failure): void;
  /** The picture cannot even be read. */
  refuse(failure: Failure): void;
}

export interface Attempts {
  /** A picture is being tried. */
  running(): boolean;
  /** The picture that is being tried; null: none. */
  blob(): Promise<Blob> | null;
  /** Another network was chosen: what was tried for the one before does not count. */
  forget(): void;
  /** The tried picture is the choice from now on, and stays on this machine if it is the user's own. */
  accept(): void;
  /** Tries once more what was refused last; false where nothing was. */
  retry(): boolean;
  trySample(name: string): void;
  tryBlob(blob: Blob, name: string): Promise<void>;
  tryUrl(url: string): Promise<void>;
  /** A picture of the user's own that was tried or kept before. */
  own(id: string): Promise<KeptImage | null>;
}

/** Pictures on their way to become the page's choice: a file, an address, a sample. */
export function createAttempts(host: AttemptsHost): Attempts {
  const { platform, look, tried, refused, choose, notKept, refuse } = host;
  // A step back finds what storage had no room for, up to here.
  const pictures = createRecent<KeptImage>(mostPictureBytes, ({ blob }) => blob.size);
  let attempt: Attempt | null = null;
  let failed: Attempt | null = null;

  async function tryOut(next: Attempt): Promise<void> {
    attempt = next;
    failed = null;
    tried();
    await look();
    if (attempt !== next) return;
    // Without weights nothing looks at the picture: it is kept for the next network, unread.
    if (refused()) failed = next;
    else accept();
    attempt = null;
    tried();
  }

  function accept() {
    if (!attempt) return;
    const { choice, keep } = attempt;
    choose(choice);
    attempt = null;
    void keep?.().catch((error: unknown) => notKept(toFailure(error)));
  }

  return {
    running: () => attempt !== null,
    blob: () => attempt?.blob() ?? null,
    forget: () => {
      attempt = null;
    },
    accept,
    retry() {
      if (failed) void tryOut(failed);
      return failed !== null;
    },
    trySample(name) {
      void tryOut({ blob: once(() => platform.sample(name)), choice: { kind: 'sample', name } });
    },
    async tryBlob(blob, name) {
      const id = await idOf(blob, name).catch((error: unknown) => {
        refuse(toFailure(error));
        return null;
      });
      if (id === null) return;
      const kept: KeptImage = { id, name, blob };
      pictures.set(id, kept);
      await tryOut({
        blob: () => Promise.resolve(blob),
        choice: { kind: 'user', name, id },
        keep: () => platform.keepImage(kept),
      });
    },
    // Fetched inside the attempt, so that an address that does not answer fails where every picture fails.
    async tryUrl(url) {
      const name = clipped(url.split(/[?#]/)[0]?.split('/').pop() || url);
      const id = shortHash(new TextEncoder().encode(url));
      let fetched: Blob | null = null;
      await tryOut({
        blob: once(async () => (fetched = await platform.fetchImage(url))),
        choice: { kind: 'user', name, id },
        async keep() {
          if (!fetched) return;
          const kept = { id, name, blob: fetched };
          pictures.set(id, kept);
          await platform.keepImage(kept);
        },
      });
    },
    async own(id) {
      const known = pictures.get(id);
      if (known) return known;
      const kept = await platform.keptImage(id);
      if (kept) pictures.set(kept.id, kept);
      return kept;
    },
  };
}

/** A picture's short hash. Throws 'image-empty' and 'image-too-large' unread, 'image-missing' where it has gone. */
async function idOf(blob: Blob, name: string): Promise<string> {
  checkFileSize(blob.size, name);
  const bytes = await blob.arrayBuffer().catch(() => null);
  if (bytes === null) {
    throw new ConvScopeError(
      'image-missing',
      `${name} could not be read: it is a folder, or it was moved or changed. Choose it again.`,
      { name },
    );
  }
  return shortHash(new Uint8Array(bytes));
}
