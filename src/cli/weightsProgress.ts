import type { Streams } from './run.ts';
import { megabytes } from './table.ts';

/** One line that is written over while something is fetched or converted; a log gets a line every tenth of the way. */
export interface ProgressLine {
  show(what: string, doneBytes: number, totalBytes: number): void;
  end(): void;
}

const clearLine = '\x1b[K';

export function progressLine({ err }: Streams, terminal: boolean, now: () => number): ProgressLine {
  let last = '';
  let began: { readonly what: string; readonly at: number; readonly bytes: number } | null = null;
  return {
    show(what, doneBytes, totalBytes) {
      if (began?.what !== what) began = { what, at: now(), bytes: doneBytes };
      const percent = totalBytes > 0 ? Math.min(100, Math.floor((doneBytes / totalBytes) * 100)) : 0;
      const seconds = (now() - began.at) / 1000;
      const speed = seconds > 1 ? `, ${megabytes((doneBytes - began.bytes) / seconds)} MB/s` : '';
      const text = `${what}: ${percent} %, ${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB`;
      const mark = terminal ? text + speed : `${what} ${Math.floor(percent / 10)}`;
      if (mark === last) return;
      last = mark;
      err(terminal ? `\r${text}${speed}${clearLine}` : `${text}\n`);
    },
    end() {
      if (terminal && last !== '') err(`\r${clearLine}`);
      last = '';
    },
  };
}
