import { lazy, Suspense, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Sheet } from '../ui/Sheet.tsx';

const WeightsPanel = lazy(async () => ({ default: (await import('./WeightsPanel.tsx')).WeightsPanel }));

interface WeightsButtonProps {
  readonly className: string | undefined;
  /** Left out: the network of the moment. */
  readonly network?: string;
  readonly label?: string;
  readonly children: ReactNode;
}

/** Opens the weights of a network: which there are, where they come from, and what is kept on this device. */
export function WeightsButton({ className, network, label, children }: WeightsButtonProps) {
  const { t } = useTranslation('app');
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={className}
        onClick={() => setOpen(true)}
        {...(label === undefined ? {} : { 'aria-label': label })}
      >
        {children}
      </button>
      <Sheet kind="dialog" padded open={open} onOpenChange={setOpen} title={t('weights.title')}>
        <Suspense fallback={null}>
          <WeightsPanel {...(network === undefined ? {} : { network })} onLeave={() => setOpen(false)} />
        </Suspense>
      </Sheet>
    </>
  );
}
