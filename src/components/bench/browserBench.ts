import { once } from '../../models/once.ts';
import { connectEngine } from '../../workers/connect.ts';
import { firstDigit } from '../store/digit.ts';
import { browserPlatform } from '../store/platform.ts';
import { createBench, type Bench } from './bench.ts';
import { benchPhoto } from './cases.ts';
import { keepRun, readKeptRun } from './kept.ts';
import { readMachine } from './machine.ts';

/** The bench of this browser. The photo is fetched once and kept, as a picture of the visitor's own would be. */
export function browserBench(): Bench {
  const page = browserPlatform();
  const readPhoto = once(() => page.sample(benchPhoto.file));
  const bench = createBench({
    connect: () => connectEngine(),
    machine: readMachine,
    manifest: () => page.manifest(),
    picture: async ({ picture }) => (picture === 'digit' ? firstDigit() : readPhoto()),
    hidden: () => document.hidden,
    now: () => performance.now(),
    drawn,
    date: () => new Date().toISOString(),
    keep: keepRun,
    kept: readKeptRun,
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) bench.wasHidden();
  });
  window.addEventListener('pagehide', () => {
    if (bench.getState().phase !== 'idle') bench.keep();
  });
  return bench;
}

/** After the next frame and what it does; a hidden page has no frames. */
function drawn(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, 200);
    requestAnimationFrame(() => {
      clearTimeout(late);
      setTimeout(resolve, 0);
    });
  });
}
