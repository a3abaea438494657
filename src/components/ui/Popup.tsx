import { useState, type ReactNode } from 'react';
import { part, PartPlace } from './part.tsx';
import type { PopupPanelProps } from './PopupPanel.tsx';
import ui from './ui.module.css';

const PopupPanel = part(async () => (await import('./PopupPanel.tsx')).PopupPanel);

export interface PopupProps extends Omit<PopupPanelProps, 'open' | 'onOpenChange' | 'children'> {
  /** What opens; it may close itself. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button and what opens under it; the code of what opens travels when the first one is pressed. */
export function Popup({ children, ...props }: PopupProps) {
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  const button = (
    <button
      type="button"
      className={ui.button}
      aria-haspopup="dialog"
      aria-expanded={false}
      aria-busy={props.busy}
      onClick={() => {
        setUsed(true);
        setOpen(true);
      }}
    >
      {props.button}
    </button>
  );
  if (!used) return button;
  return (
    <PartPlace fallback={button}>
      <PopupPanel {...props} open={open} onOpenChange={setOpen}>
        {open && children(() => setOpen(false))}
      </PopupPanel>
    </PartPlace>
  );
}
