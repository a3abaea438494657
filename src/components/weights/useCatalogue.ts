import { useEffect, useState } from 'react';
import type { PublishedWeights } from '../../models/published.ts';

type Catalogue = readonly PublishedWeights[] | 'loading' | 'failed';

let loaded: readonly PublishedWeights[] | null = null;

/** The published weight files; a chunk of its own that travels when somebody asks for weights. */
export function useCatalogue(): Catalogue {
  const [catalogue, setCatalogue] = useState<Catalogue>(loaded ?? 'loading');
  useEffect(() => {
    if (loaded) return;
    let here = true;
    import('../../models/catalogue.ts').then(
      (module) => {
        loaded = module.catalogue;
        if (here) setCatalogue(loaded);
      },
      () => here && setCatalogue('failed'),
    );
    return () => {
      here = false;
    };
  }, []);
  return catalogue;
}
