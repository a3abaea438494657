import { memo, useDeferredValue, useState } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { useTranslation } from 'react-i18next';
import { buildNetwork } from '../zoo.ts';
import { Comparing } from '../compare/Comparing.tsx';
import { Maps } from '../maps/Maps.tsx';
import { SidePanel } from '../panel/SidePanel.tsx';
import { useStore } from '../store/store.ts';
import type { View } from '../store/types.ts';
import { useHasWeights } from '../store/useHasWeights.ts';
import { TableView } from '../table/TableView.tsx';
import { Sheet } from '../ui/Sheet.tsx';
import { Split } from '../ui/Split.tsx';
import { Broken } from './Broken.tsx';
import { DiagramPane, LayerPane } from './DiagramPane.tsx';
import { HistoryRail } from './HistoryRail.tsx';
import { NetworkHeader } from './NetworkHeader.tsx';
import { useSettled } from '../ui/useSettled.ts';
import styles from './App.module.css';

/** History at the left, the diagram over its layer's maps, what the network saw and said at the right. */
export function WideFrame({ frame }: { readonly frame: WideName }) {
  const view = useStore((s) => s.view);
  const [collapsed, setCollapsed] = useState(false);
  return (
    <div className={styles.frame}>
      <HistoryRail
        collapsed={frame === 'medium' || collapsed}
        {...(frame === 'wide' ? { onCollapse: () => setCollapsed(!collapsed) } : {})}
      />
      {/* What was pressed answers at once; the view that it leads to is drawn in slices. */}
      <Shown view={useDeferredValue(view)} frame={frame} />
    </div>
  );
}

type WideName = 'medium' | 'wide';

const Shown = memo(function Shown({ view, frame }: { readonly view: View; readonly frame: WideName }) {
  const { t } = useTranslation('app');
  const [sideOpen, setSideOpen] = useState(false);
  const settled = useSettled();
  if (view === 'compare') return <Comparing />;
  if (view === 'table') return <TableView />;
  return (
    <>
      <main className={styles.centre}>
        <NetworkHeader {...(frame === 'medium' ? { onOpenSide: () => setSideOpen(true) } : {})} />
        <Centre />
      </main>
      {frame === 'wide' ? (
        <aside className={styles.side} aria-label={t('side.title')}>
          {settled && <SidePanel />}
        </aside>
      ) : (
        <Sheet kind="side" open={sideOpen} onOpenChange={setSideOpen} title={t('side.title')}>
          <SidePanel />
        </Sheet>
      )}
    </>
  );
});

/** The diagram over the layer's maps; a network without weights has no maps, and its layer table in their place. */
function Centre() {
  const { t } = useTranslation('app');
  const ref = useStore((s) => s.network);
  const weighted = useHasWeights();
  const [hovered, setHovered] = useState<string | null>(null);
  return (
    <Split
      name="maps"
      label={t('resizeMaps')}
      share={52}
      least={{ above: 20, below: 15 }}
      above={
        <ErrorBoundary FallbackComponent={Broken} resetKeys={[ref]}>
          <DiagramPane withTable={weighted} hovered={hovered} onHover={setHovered} />
        </ErrorBoundary>
      }
      below={
        <div className={styles.pane} id="layer" tabIndex={-1}>
          <ErrorBoundary FallbackComponent={Broken} resetKeys={[ref]}>
            {weighted ? (
              <Maps network={buildNetwork(ref)} />
            ) : (
              <div className={styles.below}>
                <LayerPane onHover={setHovered} />
              </div>
            )}
          </ErrorBoundary>
        </div>
      }
    />
  );
}
