import { SlidersVertical } from 'lucide-react';
import { Popover } from 'radix-ui';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import ui from '../ui/ui.module.css';

const Parameters = lazy(async () => ({ default: (await import('./Parameters.tsx')).Parameters }));

/** Opens the parameters of the network's family; the diagram stays in view and follows. */
export function ParametersButton() {
  const { t } = useTranslation('networks');
  return (
    <Popover.Root>
      <Popover.Trigger className={ui.button}>
        <SlidersVertical size={14} aria-hidden />
        {t('parameters')}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={ui.popover}
          sideOffset={6}
          align="end"
          collisionPadding={12}
          aria-label={t('parameters')}
        >
          <Suspense fallback={null}>
            <Parameters />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
