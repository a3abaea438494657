import { useId } from 'react';
import styles from './Choice.module.css';

/** One of a few by the browser's own list, which every keyboard, screen reader and phone knows. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
  quiet = false,
  hint,
}: {
  label: string;
  value: T;
  options: readonly { readonly value: T; readonly text: string }[];
  onChange: (value: T) => void;
  /** Without its label in sight: the options say enough. */
  quiet?: boolean;
  hint?: string;
}) {
  const id = useId();
  return (
    <span className={styles.choice} title={hint}>
      <label htmlFor={id} className={quiet ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      <select
        id={id}
        className={styles.select}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </span>
  );
}
