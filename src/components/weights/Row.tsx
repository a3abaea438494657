import { useId } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './weights.module.css';

export interface Choosable {
  /** Given where a network has several weights: whether these answer, and how to let them. */
  readonly chosen?: boolean;
  readonly onChoose?: () => void;
}

interface RowProps extends Choosable {
  readonly title: string;
  readonly facts: readonly { readonly name: string; readonly value: ReactNode; readonly title?: string }[];
  readonly note?: string | undefined;
  /** What can be done with it, beside its name. */
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

/** One weight file: what it is, its facts, and what can be done with it. */
export function Row({ title, facts, note, action, chosen, onChoose, children }: RowProps) {
  const { t } = useTranslation('weights');
  const id = useId();
  return (
    <li className={styles.row} aria-labelledby={id}>
      <div className={styles.rowHead}>
        <h4 id={id}>{title}</h4>
        {onChoose && (
          <label className={styles.choice}>
            <input
              type="radio"
              name="weights"
              checked={chosen ?? false}
              onChange={onChoose}
              aria-label={t('use', { title })}
            />
            {t('answers')}
          </label>
        )}
        {action}
      </div>
      <dl className={styles.facts}>
        {facts.map((fact) => (
          <div key={fact.name} {...(fact.title === undefined ? {} : { title: fact.title })}>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
      {note !== undefined && <p className={styles.note}>{note}</p>}
      {children}
    </li>
  );
}
