import { PaintBucket } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { OVERLAY_QUANTITIES } from '../../viz/diagramOverlay.ts';
import { useStore } from '../store/store.ts';
import type { Overlay } from '../store/types.ts';
import { Menu } from '../ui/Menu.tsx';
import styles from './DiagramBar.module.css';

const choices: readonly Overlay[] = ['none', ...OVERLAY_QUANTITIES];

/** What the boxes are coloured by: their activations, or where time, work, parameters or memory are. */
export function OverlayChoice() {
  const { t } = useTranslation('diagram');
  const overlay = useStore((s) => s.overlay);
  const chooseOverlay = useStore((s) => s.chooseOverlay);
  const name = t('overlay.chosen', { quantity: t(`overlay.${overlay}`) });
  return (
    <Menu
      button={
        <>
          <PaintBucket size={15} aria-hidden />
          {overlay !== 'none' && <span className={styles.handleText}>{t(`overlay.${overlay}`)}</span>}
        </>
      }
      className={styles.handle}
      on={overlay !== 'none'}
      label={name}
      tip={t('overlay.label')}
      heading={t('overlay.label')}
      items={choices.map((choice) => ({ value: choice, text: t(`overlay.${choice}`) }))}
      value={overlay}
      onChoose={(value) => {
        const chosen = choices.find((choice) => choice === value);
        if (chosen) chooseOverlay(chosen);
      }}
    />
  );
}
