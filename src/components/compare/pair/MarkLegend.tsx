import { useTranslation } from 'react-i18next';
import styles from './pair.module.css';

const kinds = ['changed', 'only', 'follows'] as const;

/** How the marks look: told apart by line and hatch, not by colour. */
export function MarkLegend() {
  const { t } = useTranslation('pair');
  return (
    <ul className={styles.marks} aria-label={t('marks')}>
      {kinds.map((kind) => (
        <li key={kind}>
          <span className={styles.swatch} data-kind={kind} aria-hidden />
          {t(`mark.${kind}`)}
        </li>
      ))}
    </ul>
  );
}
