import type { Network } from '../../models/network.ts';
import { useSettled } from '../ui/useSettled.ts';
import { part, PartPlace } from '../ui/part.tsx';

const MapsDrawer = part(async () => (await import('./MapsDrawer.tsx')).MapsDrawer);

/** The chosen layer's maps. No map is there before the weights are, so their code comes after the first drawing. */
export function Maps({ network }: { readonly network: Network }) {
  const settled = useSettled();
  if (!settled) return null;
  return (
    <PartPlace>
      <MapsDrawer network={network} />
    </PartPlace>
  );
}
