import { Check, PaintBucket } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { OVERLAY_QUANTITIES } from '../../viz/diagramOverlay.ts';
import { useStore } from '../store/store.ts';
import type { Overlay } from '../store/types.ts';
import { Tip } from '../ui/Tip.tsx';
import styles from './DiagramBar.module.css';

const choices: readonly Overlay[] = ['none', ...OVERLAY_QUANTITIES];

/** What the boxes are coloured by: their activations, or where time, work, parameters or memory are. */
export function OverlayChoice() {
  const { t } = useTranslation('diagram');
  const overlay = useStore((s) => s.overlay);
  const chooseOverlay = useStore((s) => s.chooseOverlay);
  const name = t('overlay.chosen', { quantity: t(`overlay.${overlay}`) });
  return (
    <DropdownMenu.Root modal={false}>
      <Tip text={t('overlay.label')} side="top">
        <DropdownMenu.Trigger
          className={styles.handle}
          data-on={overlay === 'none' ? undefined : ''}
          aria-label={name}
        >
          <PaintBucket size={15} aria-hidden />
          <span className={styles.handleText}>
            {overlay === 'none' ? t('overlay.short') : t(`overlay.${overlay}`)}
          </span>
        </DropdownMenu.Trigger>
      </Tip>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="end" sideOffset={4}>
          <DropdownMenu.Label className={styles.menuLabel}>{t('overlay.label')}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup
            value={overlay}
            onValueChange={(value) => {
              const chosen = choices.find((choice) => choice === value);
              if (chosen) chooseOverlay(chosen);
            }}
          >
            {choices.map((choice) => (
              <DropdownMenu.RadioItem key={choice} value={choice} className={styles.menuItem}>
                <span className={styles.menuCheck}>
                  <DropdownMenu.ItemIndicator>
                    <Check size={13} aria-hidden />
                  </DropdownMenu.ItemIndicator>
                </span>
                {t(`overlay.${choice}`)}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
