import type { ReactNode } from 'react';
import { useShelf } from '../store/shelf.ts';

interface WeightsButtonProps {
  readonly className: string | undefined;
  /** Left out: the network of the moment. */
  readonly network?: string;
  readonly label?: string;
  readonly children: ReactNode;
}

/** Opens the weights of a network: which there are, where they come from, and what is kept on this device. */
export function WeightsButton({ className, network, label, children }: WeightsButtonProps) {
  const showDialog = useShelf((s) => s.showDialog);
  return (
    <button
      type="button"
      className={className}
      onClick={() => showDialog({ network: network ?? null })}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      {children}
    </button>
  );
}
