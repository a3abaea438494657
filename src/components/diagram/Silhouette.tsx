import type { Network } from '../../models/network.ts';
import { silhouette } from '../../viz/silhouette.ts';

/** A network's outline at the scale that all networks share; decoration beside its name. */
export function Silhouette({ network }: { readonly network: Network }) {
  const { path, width, height } = silhouette(network.graph);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden focusable="false">
      <path d={path} fill="currentColor" />
    </svg>
  );
}
