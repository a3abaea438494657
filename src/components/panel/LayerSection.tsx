import { lazy, Suspense } from 'react';

const LayerLabel = lazy(async () => ({ default: (await import('./LayerLabel.tsx')).LayerLabel }));

/** The label of the selected layer: it stands beside the diagram, so its code comes after the first drawing. */
export function LayerSection() {
  return (
    <Suspense fallback={null}>
      <LayerLabel />
    </Suspense>
  );
}
