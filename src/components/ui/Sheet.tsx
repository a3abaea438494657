import { useState } from 'react';
import { part, PartPlace } from './part.tsx';
import type { SheetProps } from './SheetPanel.tsx';

const SheetPanel = part(async () => (await import('./SheetPanel.tsx')).SheetPanel);

/**
 * A modal surface: in the middle, from a side or from below. Escape and the veil close it; focus returns. Its code travels
 * when the first one is opened.
 */
export function Sheet(props: SheetProps) {
  const [used, setUsed] = useState(props.open);
  if (props.open && !used) setUsed(true);
  if (!used) return null;
  return (
    <PartPlace>
      <SheetPanel {...props} />
    </PartPlace>
  );
}
