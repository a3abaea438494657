import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Menu } from '../ui/Menu.tsx';
import type { SaveAs } from './saveDiagram.ts';

interface SaveMenuProps {
  readonly className: string | undefined;
  /** What is saved. */
  readonly label: string;
  readonly onSave: (as: SaveAs) => void;
}

/** The ways in which a diagram, or a pair of them, becomes a file. */
export function SaveMenu({ className, label, onSave }: SaveMenuProps) {
  const { t } = useTranslation('diagram');
  const choices: readonly (readonly [SaveAs, string])[] = [
    ['svg', t('saveSvg')],
    ['print', t('savePrint')],
    ['png', t('savePng')],
  ];
  return (
    <Menu
      button={<Download size={15} aria-hidden />}
      className={className}
      label={label}
      tip={label}
      items={choices.map(([value, text]) => ({ value, text }))}
      onChoose={(value) => {
        const chosen = choices.find(([as]) => as === value);
        if (chosen) onSave(chosen[0]);
      }}
    />
  );
}
