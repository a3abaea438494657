import {
  cloneElement,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import { createPortal } from 'react-dom';
import { tipPlace, type TipSide } from './tipPlace.ts';
import styles from './ui.module.css';

interface TipProps {
  readonly text: ReactNode;
  readonly children: ReactElement<Handlers>;
  readonly side?: TipSide;
}
interface Handlers {
  readonly onPointerEnter?: (event: PointerEvent) => void;
  readonly onPointerLeave?: (event: PointerEvent) => void;
  readonly onPointerDown?: (event: PointerEvent) => void;
  readonly onFocus?: (event: FocusEvent) => void;
  readonly onBlur?: (event: FocusEvent) => void;
  readonly 'aria-describedby'?: string | undefined;
}

/** A pointer rests so long before a label appears, ms; and it appears at once so soon after another. */
const restMs = 350;
const soonMs = 200;
let closedAt = -Infinity;
/** One pointer rests on one element at a time. */
let timer = 0;

const after = (ms: number, open: () => void): void => {
  clearTimeout(timer);
  timer = window.setTimeout(open, ms);
};
const patience = (): number => (performance.now() - closedAt < soonMs ? 0 : restMs);

/**
 * A short label that appears on hover and focus of the one element inside. There are dozens on a page and one is seen: until
 * then a tip is nothing but the element's handlers.
 */
export function Tip({ text, children, side = 'bottom' }: TipProps) {
  const id = useId();
  const [owner, setOwner] = useState<Element | null>(null);
  const close = useCallback(() => {
    clearTimeout(timer);
    setOwner((before) => {
      if (before !== null) closedAt = performance.now();
      return null;
    });
  }, []);
  useEffect(() => {
    if (owner === null) return;
    const key = (event: KeyboardEvent) => event.key === 'Escape' && close();
    window.addEventListener('keydown', key);
    window.addEventListener('scroll', close, true);
    return () => {
      window.removeEventListener('keydown', key);
      window.removeEventListener('scroll', close, true);
    };
  }, [owner, close]);

  const own = children.props;
  const child = cloneElement<Handlers>(children, {
    onPointerEnter(event) {
      own.onPointerEnter?.(event);
      if (event.pointerType === 'touch') return;
      const element = event.currentTarget;
      after(patience(), () => setOwner(element));
    },
    onPointerLeave(event) {
      own.onPointerLeave?.(event);
      close();
    },
    onPointerDown(event) {
      own.onPointerDown?.(event);
      close();
    },
    onFocus(event) {
      own.onFocus?.(event);
      if (event.currentTarget.matches(':focus-visible')) setOwner(event.currentTarget);
    },
    onBlur(event) {
      own.onBlur?.(event);
      close();
    },
    ...(owner !== null && { 'aria-describedby': id }),
  });
  return (
    <>
      {child}
      {owner !== null && createPortal(<Label id={id} owner={owner} side={side} text={text} />, document.body)}
    </>
  );
}

interface LabelProps {
  readonly id: string;
  readonly owner: Element;
  readonly side: TipSide;
  readonly text: ReactNode;
}

function Label({ id, owner, side, text }: LabelProps) {
  const label = useRef<HTMLDivElement>(null);
  // It is placed by its size, which only the browser knows: before the first paint.
  useLayoutEffect(() => {
    const element = label.current;
    if (element === null) return;
    const room = { width: document.documentElement.clientWidth, height: window.innerHeight };
    const { left, top } = tipPlace(
      owner.getBoundingClientRect(),
      element.getBoundingClientRect(),
      side,
      room,
    );
    element.style.translate = `${left}px ${top}px`;
  });
  return (
    <div ref={label} id={id} role="tooltip" className={styles.tip}>
      {text}
    </div>
  );
}
