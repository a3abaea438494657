import { useCallback, useEffect, useState } from 'react';
import type { PublishedWeights } from '../../models/published.ts';
import { partMissing } from '../store/absence.ts';
import { useStore } from '../store/store.ts';
import type { Failure } from '../store/types.ts';

interface Catalogue {
  /** Empty until they are here. */
  readonly published: readonly PublishedWeights[];
  readonly state: 'loading' | 'loaded' | Failure;
  readonly retry: () => void;
}

let loaded: readonly PublishedWeights[] | null = null;

/** The published weight files; a chunk of its own that travels when somebody asks for weights. */
export function useCatalogue(): Catalogue {
  const [state, setState] = useState<Catalogue['state']>(loaded ? 'loaded' : 'loading');
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (loaded) return;
    let here = true;
    const tell = (next: Catalogue['state']) => here && setState(next);
    import('../../models/catalogue.ts').then(
      (module) => {
        loaded = module.catalogue;
        tell('loaded');
      },
      async (error: unknown) => tell(await useStore.getState().explain(partMissing(error))),
    );
    return () => {
      here = false;
    };
  }, [asked]);
  const retry = useCallback(() => {
    setState('loading');
    setAsked((times) => times + 1);
  }, []);
  return { published: loaded ?? [], state, retry };
}
