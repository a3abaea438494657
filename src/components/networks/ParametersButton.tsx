import { SlidersVertical } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { part, PartPlace } from '../ui/part.tsx';
import ui from '../ui/ui.module.css';

const Parameters = part(async () => (await import('./Parameters.tsx')).Parameters);

const barId = 'parameters';

interface ParametersButtonProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Opens the bar of the family's parameters, wherever the frame has room for it. */
export function ParametersButton({ open, onOpenChange }: ParametersButtonProps) {
  const { t } = useTranslation('networks');
  return (
    <button
      type="button"
      className={ui.button}
      aria-expanded={open}
      aria-controls={open ? barId : undefined}
      onClick={() => onOpenChange(!open)}
    >
      <SlidersVertical size={14} aria-hidden />
      {t('parameters')}
    </button>
  );
}

/** The parameters over the diagram and not on it, so that numbers and drawing are seen to follow. */
export function ParametersBar() {
  return (
    <div id={barId}>
      <PartPlace>
        <Parameters />
      </PartPlace>
    </div>
  );
}
