import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer, LoadedNetwork } from '../../workers/contract.ts';
import { formatBytes, formatMilliseconds, formatPercent } from '../../viz/numbers.ts';
import { FileButton } from '../input/FileButton.tsx';
import { samples } from '../store/defaults.ts';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import type { Failure } from '../store/types.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import ui from '../ui/ui.module.css';
import type { Compared } from './useCompared.ts';
import styles from './oneImage.module.css';
import page from './compare.module.css';

type Outcome =
  | { readonly state: 'done'; readonly answer: Answer; readonly loaded: LoadedNetwork }
  | { readonly state: 'failed'; readonly failure: Failure };

/** What one run through the chosen networks gave, and for which picture. */
interface Run {
  readonly image: string;
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

/** What the store says of the network that was just asked. */
function outcomeOf(ref: string): Outcome | null {
  const { answer, weights, seen, backend, manifest } = useStore.getState();
  for (const request of [manifest, backend, weights, seen, answer]) {
    if (request.state === 'failed') return { state: 'failed', failure: request.failure };
  }
  const loaded = lastValue(weights);
  if (answer.state !== 'done' || answer.value.ref !== ref || !loaded) return null;
  return { state: 'done', answer: answer.value, loaded };
}

/** The same picture through every chosen network that has weights, one after another. */
export function OneImage({ networks }: { readonly networks: readonly Compared[] }) {
  const { t } = useTranslation(['compare', 'app']);
  const manifest = useStore((s) => lastValue(s.manifest));
  const image = useStore((s) => s.image);
  const answerWith = useStore((s) => s.answerWith);
  const chooseSample = useStore((s) => s.chooseSample);
  const takeImage = useStore((s) => s.useImage);
  const cancel = useStore((s) => s.cancel);
  const weights = useStore((s) => s.weights);
  const answer = useStore((s) => s.answer);
  const [run, setRun] = useState<Run | null>(null);
  const [at, setAt] = useState<string | null>(null);
  const stopped = useRef(false);

  // A file of the user's own counts too: the network that it was loaded for has answered, or is the one that is open.
  const has = (ref: string) =>
    manifest?.weights.some(({ network }) => network === ref) === true ||
    (weights.state === 'done' && weights.value.ref === ref) ||
    run?.outcomes.get(ref)?.state === 'done';
  const able = networks.filter(({ network }) => has(network.ref));
  const imageKey = JSON.stringify(image);
  const imageName =
    image.kind === 'drawing'
      ? t('one.drawing')
      : image.kind === 'sample'
        ? t(`app:sample.${image.name.replace('.jpg', '')}`)
        : image.name;

  const start = async () => {
    stopped.current = false;
    const outcomes = new Map<string, Outcome>();
    setRun({ image: imageKey, outcomes: new Map() });
    for (const { network } of able) {
      if (stopped.current) break;
      setAt(network.ref);
      await answerWith(network.ref);
      const outcome = outcomeOf(network.ref);
      if (outcome) outcomes.set(network.ref, outcome);
      setRun({ image: imageKey, outcomes: new Map(outcomes) });
    }
    setAt(null);
  };
  const stop = () => {
    stopped.current = true;
    cancel();
  };
  const done = run ? run.outcomes.size : 0;
  return (
    <section aria-labelledby="compare-image">
      <div className={page.bar}>
        <h2 id="compare-image">{t('one.heading')}</h2>
        <label>
          {t('one.picture')}{' '}
          <select
            className={page.select}
            value={image.kind === 'sample' ? image.name : ''}
            disabled={at !== null}
            onChange={(event) => chooseSample(event.currentTarget.value)}
          >
            {image.kind !== 'sample' && <option value="">{imageName}</option>}
            {samples.map((name) => (
              <option key={name} value={name}>
                {t(`app:sample.${name.replace('.jpg', '')}`)}
              </option>
            ))}
          </select>
        </label>
        <FileButton accept="image/*" label={t('one.own')} onFile={(file) => takeImage(file, file.name)} />
        <button
          type="button"
          className={at === null && able.length > 0 ? `${ui.button} ${ui.primary}` : ui.button}
          disabled={at !== null || able.length === 0}
          onClick={() => void start()}
        >
          {able.length === 0 ? t('one.nobody') : t('one.run', { count: able.length })}
        </button>
        <span role="status">
          {at === null ? '' : t('one.running', { place: done + 1, count: able.length })}
        </span>
        {at !== null && (
          <button type="button" className={ui.button} onClick={stop}>
            {t('app:cancel')}
          </button>
        )}
      </div>
      <ol className={styles.answers}>
        {networks.map(({ ref, network, measures }) => {
          const outcome = run?.outcomes.get(network.ref);
          const weighted = has(network.ref);
          return (
            <li key={ref} aria-label={network.info.name}>
              <h3>{network.info.name}</h3>
              {manifest && !weighted && <NoWeightsHere network={network.ref} />}
              {weighted && !outcome && at !== network.ref && <p className={page.note}>{t('one.notYet')}</p>}
              {at === network.ref && (
                <>
                  <ProgressLine request={weights} label={t('app:phase.weights')} onCancel={stop} />
                  <ProgressLine request={answer} label={t('app:phase.forward')} onCancel={stop} />
                </>
              )}
              {outcome?.state === 'failed' && <FailureNote failure={outcome.failure} />}
              {outcome?.state === 'done' && (
                <div data-stale={run?.image !== imageKey || undefined} className={styles.answer}>
                  {run?.image !== imageKey && <p className={page.note}>{t('one.otherPicture')}</p>}
                  <ol className={styles.classes}>
                    {outcome.answer.top.map(({ index, name, probability }) => (
                      <li key={index}>
                        <span>{name}</span>
                        <span className={styles.number}>{formatPercent(probability)}</span>
                        <span className={styles.bar} aria-hidden>
                          <span style={{ width: `${probability * 100}%` }} />
                        </span>
                      </li>
                    ))}
                  </ol>
                  <p className={page.note}>
                    {t('app:answer.took', {
                      time: formatMilliseconds(outcome.answer.milliseconds),
                      backend: outcome.answer.backend,
                    })}
                    <br />
                    {t('one.memory', {
                      file: formatBytes(outcome.loaded.weightBytes),
                      memory: formatBytes(measures.memory),
                    })}
                    <br />
                    {t('one.classes', {
                      count: outcome.loaded.classes.length,
                      dataset: outcome.loaded.dataset,
                    })}
                  </p>
                </div>
              )}
            </li>
          );
        })}
      </ol>
      <p className={page.note}>{t('one.note')}</p>
    </section>
  );
}

/** How to get an answer of a network that has no weights here. */
function NoWeightsHere({ network }: { readonly network: string }) {
  const { t } = useTranslation('compare');
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  return (
    <p className={page.note}>
      {t('one.noWeights')}{' '}
      <button type="button" className={ui.textButton} onClick={() => chooseNetwork(network)}>
        {t('one.openToLoad')}
      </button>
    </p>
  );
}
