import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import ui from './ui.module.css';

/** What opens from a button of the page: placed under its end, inside the window. */
export function PopoverPanel({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
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
  );
}
