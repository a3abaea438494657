import { memo, useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buildNetwork } from '../zoo.ts';
import { Diagram } from '../diagram/Diagram.tsx';
import { OverlayChoice } from '../diagram/OverlayChoice.tsx';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import { TimingStatus } from '../timing/TimingStatus.tsx';
import { useLayerTimes } from '../timing/useTiming.ts';
import { Segments } from '../ui/Segments.tsx';
import { useTheme } from './useTheme.ts';
import { part, PartPlace } from '../ui/part.tsx';
import styles from './App.module.css';

const LayerTable = part(async () => (await import('../table/LayerTable.tsx')).LayerTable);

// Elements that never change: the diagram is drawn anew when what it is given changes.
const overlayChoice = <OverlayChoice />;
const timingStatus = <TimingStatus short />;

interface DiagramPaneProps {
  /** Whether the layer table is another face of this pane; else it stands elsewhere. */
  readonly withTable: boolean;
  readonly hovered: string | null;
  readonly onHover: (node: string | null) => void;
}

/** The network as a drawing or as a table of its layers: the same selection in both. */
export function DiagramPane({ withTable, hovered, onHover }: DiagramPaneProps) {
  const { t } = useTranslation('app');
  const [chosenTab, setTab] = useState<'diagram' | 'layers'>('diagram');
  const tab = withTable ? chosenTab : 'diagram';
  // The switch answers at once; what it shows is drawn in slices.
  const shown = useDeferredValue(tab);
  const ref = useStore((s) => s.network);
  const network = useMemo(() => buildNetwork(ref), [ref]);
  const layer = useStore((s) => s.layer);
  const chooseLayer = useStore((s) => s.chooseLayer);
  const faces = useStore((s) => lastValue(s.faces));
  const answer = useStore((s) => lastValue(s.answer));
  const seen = useStore((s) => (s.seen.state === 'done' ? s.seen.value.seen : null));
  const overlay = useStore((s) => s.overlay);
  const times = useLayerTimes();
  const quantity = useMemo(
    () => (overlay === 'none' ? null : { quantity: overlay, times }),
    [overlay, times],
  );
  const theme = useTheme();

  return (
    <section className={styles.pane} id="diagram" tabIndex={-1} aria-label={t('pane.label')}>
      {withTable && (
        <div className={styles.paneBar}>
          <Segments
            label={t('pane.label')}
            value={tab}
            options={[
              { value: 'diagram', text: t('pane.diagram') },
              { value: 'layers', text: t('pane.layers') },
            ]}
            onChange={setTab}
          />
        </div>
      )}
      <div className={styles.paneBody}>
        <div className={styles.fill}>
          {shown === 'diagram' ? (
            <Diagram
              network={network}
              selected={layer}
              faces={faces}
              answer={answer}
              picture={faces === null ? null : seen}
              hovered={hovered}
              onSelect={chooseLayer}
              onHover={onHover}
              theme={theme}
              quantity={quantity}
              times={times}
              choice={overlayChoice}
              status={overlay === 'time' ? timingStatus : null}
            />
          ) : (
            <LayerPane onHover={onHover} />
          )}
        </div>
      </div>
    </section>
  );
}

/** The layers as a table, with the diagram's selection. */
export const LayerPane = memo(function LayerPane({ onHover }: Pick<DiagramPaneProps, 'onHover'>) {
  const chosen = { ref: useStore((s) => s.network), layer: useStore((s) => s.layer) };
  // Network and layer together, after what answers at once: a long table is a task of its own.
  const { ref, layer } = useDeferredValue(chosen);
  const chooseLayer = useStore((s) => s.chooseLayer);
  return (
    <PartPlace>
      <LayerTable network={buildNetwork(ref)} selected={layer} onSelect={chooseLayer} onHover={onHover} />
    </PartPlace>
  );
});
