import { ChevronUp, Menu } from 'lucide-react';
import { memo, useDeferredValue, useMemo, useState } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { useTranslation } from 'react-i18next';
import { buildNetwork } from '../zoo.ts';
import { formatShape } from '../../viz/numbers.ts';
import { Comparing } from '../compare/Comparing.tsx';
import { Maps } from '../maps/Maps.tsx';
import { ImageAndAnswer } from '../panel/SidePanel.tsx';
import { NetworkFilter } from '../networks/NetworkFilter.tsx';
import { NetworkList } from '../networks/NetworkList.tsx';
import { ParametersBar, ParametersButton } from '../networks/ParametersButton.tsx';
import { LayerSection } from '../panel/LayerSection.tsx';
import { NetworkNotes } from '../panel/NetworkNotes.tsx';
import { useStore } from '../store/store.ts';
import type { View } from '../store/types.ts';
import { TableView } from '../table/TableView.tsx';
import { Segments } from '../ui/Segments.tsx';
import { Sheet } from '../ui/Sheet.tsx';
import ui from '../ui/ui.module.css';
import { BackendChip } from './BackendChip.tsx';
import { Broken } from './Broken.tsx';
import { DiagramPane } from './DiagramPane.tsx';
import { NetworkFacts } from './NetworkHeader.tsx';
import { Tools } from './Tools.tsx';
import styles from './App.module.css';

/** One column: picture and answer, the diagram to swipe, the layer as a sheet from below, networks in a menu. */
export function NarrowFrame() {
  const { t } = useTranslation('app');
  const view = useStore((s) => s.view);
  const showView = useStore((s) => s.showView);
  const ref = useStore((s) => s.network);
  const { info } = useMemo(() => buildNetwork(ref), [ref]);
  const [menuOpen, setMenuOpen] = useState(false);
  return (
    <div className={styles.phone}>
      <header className={styles.phoneBar}>
        <button
          type="button"
          className={ui.iconButton}
          aria-label={t('rail.label')}
          onClick={() => setMenuOpen(true)}
        >
          <Menu size={20} aria-hidden />
        </button>
        <h1>{view === 'network' ? info.name : t(`rail.${view}`)}</h1>
        <BackendChip short />
      </header>
      {/* What was pressed answers at once; the view that it leads to is drawn in slices. */}
      <Shown view={useDeferredValue(view)} />
      <Sheet kind="left" open={menuOpen} onOpenChange={setMenuOpen} title="ConvScope">
        <nav aria-label={t('rail.label')} className={styles.sheetList}>
          <NetworkFilter />
          <NetworkList collapsed={false} onChosen={() => setMenuOpen(false)} />
        </nav>
        <div className={styles.menuTools}>
          <button
            type="button"
            className={ui.button}
            onClick={() => {
              showView('table');
              setMenuOpen(false);
            }}
          >
            {t('rail.table')}
          </button>
          <button
            type="button"
            className={ui.button}
            onClick={() => {
              showView('compare');
              setMenuOpen(false);
            }}
          >
            {t('rail.compare')}
          </button>
          <Tools />
        </div>
      </Sheet>
    </div>
  );
}

const Shown = memo(function Shown({ view }: { readonly view: View }) {
  const ref = useStore((s) => s.network);
  const [tuning, setTuning] = useState(false);
  const [hovered, setHovered] = useState<string | null>(null);
  if (view === 'compare') return <Comparing />;
  if (view === 'table') return <TableView />;
  return (
    <main>
      <ImageAndAnswer />
      <div className={styles.phoneDiagram}>
        <ErrorBoundary FallbackComponent={Broken} resetKeys={[ref]}>
          <DiagramPane withTable hovered={hovered} onHover={setHovered} />
        </ErrorBoundary>
      </div>
      <div className={styles.phoneFacts}>
        <NetworkFacts />
        <ParametersButton open={tuning} onOpenChange={setTuning} />
        {tuning && <ParametersBar />}
      </div>
      <NetworkNotes />
      <LayerSheet />
    </main>
  );
});

function LayerSheet() {
  const { t } = useTranslation('app');
  const [open, setOpen] = useState(false);
  const [tab, setTab] = useState<'maps' | 'label'>('maps');
  const ref = useStore((s) => s.network);
  const layer = useStore((s) => s.layer);
  const network = useMemo(() => buildNetwork(ref), [ref]);
  const node = network.graph.nodes.find(({ id }) => id === layer);
  return (
    <>
      <button
        type="button"
        id="layer"
        className={styles.layerBar}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <span>
          <strong>{node?.id ?? t('layer.none')}</strong> {node && <span>{formatShape(node.shape)}</span>}
        </span>
        <ChevronUp size={20} aria-hidden />
        <span className="visually-hidden">{t('layer.open')}</span>
      </button>
      <Sheet kind="bottom" open={open} onOpenChange={setOpen} title={node?.id ?? t('layer.none')}>
        <div className={styles.sheetTabs}>
          <Segments
            label={t('layer.title')}
            value={tab}
            options={[
              { value: 'maps', text: t('layer.maps') },
              { value: 'label', text: t('layer.facts') },
            ]}
            onChange={setTab}
          />
        </div>
        {tab === 'maps' ? <Maps network={network} /> : <LayerSection />}
      </Sheet>
    </>
  );
}
