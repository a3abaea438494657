import { useTranslation } from 'react-i18next';
import { tolerance } from './agreement.ts';
import styles from './bench.module.css';

/** What each figure is the time of: the term as the table has it, and its meaning. */
const terms = [
  ['start', 'start'],
  ['load', 'load'],
  ['first', 'first'],
  ['faces', 'faces'],
  ['project', 'project'],
  ['tensors', 'memory'],
  ['logits', 'agree'],
  ['rounds', 'rounds'],
] as const;

/** How the figures are taken, so that they can be believed or doubted. */
export function Method() {
  const { t } = useTranslation('bench');
  return (
    <section className={styles.method} aria-labelledby="method">
      <h2 id="method">{t('method.title')}</h2>
      <p>{t('method.clock')}</p>
      <dl>
        {terms.map(([term, meaning]) => (
          <div key={term}>
            <dt>{t(`results.${term}`)}</dt>
            <dd>{t(`method.${meaning}`, { bound: tolerance })}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
