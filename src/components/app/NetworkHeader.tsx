import { PanelRightOpen } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { networkCost } from '../../models/cost.ts';
import { weightBytes } from '../../models/memory.ts';
import { formatBytes, formatExact, formatPercent, formatShape, formatSi } from '../../viz/numbers.ts';
import { ParametersBar, ParametersButton } from '../networks/ParametersButton.tsx';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import { buildNetwork, weightsFor } from '../zoo.ts';
import { keptFor, useShelf } from '../store/shelf.ts';
import { useBundledText } from '../weights/useBundledText.ts';
import { WeightsButton } from '../weights/WeightsButton.tsx';
import ui from '../ui/ui.module.css';
import { BackendChip } from './BackendChip.tsx';
import styles from './App.module.css';

interface NetworkHeaderProps {
  /** Given where what the network saw and said is in a drawer. */
  readonly onOpenSide?: () => void;
}

/** Whose network this is, how large, and what runs it. */
export function NetworkHeader({ onOpenSide }: NetworkHeaderProps) {
  const { t } = useTranslation('app');
  const ref = useStore((s) => s.network);
  const [tuning, setTuning] = useState(false);
  const { info } = useMemo(() => buildNetwork(ref), [ref]);
  return (
    <header className={styles.header}>
      <div className={styles.title}>
        <h1>
          {info.name}
          <small>
            {info.authors}
            {info.authors.includes(String(info.year)) ? '' : `, ${info.year}`}
          </small>
        </h1>
        <div className={styles.headerTools}>
          <ParametersButton open={tuning} onOpenChange={setTuning} />
          <BackendChip />
          {onOpenSide && <SideButton onOpen={onOpenSide} label={t('side.open')} />}
        </div>
      </div>
      <NetworkFacts />
      {tuning && <ParametersBar />}
    </header>
  );
}

/** Parameters, MACs, memory, input and state of the weights; exact values on hover. */
export function NetworkFacts() {
  const { t } = useTranslation('app');
  const ref = useStore((s) => s.network);
  const { graph } = useMemo(() => buildNetwork(ref), [ref]);
  const cost = networkCost(graph);
  const bytes = weightBytes(cost, 'fp32');
  const peakBytes = cost.peak.elements * 4;
  const facts = [
    { name: t('facts.params'), value: formatSi(cost.params), exact: formatExact(cost.params) },
    { name: t('facts.macs'), value: formatSi(cost.macs), exact: formatExact(cost.macs) },
    { name: t('facts.weightsMemory'), value: formatBytes(bytes), exact: `${formatExact(bytes)} B` },
    { name: t('facts.peakMemory'), value: formatBytes(peakBytes), exact: `${formatExact(peakBytes)} B` },
    { name: t('facts.input'), value: formatShape(graph.nodes[0]?.shape ?? [0, 0, 0]), exact: '' },
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, value, exact }) => (
        <div key={name} {...(exact ? { title: `${exact} ${name}` } : {})}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <WeightsFact network={ref} />
    </dl>
  );
}

/** Whose weights answer, if any; opens all that there are. */
function WeightsFact({ network }: { readonly network: string }) {
  const { t } = useTranslation('app');
  const manifest = useStore((s) => lastValue(s.manifest));
  const loaded = useStore(({ weights }) =>
    weights.state === 'done' && weights.value.ref === network ? weights.value : null,
  );
  const kept = keptFor(
    useShelf((s) => s.items),
    network,
  );
  const bundled = useBundledText();
  const entry = manifest ? weightsFor(manifest.weights, network) : undefined;
  const other = loaded !== null && loaded.weightsName !== entry?.file ? loaded.weightsName : null;
  const isKept = kept.some(({ origin, id }) => other === (origin.kind === 'file' ? origin.name : id));
  const text = other
    ? t(isKept ? 'facts.keptWeights' : 'facts.ownWeights', { name: other })
    : entry?.accuracy
      ? t('facts.accuracy', {
          percent: formatPercent(entry.accuracy.top1),
          pictures: formatExact(entry.accuracy.images),
        })
      : entry
        ? t('facts.weights')
        : manifest
          ? t('facts.noWeights')
          : '';
  if (!text) return null;
  return (
    <div title={other ? undefined : entry && bundled(entry, 'measuredOn')}>
      <dt className="visually-hidden">{t('facts.weights')}</dt>
      <dd style={{ fontFamily: 'inherit' }}>
        <WeightsButton className={ui.textButton} label={t('weights.change', { state: text })}>
          {text}
        </WeightsButton>
      </dd>
    </div>
  );
}

function SideButton({ onOpen, label }: { readonly onOpen: () => void; readonly label: string }) {
  const answer = useStore((s) => lastValue(s.answer));
  const best = answer?.top[0];
  return (
    <button type="button" className={ui.button} onClick={onOpen}>
      {best ? `${best.name} ${formatPercent(best.probability, 0)}` : label}
      <PanelRightOpen size={16} aria-hidden />
      {best && <span className="visually-hidden">{label}</span>}
    </button>
  );
}
