import { Cpu } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { BackendName } from '../../workers/contract.ts';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { Popup } from '../ui/Popup.tsx';
import styles from './BackendChip.module.css';

const choices: readonly (BackendName | 'auto')[] = ['auto', 'webgpu', 'webgl', 'wasm', 'cpu'];

/** Which backend computes; opens why, what was passed over, and a choice of another. */
export function BackendChip({ short = false }: { readonly short?: boolean }) {
  const { t } = useTranslation('app');
  const request = useStore((s) => s.backend);
  const choice = useStore((s) => s.backendChoice);
  const chooseBackend = useStore((s) => s.chooseBackend);
  const retry = useStore((s) => s.retry);
  const report = lastValue(request);
  const busy = request.state === 'busy';
  const text = report
    ? report.threads > 0 && !short
      ? t('backend.chipThreads', { backend: report.backend, count: report.threads })
      : report.backend
    : t(request.state === 'failed' ? 'backend.none' : 'backend.starting');
  return (
    <Popup
      label={t('backend.title')}
      busy={busy}
      button={
        <>
          <Cpu size={14} aria-hidden />
          {text}
        </>
      }
    >
      {() => (
        <>
          <h2 className={styles.heading}>{t('backend.title')}</h2>
          {report && (
            <>
              <p>
                <b>{report.backend}</b>: {t(`backend.reason.${report.reason}`)}
                {report.adapter ? ` (${report.adapter})` : ''}
              </p>
              {report.skipped.length > 0 && (
                <ul className={styles.skipped}>
                  {report.skipped.map(({ backend, reason, detail }) => (
                    <li key={backend}>
                      <b>{backend}</b>: {t(`backend.reason.${reason}`)}
                      {detail ? <span className={styles.detail}> {detail}</span> : null}
                    </li>
                  ))}
                </ul>
              )}
            </>
          )}
          {request.state === 'failed' && <FailureNote failure={request.failure} onRetry={retry} />}
          <fieldset className={styles.choices} disabled={busy}>
            <legend>{t('backend.choose')}</legend>
            {choices.map((backend) => (
              <label key={backend}>
                <input
                  type="radio"
                  name="backend"
                  checked={choice === backend}
                  onChange={() => chooseBackend(backend)}
                />
                <span>
                  {backend === 'auto' ? t('backend.auto') : backend}
                  <small>{t(`backend.what.${backend}`)}</small>
                </span>
              </label>
            ))}
          </fieldset>
        </>
      )}
    </Popup>
  );
}
