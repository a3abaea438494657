import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './ui.module.css';

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: ReactNode; readonly name?: string }[];
  readonly onChange: (value: T) => void;
  readonly className?: string;
}

/** One of a few, side by side; arrows move, and one is always on. */
export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
  className = '',
}: SegmentsProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      className={`${styles.segments} ${className}`}
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <ToggleGroup.Item key={option.value} value={option.value} aria-label={option.name}>
          {option.text}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
