import { useEffect, useState } from 'react';
import { measures, type Measures } from '../../models/compare.ts';
import { buildNetwork } from '../../models/zoo/index.ts';

const known = new Map<string, Measures>();
/** Longer than this the page would not follow a hand: the rest waits for the next turn. */
const sliceMs = 12;

/** The measures of these networks as they become known: graphs are built between two frames. */
export function useMeasures(refs: readonly string[]): ReadonlyMap<string, Measures> {
  const key = refs.join(' ');
  const [, setTurn] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const work = () => {
      const open = key.split(' ').filter((ref) => ref !== '' && !known.has(ref));
      if (open.length === 0) return;
      const start = performance.now();
      for (const ref of open) {
        known.set(ref, measures(buildNetwork(ref)));
        if (performance.now() - start > sliceMs) break;
      }
      setTurn((turn) => turn + 1);
      timer = setTimeout(work);
    };
    timer = setTimeout(work);
    return () => clearTimeout(timer);
  }, [key]);
  return new Map(refs.flatMap((ref) => (known.has(ref) ? [[ref, known.get(ref)!]] : [])));
}
