import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { Tip } from './Tip.tsx';
import styles from './menu.module.css';

interface MenuItem {
  readonly value: string;
  readonly text: string;
}

export interface MenuPanelProps {
  /** What stands on the button, its class and its name; `tip` appears beside it. */
  readonly button: ReactNode;
  readonly className: string | undefined;
  readonly label: string;
  readonly tip: string;
  /** Whether the button shows that something is chosen. */
  readonly on?: boolean;
  /** Over the items. */
  readonly heading?: string;
  readonly items: readonly MenuItem[];
  /** The item that is in force, where one always is; else each item is something to do. */
  readonly value?: string;
  readonly onChoose: (value: string) => void;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** See `Menu`. */
export function MenuPanel(props: MenuPanelProps) {
  const { items, heading, value, onChoose } = props;
  return (
    <DropdownMenu.Root modal={false} open={props.open} onOpenChange={props.onOpenChange}>
      <Tip text={props.tip} side="top">
        <DropdownMenu.Trigger
          className={props.className}
          data-on={props.on ? '' : undefined}
          aria-label={props.label}
        >
          {props.button}
        </DropdownMenu.Trigger>
      </Tip>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="end" sideOffset={4}>
          {heading !== undefined && (
            <DropdownMenu.Label className={styles.menuLabel}>{heading}</DropdownMenu.Label>
          )}
          {value === undefined ? (
            items.map((item) => (
              <DropdownMenu.Item
                key={item.value}
                className={styles.menuItem}
                onSelect={() => onChoose(item.value)}
              >
                {item.text}
              </DropdownMenu.Item>
            ))
          ) : (
            <DropdownMenu.RadioGroup value={value} onValueChange={onChoose}>
              {items.map((item) => (
                <DropdownMenu.RadioItem key={item.value} value={item.value} className={styles.menuItem}>
                  <span className={styles.menuCheck}>
                    <DropdownMenu.ItemIndicator>
                      <Check size={13} aria-hidden />
                    </DropdownMenu.ItemIndicator>
                  </span>
                  {item.text}
                </DropdownMenu.RadioItem>
              ))}
            </DropdownMenu.RadioGroup>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
