import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import ui from './ui.module.css';

export interface PopupPanelProps {
  /** What stands on the button. */
  readonly button: ReactNode;
  readonly busy?: boolean;
  /** What the panel is called. */
  readonly label: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly children: ReactNode;
}

/** See `Popup`: placed under the end of its button, inside the window. */
export function PopupPanel({ button, busy, label, open, onOpenChange, children }: PopupPanelProps) {
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger className={ui.button} aria-busy={busy}>
        {button}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={ui.popover}
          sideOffset={6}
          align="end"
          collisionPadding={12}
          aria-label={label}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
