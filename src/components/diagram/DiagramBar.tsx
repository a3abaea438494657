import { ChevronsDownUp, ChevronsUpDown, Maximize, Minus, Plus, Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatPercent } from '../../viz/numbers.ts';
import { OP_PATTERNS } from '../../viz/diagramGlyph.ts';
import { opVariable } from '../../viz/opStyle.ts';
import type { OpGroup, ThemeName } from '../../viz/opStyle.ts';
import { Tip } from '../ui/Tip.tsx';
import styles from './DiagramBar.module.css';
import { OverlayScale } from './OverlayScale.tsx';
import type { SaveAs } from './saveDiagram.ts';
import { SaveMenu } from './SaveMenu.tsx';
import type { LaidOverlay } from './useOverlay.ts';

interface DiagramBarProps {
  readonly groups: readonly OpGroup[];
  readonly zoom: number;
  readonly foldable: boolean;
  readonly onZoom: (factor: number) => void;
  readonly onActual: () => void;
  readonly onFit: () => void;
  readonly onSearch: () => void;
  readonly onFoldAll: () => void;
  readonly onUnfoldAll: () => void;
  readonly onSave: (as: SaveAs) => void;
  readonly theme: ThemeName;
  readonly overlay: LaidOverlay | null;
  /** Where what the boxes are coloured by is chosen, and where its values come from. */
  readonly choice: ReactNode;
  readonly status: ReactNode;
}

/** The legend, always; under it how to read a box, or the scale of its colour, beside the handles of the view. */
export function DiagramBar(props: DiagramBarProps) {
  const { t } = useTranslation('diagram');
  const { groups, overlay, status, theme } = props;
  return (
    <div className={styles.bar}>
      <Legend groups={groups} note={false} />
      {overlay || status ? (
        <div className={styles.scaleLine}>
          {overlay && <OverlayScale overlay={overlay} theme={theme} />}
          {status}
        </div>
      ) : (
        <p className={styles.note}>{t('legendBox')}</p>
      )}
      <div className={styles.handles}>
        {props.choice}
        {props.foldable && (
          <>
            <Handle text={t('unfoldAll')} onClick={props.onUnfoldAll}>
              <ChevronsUpDown size={15} aria-hidden />
            </Handle>
            <Handle text={t('foldAll')} onClick={props.onFoldAll}>
              <ChevronsDownUp size={15} aria-hidden />
            </Handle>
          </>
        )}
        <Handle text={t('search')} onClick={props.onSearch}>
          <Search size={15} aria-hidden />
        </Handle>
        <Handle text={t('fit')} onClick={props.onFit}>
          <Maximize size={15} aria-hidden />
        </Handle>
        <Handle text={t('zoomOut')} onClick={() => props.onZoom(1 / 1.3)}>
          <Minus size={15} aria-hidden />
        </Handle>
        <Handle text={t('zoomLevel', { percent: formatPercent(props.zoom, 0) })} onClick={props.onActual}>
          <span className={styles.percent} data-percent>
            {formatPercent(props.zoom, 0)}
          </span>
        </Handle>
        <Handle text={t('zoomIn')} onClick={() => props.onZoom(1.3)}>
          <Plus size={15} aria-hidden />
        </Handle>
        <SaveMenu className={styles.handle} label={t('save')} onSave={props.onSave} />
      </div>
    </div>
  );
}

interface LegendProps {
  readonly groups: readonly OpGroup[];
  /** False where the note stands elsewhere. */
  readonly note?: boolean;
}

/** The colours of the op groups in words, and how to read a box. */
export function Legend({ groups, note = true }: LegendProps) {
  const { t } = useTranslation('diagram');
  return (
    <ul className={styles.legend} aria-label={t('legend')}>
      {groups.map((group) => (
        <li key={group}>
          <svg width="7" height="13" aria-hidden>
            <rect width="7" height="13" fill={opVariable(group)} />
            {OP_PATTERNS[group] !== '' && (
              <rect width="7" height="13" fill={`url(#op-${group})`} className={styles.print} />
            )}
          </svg>
          {t(`groups.${group}`)}
        </li>
      ))}
      {note && <li className={styles.legendNote}>{t('legendBox')}</li>}
    </ul>
  );
}

interface HandleProps {
  readonly text: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Handle({ text, onClick, children }: HandleProps) {
  return (
    <Tip text={text} side="top">
      <button type="button" className={styles.handle} aria-label={text} onClick={onClick}>
        {children}
      </button>
    </Tip>
  );
}
