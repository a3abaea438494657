import type { KeyboardEvent, ReactNode } from 'react';
import styles from './ui.module.css';

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: ReactNode; readonly name?: string }[];
  readonly onChange: (value: T) => void;
  readonly className?: string;
}

const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  ArrowUp: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** One of a few, side by side; arrows move, and one is always on. */
export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
  className = '',
}: SegmentsProps<T>) {
  const move = (event: KeyboardEvent<HTMLElement>): void => {
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]')];
    const at = items.findIndex((item) => item === document.activeElement);
    const next = steps[event.key]?.(at, items.length);
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    items[next]?.focus();
  };
  return (
    // The keys here move between its buttons, as in a toolbar.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div role="group" className={`${styles.segments} ${className}`} aria-label={label} onKeyDown={move}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-label={option.name}
          aria-checked={option.value === value}
          data-state={option.value === value ? 'on' : 'off'}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => {
            if (option.value !== value) onChange(option.value);
          }}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}
