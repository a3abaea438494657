import { part, PartPlace } from '../ui/part.tsx';

const LayerLabel = part(async () => (await import('./LayerLabel.tsx')).LayerLabel);

/** The label of the selected layer: it stands beside the diagram, so its code comes after the first drawing. */
export function LayerSection() {
  return (
    <PartPlace>
      <LayerLabel />
    </PartPlace>
  );
}
