import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Text } from '../../models/network.ts';
import type { ParameterSpec } from '../../models/zoo/settings.ts';
import { useStore } from '../store/store.ts';
import ui from '../ui/ui.module.css';
import { buildNetwork, parseReference } from '../zoo.ts';
import { attempt, type Drafts } from './settingsForm.ts';
import { ParameterControl } from './ParameterControl.tsx';
import styles from './networks.module.css';

/** A slider moves faster than a network of a thousand layers is drawn: the last of these milliseconds counts. */
const settleMs = 60;

/** The parameters of the chosen network's family. What is possible is built at once; what is not says why. */
export function Parameters() {
  const { t } = useTranslation('networks');
  const ref = useStore((s) => s.network);
  return (
    <div className={styles.controls} role="group" aria-label={t('parameters')}>
      <Members />
      <Controls key={parseReference(ref).family.id} />
    </div>
  );
}

/** The listed members, by name: where the settings are one's, it is chosen here. */
function Members() {
  const { t } = useTranslation('networks');
  const ref = useStore((s) => s.network);
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const { family, member } = parseReference(ref);
  return (
    <div className={styles.control}>
      <label htmlFor="parameter-member">{t('listed')}</label>
      <select
        id="parameter-member"
        value={member?.info.id ?? ''}
        onChange={(event) => chooseNetwork(event.currentTarget.value)}
      >
        {!member && <option value="">{t('unlisted')}</option>}
        {family.members.map(({ info }) => (
          <option key={info.id} value={info.id}>
            {info.name}
          </option>
        ))}
      </select>
    </div>
  );
}

function Controls() {
  const { t } = useTranslation('networks');
  const language = useStore((s) => s.language);
  const ref = useStore((s) => s.network);
  const tuneNetwork = useStore((s) => s.tuneNetwork);
  const { family, settings } = buildNetwork(ref);
  /** What is shown before it is built, with the parameter that was touched last. */
  const [touched, setTouched] = useState<{ readonly key: string; readonly drafts: Drafts } | null>(null);
  const [refused, setRefused] = useState<{ readonly sentence: Text; readonly key: string } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const drafts = touched?.drafts ?? {};

  const change = (key: string, text: string) => {
    const next = { ...drafts, [key]: text };
    setTouched({ key, drafts: next });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const result = attempt(family, settings, next);
      if ('ref' in result) {
        setTouched(null);
        setRefused(null);
        tuneNetwork(result.ref);
      } else setRefused({ key, sentence: result.refused });
    }, settleMs);
  };
  const giveUp = () => {
    clearTimeout(timer.current);
    setTouched(null);
    setRefused(null);
  };

  return (
    <>
      {Object.entries(family.parameters).map(([key, spec]: [string, ParameterSpec]) => {
        const wrong = refused?.key === key ? refused.sentence[language] : null;
        return (
          <ParameterControl
            key={key}
            name={key}
            spec={spec}
            value={drafts[key] ?? String(settings[key])}
            refused={wrong}
            onChange={(text) => change(key, text)}
          />
        );
      })}
      {refused && (
        <button type="button" className={ui.button} onClick={giveUp}>
          {t('keepLast')}
        </button>
      )}
    </>
  );
}
