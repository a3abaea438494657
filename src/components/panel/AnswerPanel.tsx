import { useTranslation } from 'react-i18next';
import { formatMilliseconds, formatPercent } from '../../viz/numbers.ts';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import { weightsFor } from '../zoo.ts';
import ui from '../ui/ui.module.css';
import styles from './panel.module.css';

/** Below this probability the ten-class network's answer is called weak: its right answers are mostly above. */
const weakBelow = 0.6;
const general = 'efficientnet-lite0';

/** The five likeliest classes with bars, how long it took and where; and what stands in the way, if anything. */
export function AnswerPanel() {
  const { t } = useTranslation('app');
  const backend = useStore((s) => s.backend);
  const manifest = useStore((s) => s.manifest);
  const weights = useStore((s) => s.weights);
  const request = useStore((s) => s.answer);
  const cancel = useStore((s) => s.cancel);
  const retry = useStore((s) => s.retry);
  const answer = lastValue(request);
  const waits = [
    { request: backend, label: t('phase.backend') },
    { request: weights, label: t('phase.weights') },
    { request, label: t('phase.forward') },
  ];
  const dismiss = useStore((s) => s.dismissFailure);
  const requests = { backend, manifest, weights, answer: request };
  const failures = (Object.keys(requests) as (keyof typeof requests)[]).flatMap((key) => {
    const each = requests[key];
    return each.state === 'failed'
      ? [{ key, failure: each.failure, older: key !== 'answer' && each.previous !== null }]
      : [];
  });
  return (
    <div className={styles.answer}>
      <h2 className={styles.heading}>{t('answer.title')}</h2>
      {waits.map((wait) => (
        <ProgressLine key={wait.label} {...wait} onCancel={cancel} />
      ))}
      {failures.map(({ key, failure, older }) => (
        <FailureNote
          key={key}
          failure={failure}
          onRetry={retry}
          {...(older ? { onDismiss: () => dismiss(key) } : {})}
        />
      ))}
      {answer && (
        <>
          <ol className={styles.classes} data-stale={request.state !== 'done' || undefined}>
            {answer.top.map(({ index, name, probability, logit }) => (
              <li key={index} title={t('answer.exact', { probability, logit, index })}>
                <span className={styles.className}>{name}</span>
                <span className={styles.number}>{formatPercent(probability)}</span>
                <span className={styles.bar} aria-hidden>
                  <span style={{ width: `${probability * 100}%` }} />
                </span>
              </li>
            ))}
          </ol>
          <p className={styles.hint}>
            {t('answer.took', { time: formatMilliseconds(answer.milliseconds), backend: answer.backend })}
          </p>
        </>
      )}
    </div>
  );
}

/** A network of ten classes must name one of the ten: that is said, and a network of a thousand offered. */
export function TenClasses() {
  const { t } = useTranslation('app');
  const answer = useStore((s) => lastValue(s.answer));
  const weak = answer !== null && (answer.top[0]?.probability ?? 1) < weakBelow;
  const entry = useStore((s) => weightsFor(lastValue(s.manifest)?.weights ?? [], s.network));
  const offered = useStore((s) => lastValue(s.manifest)?.weights.some((each) => each.network === general));
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  if (entry?.network !== 'zfnet-imagenette') return null;
  return (
    <div className={weak ? `${ui.failure} ${ui.quiet}` : styles.hint}>
      {weak && <p>{t('ten.weak')}</p>}
      <p>{t('ten.only', { classes: entry.classes.join(', ') })}</p>
      {offered && (
        <p>
          <button type="button" className={ui.textButton} onClick={() => chooseNetwork(general)}>
            {t('ten.offer')}
          </button>
        </p>
      )}
    </div>
  );
}
