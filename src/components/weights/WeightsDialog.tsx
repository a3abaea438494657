import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useShelf } from '../store/shelf.ts';
import { Sheet } from '../ui/Sheet.tsx';

const WeightsPanel = lazy(async () => ({ default: (await import('./WeightsPanel.tsx')).WeightsPanel }));

/** The one dialog of weights, whoever opened it: it stays while what lies under it changes with what it does. */
export function WeightsDialog() {
  const { t } = useTranslation('app');
  const dialog = useShelf((s) => s.dialog);
  const showDialog = useShelf((s) => s.showDialog);
  const close = () => showDialog(null);
  return (
    <Sheet kind="dialog" padded open={dialog !== null} onOpenChange={close} title={t('weights.title')}>
      <Suspense fallback={null}>
        <WeightsPanel {...(dialog?.network ? { network: dialog.network } : {})} onLeave={close} />
      </Suspense>
    </Sheet>
  );
}
