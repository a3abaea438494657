import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { useTranslation } from 'react-i18next';
import { Broken } from '../app/Broken.tsx';
import styles from './ui.module.css';

export interface SheetProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly kind: 'dialog' | 'side' | 'left' | 'bottom';
  readonly padded?: boolean;
  readonly children: ReactNode;
}

/** See `Sheet`. */
export function SheetPanel({ open, onOpenChange, title, kind, padded = false, children }: SheetProps) {
  const { t } = useTranslation('app');
  const place = kind === 'dialog' ? styles.dialog : `${styles.sheet} ${styles[kind]}`;
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.overlay} />
        <Dialog.Content className={place} aria-describedby={undefined}>
          <div className={styles.sheetHead}>
            <Dialog.Title>{title}</Dialog.Title>
            <Dialog.Close className={styles.iconButton} aria-label={t('close')}>
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          {/* Focusable so that a long text can be scrolled with the keyboard. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <div tabIndex={0} className={`${styles.sheetBody} ${padded ? styles.padded : ''}`}>
            <ErrorBoundary FallbackComponent={Broken}>{children}</ErrorBoundary>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
