import { Monitor, Moon, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Theme } from '../store/types.ts';
import { Tip } from './Tip.tsx';
import styles from './ui.module.css';

const themes: readonly { readonly value: Theme; readonly Icon: typeof Sun }[] = [
  { value: 'system', Icon: Monitor },
  { value: 'light', Icon: Sun },
  { value: 'dark', Icon: Moon },
];

interface ThemeButtonProps {
  readonly theme: Theme;
  readonly onChange: (theme: Theme) => void;
}

/** Shows which colours are chosen; a press chooses the next: the system's, light, dark. */
export function ThemeButton({ theme, onChange }: ThemeButtonProps) {
  const { t } = useTranslation('app');
  const next = themes[(themes.findIndex(({ value }) => value === theme) + 1) % themes.length];
  const Current = themes.find(({ value }) => value === theme)?.Icon ?? Monitor;
  return (
    <Tip text={t(`theme.${theme}`)} side="right">
      <button
        type="button"
        className={styles.iconButton}
        aria-label={`${t('theme.label')}: ${t(`theme.${theme}`)}`}
        onClick={() => next && onChange(next.value)}
      >
        <Current size={16} aria-hidden />
      </button>
    </Tip>
  );
}
