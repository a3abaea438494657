import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { BackendName } from '../../workers/contract.ts';
import { formatBytes } from '../../viz/numbers.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { isPlanned, type Bench } from './bench.ts';
import { backendNames, benchCases } from './cases.ts';
import type { Availability } from './types.ts';
import styles from './bench.module.css';

type Words = TFunction<readonly ['bench', 'app']>;

/** Which network on which backend: one box each, where the backend is there at all. */
export function Plan({ bench }: { readonly bench: Bench }) {
  const { t } = useTranslation(['bench', 'app']);
  const state = useStore(bench);
  const { backends, manifest, manifestFailure, phase } = state;
  const noneLeft = backendNames.every((name) => backends[name].state === 'missing');
  const bytesOf = (ref: string) => manifest?.weights.find(({ network }) => network === ref)?.bytes;
  return (
    <section className={styles.plan} aria-labelledby="plan">
      <h2 id="plan">{t('plan.title')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('plan.backend')}</th>
            {benchCases.map(({ ref, name }) => (
              <th key={ref} scope="col">
                {name}
                <small>{formatted(bytesOf(ref))}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {backendNames.map((name) => (
            <tr key={name} data-missing={backends[name].state === 'missing' || undefined}>
              <th scope="row">
                <b>{name}</b>
                <small>{describe(t, name, backends[name])}</small>
              </th>
              {benchCases.map((each) => (
                <td key={each.ref}>
                  {backends[name].state === 'there' && (
                    <label>
                      <input
                        type="checkbox"
                        checked={isPlanned(state, name, each)}
                        disabled={phase !== 'idle'}
                        aria-label={t('plan.pair', { network: each.name, backend: name })}
                        onChange={(event) => bench.tick([[name, each]], event.target.checked)}
                      />
                    </label>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {noneLeft && <p>{t('plan.none')}</p>}
      {manifestFailure && <FailureNote failure={manifestFailure} />}
    </section>
  );
}

const formatted = (bytes: number | undefined): string => (bytes === undefined ? '' : formatBytes(bytes));

/** What computes behind a backend's name, or why nothing does. */
function describe(t: Words, name: BackendName, found: Availability): string {
  if (found.state === 'looking') return t('plan.looking');
  if (found.state === 'missing') {
    // A worker that says nothing at all has no details.
    const silent = found.reason === 'no-answer' && found.detail === undefined;
    const why = silent ? t('plan.noAnswer') : t(`backend.reason.${found.reason}`, { ns: 'app' });
    return found.detail ? `${why} ${found.detail}` : why.replace(/\.$/, '');
  }
  const { threads, adapter, software, threadsRefused } = found.report;
  if (name === 'cpu') return t('plan.cpu');
  if (threads === 0)
    return [adapter, t(software ? 'plan.software' : 'plan.realGpu')].filter(Boolean).join(': ');
  const counted = t('plan.threads', { count: threads });
  return threadsRefused ? `${counted}; ${t('plan.refused', { reason: threadsRefused })}` : counted;
}
