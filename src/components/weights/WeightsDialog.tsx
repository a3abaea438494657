import { useTranslation } from 'react-i18next';
import { useShelf } from '../store/shelf.ts';
import { Sheet } from '../ui/Sheet.tsx';
import { part, PartPlace } from '../ui/part.tsx';

const WeightsPanel = part(async () => (await import('./WeightsPanel.tsx')).WeightsPanel);

/** The one dialog of weights, whoever opened it: it stays while what lies under it changes with what it does. */
export function WeightsDialog() {
  const { t } = useTranslation('app');
  const dialog = useShelf((s) => s.dialog);
  const showDialog = useShelf((s) => s.showDialog);
  const close = () => showDialog(null);
  return (
    <Sheet kind="dialog" padded open={dialog !== null} onOpenChange={close} title={t('weights.title')}>
      <PartPlace>
        <WeightsPanel {...(dialog?.network ? { network: dialog.network } : {})} onLeave={close} />
      </PartPlace>
    </Sheet>
  );
}
