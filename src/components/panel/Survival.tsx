import { useTranslation } from 'react-i18next';
import type { Graph } from '../../models/graph.ts';
import { useStore } from '../store/store.ts';
import ui from '../ui/ui.module.css';
import { survivalText } from './opText.ts';
import styles from './panel.module.css';

/** Stochastic depth and drop-path: each path that training drops whole, with the probability that it survives a step. */
export function Survival({ graph }: { readonly graph: Graph }) {
  const { t } = useTranslation('app');
  const chooseLayer = useStore((s) => s.chooseLayer);
  const paths = graph.nodes.flatMap(({ id, group, op }) =>
    op.kind === 'dropout' && op.wholePath ? [{ id, group, op }] : [],
  );
  if (paths.length === 0) return null;
  // A residual block has one path, and its name says which; a join of a fractal has several.
  const single = new Set(paths.map(({ group }) => group)).size === paths.length;
  return (
    <details className={styles.details}>
      <summary>{t('notes.survival', { count: paths.length })}</summary>
      <ol className={styles.survival}>
        {paths.map(({ id, group, op }) => (
          <li key={id}>
            <button type="button" className={ui.textButton} onClick={() => chooseLayer(id)}>
              {single ? group : id}
            </button>
            <span className={styles.number}>{survivalText(op)}</span>
            <span className={styles.bar} aria-hidden>
              <span style={{ width: `${(1 - op.rate) * 100}%` }} />
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
