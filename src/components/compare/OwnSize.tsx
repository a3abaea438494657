import { startTransition, useDeferredValue, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { measures, mostNetworks, quantities } from '../../models/compare.ts';
import type { Text } from '../../models/network.ts';
import { buildNetwork, families } from '../../models/zoo/index.ts';
import { ParameterControl } from '../networks/ParameterControl.tsx';
import { attempt, type Drafts } from '../networks/settingsForm.ts';
import { useStore } from '../store/store.ts';
import ui from '../ui/ui.module.css';
import { written } from './columns.ts';
import { prepared } from './pair/prepare.ts';
import { OwnDiagram } from './pair/Preview.tsx';
import { useNear } from './pair/useNear.ts';
import type { Compared } from './useCompared.ts';
import page from './compare.module.css';
import styles from './ownSize.module.css';

/** A slider moves faster than a deep network is built: the last of these milliseconds counts. */
const settleMs = 60;

const tunable = families.filter(({ parameters }) => Object.keys(parameters).length > 0);
const firstFamily = tunable.find(({ id }) => id === 'wide-resnet') ?? tunable[0]!;

function compared(ref: string): Compared {
  const network = buildNetwork(ref);
  return { ref: network.ref, network, measures: measures(network) };
}

interface OwnSizeProps {
  readonly nets: readonly string[];
  readonly visited: number;
  readonly onVisit: (own: Compared) => void;
  readonly onForget: () => void;
}

/** A family's parameters as sliders: numbers and diagram follow, and each setting leaves its trace on the chart. */
export function OwnSize({ nets, visited, onVisit, onForget }: OwnSizeProps) {
  const { t } = useTranslation(['compare', 'networks']);
  const changeComparison = useStore((s) => s.changeComparison);
  const language = useStore((s) => s.language);
  const [own, setOwn] = useState(() => compared(firstFamily.id));
  const [drafts, setDrafts] = useState<Drafts>({});
  const [refused, setRefused] = useState<{ readonly key: string; readonly sentence: Text } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** Counts what was asked for: only the last of it is shown. */
  const asked = useRef(0);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      asked.current++;
    },
    [],
  );
  const section = useRef<HTMLElement>(null);
  const near = useNear(section);
  const { family, settings, info } = own.network;
  // The numbers come first, the diagram in a render that a hand may interrupt.
  const drawn = useDeferredValue(own.network);

  const show = async (ref: string) => {
    const turn = ++asked.current;
    const next = await prepared(ref, () => turn === asked.current);
    if (next === null) return;
    startTransition(() => {
      setOwn(next);
      setDrafts({});
      setRefused(null);
    });
    onVisit(next);
  };
  const change = (key: string, text: string) => {
    const next = { ...drafts, [key]: text };
    setDrafts(next);
    clearTimeout(timer.current);
    asked.current++;
    timer.current = setTimeout(() => {
      const result = attempt(family, settings, next);
      if ('ref' in result) void show(result.ref);
      else setRefused({ key, sentence: result.refused });
    }, settleMs);
  };
  const full = nets.length >= mostNetworks;
  return (
    <section aria-labelledby="compare-own" ref={section} data-follows>
      <div className={page.bar}>
        <h2 id="compare-own">{t('own.heading')}</h2>
        <label>
          {t('own.family')}{' '}
          <select
            className={page.select}
            value={family.id}
            onChange={(event) => {
              clearTimeout(timer.current);
              void show(event.currentTarget.value);
            }}
          >
            {tunable.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className={ui.button}
          disabled={full || nets.includes(own.ref)}
          onClick={() => changeComparison({ nets: [...nets, own.ref] })}
        >
          {t('own.add')}
        </button>
        <button type="button" className={ui.button} disabled={visited === 0} onClick={onForget}>
          {t('own.forget')}
        </button>
      </div>
      <div className={styles.own}>
        <div className={styles.controls}>
          {Object.entries(family.parameters).map(([key, spec]) => {
            const wrong = refused?.key === key ? refused.sentence[language] : null;
            return (
              <ParameterControl
                key={`${family.id} ${key}`}
                name={key}
                spec={spec}
                value={drafts[key] ?? String(settings[key])}
                refused={wrong}
                onChange={(text) => change(key, text)}
              />
            );
          })}
        </div>
        <div aria-live="polite" className={styles.result}>
          <h3>{info.name}</h3>
          <dl>
            {quantities.map((each) => (
              <div key={each}>
                <dt>{t(`quantity.${each}`)}</dt>
                <dd>{written[each](own.measures[each])}</dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
      <div className={styles.diagram} aria-busy={drawn !== own.network}>
        {near && <OwnDiagram network={drawn} />}
      </div>
    </section>
  );
}
