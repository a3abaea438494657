import { useState } from 'react';
import type { MenuPanelProps } from './MenuPanel.tsx';
import { part, PartPlace } from './part.tsx';
import { Tip } from './Tip.tsx';

const MenuPanel = part(async () => (await import('./MenuPanel.tsx')).MenuPanel);

export type MenuProps = Omit<MenuPanelProps, 'open' | 'onOpenChange'>;

/** A button and the menu that it opens; the menu's code travels when the first one is opened. */
export function Menu(props: MenuProps) {
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  const show = () => {
    setUsed(true);
    setOpen(true);
  };
  const button = (
    <Tip text={props.tip} side="top">
      <button
        type="button"
        className={props.className}
        data-on={props.on ? '' : undefined}
        aria-label={props.label}
        aria-haspopup="menu"
        aria-expanded={false}
        onClick={show}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') show();
        }}
      >
        {props.button}
      </button>
    </Tip>
  );
  if (!used) return button;
  return (
    <PartPlace fallback={button}>
      <MenuPanel {...props} open={open} onOpenChange={setOpen} />
    </PartPlace>
  );
}
