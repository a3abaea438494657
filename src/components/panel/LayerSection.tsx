import { useStore } from '../store/store.ts';
import { part, PartPlace } from '../ui/part.tsx';
import styles from './panel.module.css';

const LayerLabel = part(async () => (await import('./LayerLabel.tsx')).LayerLabel);

/** The label of the selected layer: it stands beside the diagram, so its code comes after the first drawing. */
export function LayerSection() {
  const chosen = useStore((s) => s.layer !== null);
  return (
    <PartPlace fallback={<section className={styles.section} data-coming={chosen || undefined} aria-busy />}>
      <LayerLabel />
    </PartPlace>
  );
}
