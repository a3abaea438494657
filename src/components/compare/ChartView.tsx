import { Download } from 'lucide-react';
import { memo, useId, useMemo, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { markAttributes, patternId, patternPath } from '../../viz/chartSvg.ts';
import type { Mark, Picture, Target } from '../../viz/chartTypes.ts';
import { OP_GROUPS, PALETTES, type ThemeName } from '../../viz/opStyle.ts';
import { useTheme } from '../app/useTheme.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import ui from '../ui/ui.module.css';
import { toFailure } from '../store/requests.ts';
import type { Failure } from '../store/types.ts';
import { saveChart } from './saveChart.ts';
import styles from './chart.module.css';

export interface TargetText {
  readonly name: string;
  readonly lines: readonly string[];
  readonly still?: boolean;
}

export interface ChartViewProps {
  readonly picture: Picture;
  readonly fileName: string;
  /** What is known of a target: its name for a screen reader, and the lines of its card; `still`: it opens nothing. */
  readonly describe: (id: string) => TargetText;
  readonly onOpen?: (id: string) => void;
  readonly onPoint?: (id: string | null) => void;
  readonly children?: ReactNode;
}

/** SVG attributes as React names them. */
const reactName = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function Drawn({ mark, theme }: { readonly mark: Mark; readonly theme: ThemeName }) {
  const props = Object.fromEntries(
    Object.entries(markAttributes(mark, theme)).map(([name, value]) => [reactName(name), value]),
  );
  if (mark.kind === 'text') return <text {...props}>{mark.text}</text>;
  if (mark.kind === 'line') return <line {...props} />;
  return (
    <>
      <path {...props} />
      {mark.pattern && patternPath(mark.pattern) !== '' && (
        <path d={mark.path} fill={`url(#${patternId(mark.pattern)})`} />
      )}
    </>
  );
}

/** Of the targets under the pointer, which may lie over each other, the one whose middle is nearest. */
function nearest(
  { clientX, clientY, currentTarget }: MouseEvent<SVGElement>,
  targets: readonly Target[],
): string | null {
  const frame = currentTarget.ownerSVGElement!.getBoundingClientRect();
  const [x, y] = [clientX - frame.left, clientY - frame.top];
  const under = new Set(
    document.elementsFromPoint(clientX, clientY).flatMap((each) => each.getAttribute('data-target') ?? []),
  );
  const distance = (target: Target) => Math.hypot(target.x - x, target.y - y);
  const found = targets.filter(({ id }) => under.has(id)).sort((a, b) => distance(a) - distance(b));
  return found[0]?.id ?? null;
}

/** Drawn anew with their picture only, and not each time when something is pointed at. */
const Marks = memo(({ marks, theme }: { readonly marks: readonly Mark[]; readonly theme: ThemeName }) =>
  marks.map((mark, place) => (
    // A mark has no identity of its own.
    <Drawn key={place} mark={mark} theme={theme} />
  )),
);
Marks.displayName = 'Marks';

/** A chart on the page: its marks can be pointed at, walked with the arrows, opened and saved. */
export const ChartView = memo(function ChartView(props: ChartViewProps) {
  const { picture, fileName, describe, onOpen, onPoint, children } = props;
  const { t } = useTranslation(['compare', 'app']);
  const theme = useTheme();
  const id = useId();
  const [pointed, setPointed] = useState<string | null>(null);
  /** The one target that Tab stops at; arrows move on from it. */
  const [stop, setStop] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { width, height, targets } = picture;
  const stopId = targets.some((target) => target.id === stop) ? stop : (targets[0]?.id ?? null);
  // Hundreds of sentences of a chart: written when it changes, not when it is pointed at.
  const texts = useMemo(
    () => new Map(targets.map((target) => [target.id, describe(target.id)])),
    [targets, describe],
  );
  const textOf = (target: string) => texts.get(target)!;
  const opens = (target: string) => onOpen !== undefined && !textOf(target).still;
  const shown = targets.find((target) => target.id === pointed);
  const card = shown && textOf(shown.id);

  const point = (next: string | null) => {
    setPointed(next);
    onPoint?.(next);
  };
  const save = (kind: 'svg' | 'png') =>
    saveChart(picture, theme, fileName, kind)
      .then(() => setFailure(null))
      .catch((error: unknown) => setFailure(toFailure(error)));
  const onKeyDown = (event: KeyboardEvent<SVGElement>, target: string) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const ordered = [...targets].sort((a, b) => a.x - b.x || a.y - b.y);
      const place = ordered.findIndex((each) => each.id === target);
      const next = ordered[(place + step + ordered.length) % ordered.length]!;
      setStop(next.id);
      document.getElementById(`${id}-${next.id}`)?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (opens(target)) onOpen?.(target);
    } else if (event.key === 'Escape') point(null);
  };

  return (
    <div>
      <div className={styles.chart}>
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="group"
          aria-label={picture.title}
          onMouseLeave={() => point(null)}
        >
          <defs>
            {OP_GROUPS.map((group) => (
              <pattern key={group} id={patternId(group)} width="4" height="4" patternUnits="userSpaceOnUse">
                <path d={patternPath(group)} stroke={PALETTES[theme].paper} strokeWidth="0.8" fill="none" />
              </pattern>
            ))}
          </defs>
          <Marks marks={picture.marks} theme={theme} />
          {targets.map((target) => (
            <path
              key={target.id}
              id={`${id}-${target.id}`}
              d={target.path}
              className={opens(target.id) ? styles.target : `${styles.target} ${styles.still}`}
              role={opens(target.id) ? 'button' : 'img'}
              tabIndex={target.id === stopId ? 0 : -1}
              aria-label={[textOf(target.id).name, ...textOf(target.id).lines].join('. ')}
              data-target={target.id}
              data-pointed={target.id === pointed || undefined}
              onMouseMove={(event) => point(nearest(event, targets) ?? target.id)}
              onFocus={() => {
                setStop(target.id);
                point(target.id);
              }}
              onBlur={() => point(null)}
              onClick={(event) => {
                // A key that clicks has no place on the page.
                const meant = event.detail > 0 ? (nearest(event, targets) ?? target.id) : target.id;
                if (opens(meant)) onOpen?.(meant);
              }}
              onKeyDown={(event) => onKeyDown(event, target.id)}
            />
          ))}
        </svg>
        {shown && card && (
          <div
            className={styles.card}
            aria-hidden
            style={{
              insetBlockStart: shown.y + 16,
              ...(shown.x > width / 2
                ? { insetInlineEnd: Math.max(0, width - shown.x) }
                : { insetInlineStart: Math.max(0, shown.x) }),
            }}
          >
            <strong>{card.name}</strong>
            {card.lines.map((line) => (
              <span key={line}>{line}</span>
            ))}
          </div>
        )}
      </div>
      <div className={styles.tools}>
        {children}
        {(['svg', 'png'] as const).map((kind) => (
          <button key={kind} type="button" className={ui.button} onClick={() => void save(kind)}>
            <Download size={14} aria-hidden />
            {t('chart.save', { kind: kind.toUpperCase() })}
            <span className="visually-hidden">{picture.title}</span>
          </button>
        ))}
      </div>
      {failure && <FailureNote failure={failure} onDismiss={() => setFailure(null)} />}
    </div>
  );
});
