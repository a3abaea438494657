import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { THIN_SPACE } from '../../viz/numbers.ts';
import type { Bench } from './bench.ts';
import { stepMs } from './machine.ts';
import { program } from './version.ts';
import styles from './bench.module.css';

/** What the figures depend on, as this browser tells it. The graphics cards stand beside their backends. */
export function MachineFacts({ bench }: { readonly bench: Bench }) {
  const { t } = useTranslation('bench');
  const machine = useStore(bench, (state) => state.machine);
  const { commit, convscope, tfjs } = program;
  const cores = machine?.logicalCores ?? null;
  const step = machine?.clockStepMs ?? null;
  const facts: readonly (readonly [key: string, value: string])[] = [
    ['browser', machine?.browser ?? '…'],
    ['system', machine?.system ?? '…'],
    ['processor', cores === null ? t('machine.coresUnknown') : t('machine.cores', { count: cores })],
    ['memory', machine?.memoryGiB ? t('machine.gib', { value: machine.memoryGiB }) : t('machine.notTold')],
    ['isolated', t(machine?.crossOriginIsolated === false ? 'machine.isolatedNo' : 'machine.isolatedYes')],
    [
      'clock',
      step === null
        ? t('machine.clockUnknown')
        : t('machine.clockStep', { step: `${stepMs(step)}${THIN_SPACE}ms` }),
    ],
    ['program', t(commit ? 'machine.versionsCommit' : 'machine.versions', { commit, convscope, tfjs })],
  ];
  return (
    <section className={styles.machine} aria-labelledby="machine" aria-busy={machine === null}>
      <h2 id="machine">{t('machine.title')}</h2>
      {machine && (
        <dl>
          {facts.map(([key, value]) => (
            <div key={key}>
              <dt>{t(`machine.${key}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          <div className={styles.userAgent}>
            <dt>{t('machine.userAgent')}</dt>
            <dd>{machine.userAgent}</dd>
          </div>
        </dl>
      )}
    </section>
  );
}
