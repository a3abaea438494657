import { resolve } from 'node:path';
import type { Streams } from './run.ts';
import { weightsDir } from './session.ts';
import { whole } from './table.ts';
import type { Written } from './weightsFiles.ts';

/** What the commands on weights share: their folder, Ctrl-C, and notes on what was written. */

export interface Flags {
  readonly dir?: string;
  readonly json: boolean;
}

export const folderOf = ({ dir }: Flags): string => (dir === undefined ? weightsDir : resolve(dir));

/** A signal that Ctrl-C aborts; a second one ends the program as usual. */
export function interruptible(): { readonly signal: AbortSignal; done(): void } {
  const control = new AbortController();
  const abort = (): void => control.abort();
  process.once('SIGINT', abort);
  return { signal: control.signal, done: () => void process.off('SIGINT', abort) };
}

/** What a user should know of a converted file, on stderr. */
export function tellNotes({ wide, differs }: Pick<Written, 'wide' | 'differs'>, { err }: Streams): void {
  for (const { name, values } of wide) {
    err(`note: ${name} holds ${whole(values)} values beyond float16 and stays float32.\n`);
  }
  for (const sentence of differs) err(`note: ${sentence}\n`);
}
