import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Bench } from './bench.ts';
import { CopyFigures } from './CopyFigures.tsx';
import styles from './bench.module.css';

/** The last run of an earlier visit, to be copied; should it have been cut off, that is said. Gone with the next run. */
export function KeptFigures({ bench }: { readonly bench: Bench }) {
  const { t, i18n } = useTranslation('bench');
  const kept = useStore(bench, (state) => (state.rows.length === 0 ? state.kept : null));
  if (!kept) return null;
  const { date, during, measured, texts } = kept;
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(date),
  );
  return (
    <section className={styles.figures} aria-labelledby="kept">
      <div className={styles.figuresHead}>
        <div>
          <h2 id="kept">{t('kept.title')}</h2>
          <p>
            {during ? t('kept.cutOff', { when, ...during }) : t('kept.ended', { when })}{' '}
            {t('kept.measured', { count: measured })}
          </p>
        </div>
        <CopyFigures date={date} texts={() => texts} />
      </div>
    </section>
  );
}
