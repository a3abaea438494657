import { ChartScatter, PanelLeftClose, PanelLeftOpen, Search, Table2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NetworkFilter } from '../networks/NetworkFilter.tsx';
import { NetworkList } from '../networks/NetworkList.tsx';
import { useStore } from '../store/store.ts';
import { Sheet } from '../ui/Sheet.tsx';
import { Tip } from '../ui/Tip.tsx';
import ui from '../ui/ui.module.css';
import { Tools } from './Tools.tsx';
import { useSettled } from '../ui/useSettled.ts';
import styles from './App.module.css';

interface HistoryRailProps {
  readonly collapsed: boolean;
  /** Left out where the width decides. */
  readonly onCollapse?: () => void;
}

/** The line of history: every family by year with its silhouette at one scale, and a dot for weights at hand. */
export function HistoryRail({ collapsed, onCollapse }: HistoryRailProps) {
  const { t } = useTranslation(['app', 'networks']);
  const view = useStore((s) => s.view);
  const showView = useStore((s) => s.showView);
  const settled = useSettled();
  const [listOpen, setListOpen] = useState(false);
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
      {collapsed ? (
        <Tip text={t('networks:openList')} side="right">
          <button
            type="button"
            className={`${ui.iconButton} ${styles.railSearch}`}
            aria-label={t('networks:openList')}
            aria-haspopup="dialog"
            onClick={() => setListOpen(true)}
          >
            <Search size={16} aria-hidden />
          </button>
        </Tip>
      ) : (
        <NetworkFilter />
      )}
      {settled ? <NetworkList collapsed={collapsed} /> : <div className={styles.railPlace} />}
      <Sheet kind="left" open={listOpen} onOpenChange={setListOpen} title={t('rail.label')}>
        <div className={styles.sheetList}>
          <NetworkFilter />
          <NetworkList collapsed={false} onChosen={() => setListOpen(false)} />
        </div>
      </Sheet>
      <div className={styles.railFoot}>
        <Tip text={t('rail.compare')} side="right">
          <button
            type="button"
            className={`${ui.button} ${styles.railLink}`}
            aria-current={view === 'compare' ? 'page' : undefined}
            aria-label={t('rail.compare')}
            onClick={() => showView(view === 'compare' ? 'network' : 'compare')}
          >
            <ChartScatter size={16} aria-hidden />
            {!collapsed && t('rail.compare')}
          </button>
        </Tip>
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
