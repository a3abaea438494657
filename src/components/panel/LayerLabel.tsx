import { memo, useMemo, useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { networkCost } from '../../models/cost.ts';
import { receptiveFields } from '../../models/field.ts';
import { formulaText, nodeFormulas } from '../../models/formula.ts';
import type { Graph, Node } from '../../models/graph.ts';
import { consumersById, inputShapes, nodeById } from '../../models/lookup.ts';
import { bytesPerNumber } from '../../models/memory.ts';
import { buildNetwork } from '../zoo.ts';
import {
  formatBytes,
  formatExact,
  formatMilliseconds,
  formatPercent,
  formatShape,
} from '../../viz/numbers.ts';
import { KernelGrid } from '../maps/KernelGrid.tsx';
import { useStore } from '../store/store.ts';
import { useIsStale, useTiming } from '../timing/useTiming.ts';
import ui from '../ui/ui.module.css';
import { useOpText } from './opText.ts';
import styles from './panel.module.css';

/** The label beside the exhibit: what the selected layer is, and its numbers with the calculation behind them. */
export function LayerLabel() {
  const { t } = useTranslation('app');
  // The diagram answers a click first; the label follows in a task of its own.
  const chosen = useStore((s) => s.network);
  const chosenLayer = useStore((s) => s.layer);
  const ref = useDeferredValue(chosen);
  const layer = useDeferredValue(chosenLayer);
  const { graph } = useMemo(() => buildNetwork(ref), [ref]);
  const node = graph.nodes.find(({ id }) => id === layer);
  return (
    <section className={styles.section} aria-label={t('layer.title')}>
      {node ? <Facts graph={graph} node={node} /> : <p className={styles.hint}>{t('layer.choose')}</p>}
    </section>
  );
}

const Facts = memo(function Facts({ graph, node }: { readonly graph: Graph; readonly node: Node }) {
  const { t } = useTranslation('app');
  const opText = useOpText();
  const cost = networkCost(graph).nodes.get(node.id);
  const field = receptiveFields(graph).get(node.id);
  const before = inputShapes(graph, node);
  const formulas = nodeFormulas(graph, node);
  const { name, settings } = opText(node.op);
  const bytes = (cost?.outputElements ?? 0) * bytesPerNumber.fp32;
  return (
    <>
      <div className={styles.layerHead}>
        <h2>{node.id}</h2>
        <p>{name}</p>
      </div>
      <Neighbours graph={graph} node={node} />
      <dl className={styles.facts}>
        {settings.map(([term, value]) => (
          <Fact key={term} term={t(`op.${term}`)} value={value} />
        ))}
        {before.length > 0 && <Fact term={t('layer.input')} value={before.map(formatShape).join(' + ')} />}
        <Fact term={t('layer.output')} value={formatShape(node.shape)} />
        {cost !== undefined && cost.params > 0 && (
          <Fact term={t('layer.params')} value={formatExact(cost.params)} />
        )}
        {cost !== undefined && cost.macs > 0 && <Fact term="MACs" value={formatExact(cost.macs)} />}
        <Fact
          term={t('layer.memory')}
          value={cost?.inPlace ? t('layer.inPlace') : formatBytes(bytes)}
          title={`${formatExact(bytes)} B`}
        />
        <MeasuredTime node={node.id} />
        {field && node.op.kind !== 'input' && (
          <>
            <Fact
              term={t('layer.field')}
              value={field.whole ? t('layer.wholeImage') : `${field.size[0]}×${field.size[1]} px`}
            />
            {!field.whole && <Fact term={t('layer.jump')} value={`${field.jump[0]}×${field.jump[1]} px`} />}
          </>
        )}
      </dl>
      {formulas.length > 0 && (
        <div className={styles.formulas}>
          <h3 className={styles.heading}>{t('layer.formulas')}</h3>
          {formulas.map((formula) => (
            <p key={formula.quantity}>
              <span>{t(`quantity.${formula.quantity}`)}</span>
              <code>{formulaText(formula)}</code>
            </p>
          ))}
        </div>
      )}
      <KernelGrid />
    </>
  );
});

/** How long the layer takes, where that was measured; nothing where not. */
function MeasuredTime({ node }: { readonly node: string }) {
  const { t } = useTranslation('timing');
  const network = useTiming();
  const stale = useIsStale();
  const timing = network?.nodes.get(node);
  if (!network || !timing || stale) return null;
  const { milliseconds, joinedWith, share, macsPerSecond, tooShort } = timing;
  if (joinedWith !== null)
    return (
      <Fact
        term={t('time')}
        value={t('joined', { layer: joinedWith })}
        title={t('joinedTitle', { layer: joinedWith })}
      />
    );
  if (!milliseconds) return <Fact term={t('time')} value={t('unmeasured')} />;
  const step = formatMilliseconds(network.resolutionMilliseconds);
  const [lower, median, upper] = [milliseconds.lower, milliseconds.median, milliseconds.upper].map(
    formatMilliseconds,
  );
  const value = tooShort
    ? t('below', { step })
    : t('withShare', { time: median, share: formatPercent(share) });
  return (
    <>
      <Fact
        term={t('time')}
        value={value}
        title={tooShort ? t('tooShort', { step }) : t('quartiles', { lower, median, upper })}
      />
      {macsPerSecond !== null && (
        <Fact term={t('speed')} value={t('atRate', { rate: Number((macsPerSecond / 1e9).toPrecision(3)) })} />
      )}
    </>
  );
}

function Fact(props: { readonly term: string; readonly value: string; readonly title?: string }) {
  return (
    <div title={props.title}>
      <dt>{props.term}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}

/** The layers that this one reads and that read it, to walk the graph from its label. */
function Neighbours({ graph, node }: { readonly graph: Graph; readonly node: Node }) {
  const { t } = useTranslation('app');
  const chooseLayer = useStore((s) => s.chooseLayer);
  const lists = [
    { name: t('layer.from'), ids: node.inputs },
    { name: t('layer.to'), ids: (consumersById(graph).get(node.id) ?? []).map(({ id }) => id) },
  ];
  return (
    <div className={styles.neighbours}>
      {lists.map(({ name, ids }) =>
        ids.length === 0 ? null : (
          <p key={name}>
            <span>{name}</span>
            {ids.map((id) => (
              <button
                key={id}
                type="button"
                className={ui.textButton}
                title={formatShape(nodeById(graph, id).shape)}
                onClick={() => chooseLayer(id)}
              >
                {id}
              </button>
            ))}
          </p>
        ),
      )}
    </div>
  );
}
