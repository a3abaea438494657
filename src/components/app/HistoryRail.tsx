import { PanelLeftClose, PanelLeftOpen, Table2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buildNetwork, members } from '../../models/index.ts';
import { Silhouette } from '../diagram/Silhouette.tsx';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import { Tip } from '../ui/Tip.tsx';
import ui from '../ui/ui.module.css';
import { Tools } from './Tools.tsx';
import styles from './App.module.css';

const byYear = [...members].sort((a, b) => a.year - b.year);

interface HistoryRailProps {
  readonly collapsed: boolean;
  /** Left out where the width decides. */
  readonly onCollapse?: () => void;
}

/** The line of history: every network by year with its silhouette at one scale, and a dot for weights at hand. */
export function HistoryRail({ collapsed, onCollapse }: HistoryRailProps) {
  const { t } = useTranslation('app');
  const view = useStore((s) => s.view);
  const showView = useStore((s) => s.showView);
  return (
    <nav className={`${styles.rail} ${collapsed ? styles.railCollapsed : ''}`} aria-label={t('rail.label')}>
      <div className={styles.brand}>
        {!collapsed && <a href={location.pathname}>ConvScope</a>}
        {onCollapse ? (
          <Tip text={t(collapsed ? 'rail.expand' : 'rail.collapse')} side="right">
            <button
              type="button"
              className={ui.iconButton}
              aria-label={t(collapsed ? 'rail.expand' : 'rail.collapse')}
              onClick={onCollapse}
            >
              {collapsed ? <PanelLeftOpen size={16} aria-hidden /> : <PanelLeftClose size={16} aria-hidden />}
            </button>
          </Tip>
        ) : (
          collapsed && (
            <a href={location.pathname}>
              <img src="icon.svg" alt="ConvScope" width={24} height={24} />
            </a>
          )
        )}
      </div>
      <NetworkList collapsed={collapsed} />
      <div className={styles.railFoot}>
        <Tip text={t('rail.table')} side="right">
          <button
            type="button"
            className={`${ui.button} ${styles.railLink}`}
            aria-current={view === 'table' ? 'page' : undefined}
            aria-label={t('rail.table')}
            onClick={() => showView(view === 'table' ? 'network' : 'table')}
          >
            <Table2 size={16} aria-hidden />
            {!collapsed && t('rail.table')}
          </button>
        </Tip>
        <Tools />
      </div>
    </nav>
  );
}

interface NetworkListProps {
  readonly collapsed: boolean;
  readonly onChosen?: () => void;
}

/** The networks themselves; a phone shows them in a sheet of its own. */
export function NetworkList({ collapsed, onChosen }: NetworkListProps) {
  const { t } = useTranslation('app');
  const current = useStore((s) => (s.view === 'network' ? s.network : null));
  const manifest = useStore((s) => lastValue(s.manifest));
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  return (
    <ul className={styles.list}>
      {byYear.map((info) => {
        const bundled = manifest?.weights.some(({ network }) => network === info.id) ?? false;
        const button = (
          <button
            type="button"
            className={styles.item}
            aria-current={info.id === current ? 'true' : undefined}
            onClick={() => {
              chooseNetwork(info.id);
              onChosen?.();
            }}
          >
            <span className={styles.yearRow}>
              <span className={styles.year}>{info.year}</span>
              {collapsed && bundled && <span className={styles.dot} />}
            </span>{' '}
            <span className={collapsed ? styles.railName : undefined}>{info.name}</span>
            {!collapsed && (bundled ? <span className={styles.dot} /> : <span />)}
            {bundled && <span className="visually-hidden">, {t('rail.weights')}</span>}
            <span className={styles.silhouette} aria-hidden>
              <Silhouette network={buildNetwork(info.id)} />
            </span>
          </button>
        );
        return <li key={info.id}>{button}</li>;
      })}
    </ul>
  );
}
