import { Eraser, Undo2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { useStore } from '../store/store.ts';
import ui from '../ui/ui.module.css';
import { keepStrokes, keptStrokes } from './digitKept.ts';
import { exampleDigits, penWidth, type Stroke } from './digitStrokes.ts';
import styles from './DigitCanvas.module.css';

const sidePx = 280;

interface Ink {
  readonly strokes: readonly Stroke[];
  /** Whether somebody drew: until then the canvas shows the store's opening digit and sends nothing. */
  readonly touched: boolean;
}

/** The drawing outlives the component and, kept on this machine, a reload. */
const useInk = create<Ink>()(() => {
  const kept = keptStrokes();
  return kept ? { strokes: kept, touched: true } : { strokes: exampleDigits[4] ?? [], touched: false };
});
const draw = (strokes: readonly Stroke[]) => {
  useInk.setState({ strokes, touched: true });
  keepStrokes(strokes);
};

/** A square to draw a digit on; every stroke is classified while it is drawn. */
export function DigitCanvas() {
  const { t } = useTranslation('maps');
  const canvas = useRef<HTMLCanvasElement>(null);
  const strokes = useInk((s) => s.strokes);
  const send = useStore((s) => s.useDrawing);
  const touched = useInk((s) => s.touched);
  const [drawing, setDrawing] = useState(false);

  useEffect(() => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    paint(context, strokes);
    if (!useInk.getState().touched) return;
    // One drawing a frame at most; the store lets a running classification end and then takes the newest.
    const frame = requestAnimationFrame(() => send(context.getImageData(0, 0, sidePx, sidePx)));
    return () => cancelAnimationFrame(frame);
  }, [strokes, send]);

  const pointOf = (event: { clientX: number; clientY: number }, target: Element) => {
    const box = target.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height] as const;
  };
  const onPointerDown = (event: React.PointerEvent<HTMLCanvasElement>) => {
    if (event.button !== 0 || !event.isPrimary) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrawing(true);
    draw([...(useInk.getState().touched ? strokes : []), [pointOf(event, event.currentTarget)]]);
  };
  const onPointerMove = (event: React.PointerEvent<HTMLCanvasElement>) => {
    if (!drawing || !event.isPrimary) return;
    const target = event.currentTarget;
    // A pen reports more points than frames; all of them make the line.
    const events = event.nativeEvent.getCoalescedEvents?.() ?? [];
    const points = (events.length > 0 ? events : [event.nativeEvent]).map((each) => pointOf(each, target));
    const now = useInk.getState().strokes;
    draw([...now.slice(0, -1), [...(now.at(-1) ?? []), ...points]]);
  };
  const stop = () => setDrawing(false);
  const empty = strokes.length === 0;

  return (
    <section className={styles.digit} aria-label={t('digit.title')}>
      <figure className={styles.figure}>
        <canvas
          ref={canvas}
          width={sidePx}
          height={sidePx}
          className={styles.canvas}
          role="img"
          aria-label={t('digit.canvas')}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={stop}
          onPointerCancel={stop}
        />
        <figcaption>{t(empty ? 'digit.drawHere' : touched ? 'digit.yours' : 'digit.opening')}</figcaption>
      </figure>
      <div className={styles.tools}>
        <button
          type="button"
          className={ui.button}
          disabled={empty}
          onClick={() => draw(strokes.slice(0, -1))}
        >
          <Undo2 size={14} aria-hidden="true" />
          {t('digit.undo')}
        </button>
        <button type="button" className={ui.button} disabled={empty} onClick={() => draw([])}>
          <Eraser size={14} aria-hidden="true" />
          {t('digit.clear')}
        </button>
      </div>
      <div className={styles.examples} role="group" aria-label={t('digit.examples')}>
        <span aria-hidden="true">{t('digit.examples')}</span>
        {exampleDigits.map((example, digit) => (
          <button
            key={digit}
            type="button"
            className={styles.example}
            aria-label={t('digit.example', { digit })}
            onClick={() => draw(example)}
          >
            {digit}
          </button>
        ))}
      </div>
    </section>
  );
}

/** Dark ink on white, as on paper: preprocessing finds out which side is ink. */
function paint(context: CanvasRenderingContext2D, strokes: readonly Stroke[]): void {
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, sidePx, sidePx);
  context.strokeStyle = '#1c1b19';
  context.lineWidth = penWidth * sidePx;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const [start, ...rest] of strokes) {
    if (!start) continue;
    context.beginPath();
    context.moveTo(start[0] * sidePx, start[1] * sidePx);
    // A dot is a line to its own start: round caps make it a disc.
    for (const [x, y] of rest.length > 0 ? rest : [start]) context.lineTo(x * sidePx, y * sidePx);
    context.stroke();
  }
}
