import { useTranslation } from 'react-i18next';
import type { Graph, Node } from '../../models/graph.ts';
import { nodesById } from '../../models/lookup.ts';
import type { LrnRule, Rule } from '../../workers/contract.ts';
import { Choice } from './Choice.tsx';
import type { ProjectionPanelProps } from './projectionProps.ts';
import styles from './ProjectionPanel.module.css';

const rules: readonly Rule[] = ['deconvnet', 'guided', 'gradient'];
const lrnRules: readonly LrnRule[] = ['identity', 'vjp', 'scale'];

/** How ReLU passes the signal back. */
export function RuleChoice({ rule, onRule }: Pick<ProjectionPanelProps, 'rule' | 'onRule'>) {
  const { t } = useTranslation('maps');
  return (
    <Choice
      label={t('rule')}
      value={rule}
      options={rules.map((each) => ({ value: each, text: t(`rules.${each}`) }))}
      onChange={onRule}
    />
  );
}

/** What is projected: the map's strongest unit, one that the user picked, or all of them. */
export function SeedChoice({ seed, strongest, onSeed }: ProjectionPanelProps) {
  const { t } = useTranslation('maps');
  const picked = typeof seed === 'object' ? seed : null;
  return (
    <Choice
      label={t('seed')}
      value={typeof seed === 'object' ? 'unit' : seed}
      options={[
        { value: 'strongest', text: t('seeds.strongest') },
        { value: 'unit', text: picked ? t('seeds.unitAt', picked) : t('seeds.unit') },
        { value: 'map', text: t('seeds.map') },
      ]}
      onChange={(next) => {
        onSeed(next === 'unit' ? strongest : next);
      }}
    />
  );
}

/** How the signal passes local response normalisation; nothing where there is none between the layer and the pixels. */
export function LrnChoice({ network, node, lrn, rule, onLrn }: ProjectionPanelProps) {
  const { t } = useTranslation('maps');
  if (!passesLrn(network.graph, node)) return null;
  return (
    <span className={styles.lrn} title={t('lrnHint')}>
      <span aria-hidden="true">{t('lrn')}</span>
      <Choice
        quiet
        label={t('lrn')}
        value={lrn ?? (rule === 'deconvnet' ? 'identity' : 'vjp')}
        options={lrnRules.map((each) => ({ value: each, text: t(`lrnRules.${each}`) }))}
        onChange={onLrn}
      />
    </span>
  );
}

function passesLrn(graph: Graph, from: Node): boolean {
  const nodes = nodesById(graph);
  const below = new Set([from.id]);
  for (const id of below) {
    const node = nodes.get(id)!;
    if (node.op.kind === 'lrn') return true;
    node.inputs.forEach((input) => below.add(input));
  }
  return false;
}
