import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { FileButton } from '../input/FileButton.tsx';
import { samples } from '../store/defaults.ts';
import { lastValue } from '../store/requests.ts';
import { keptFor, useShelf } from '../store/shelf.ts';
import { useStore } from '../store/store.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import ui from '../ui/ui.module.css';
import { weightsFor } from '../zoo.ts';
import { AnswerTable } from './AnswerTable.tsx';
import type { Compared } from './useCompared.ts';
import { useRuns } from './useRuns.ts';
import { WithoutWeights } from './WithoutWeights.tsx';
import page from './compare.module.css';

/** The same picture through every chosen network that has weights, one after another. */
export function OneImage({ networks }: { readonly networks: readonly Compared[] }) {
  const { t } = useTranslation(['compare', 'app']);
  const manifest = useStore((s) => lastValue(s.manifest));
  const image = useStore((s) => s.image);
  const chooseSample = useStore((s) => s.chooseSample);
  const takeImage = useStore((s) => s.useImage);
  const weights = useStore((s) => s.weights);
  const answer = useStore((s) => s.answer);
  const imageKey = JSON.stringify(image);
  const { walk, at, start, stop } = useRuns(imageKey);

  const kept = useShelf((s) => s.items);
  const look = useShelf((s) => s.look);
  useEffect(() => void look(), [look]);
  // A file of the user's own counts too: the network that it was loaded for has answered, or is the one that is open.
  const has = (ref: string) =>
    keptFor(kept, ref).length > 0 ||
    (manifest !== null && weightsFor(manifest.weights, ref) !== undefined) ||
    (weights.state === 'done' && weights.value.ref === ref) ||
    walk?.outcomes.get(ref)?.state === 'done';
  const able = networks.filter(({ network }) => has(network.ref));
  const without = manifest ? networks.filter(({ network }) => !has(network.ref)) : [];
  const imageName =
    image.kind === 'drawing'
      ? t('one.drawing')
      : image.kind === 'sample'
        ? t(`app:sample.${image.name.replace('.jpg', '')}`)
        : image.name;

  const columns = able.map((each) => {
    const outcome = walk?.outcomes.get(each.network.ref);
    return {
      ...each,
      answers: outcome?.state === 'done' ? outcome : null,
      asking: at === each.network.ref,
      failure: outcome?.state === 'failed' ? outcome.failure : null,
    };
  });
  const asked = columns.filter(({ failure }) => failure === null);
  const stale = walk !== null && walk.image !== imageKey;
  return (
    <section aria-labelledby="compare-image" data-follows>
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
          onClick={() => void start(able.map(({ network }) => network.ref))}
        >
          {able.length === 0 ? t('one.nobody') : t('one.run', { count: able.length })}
        </button>
        <span role="status">
          {at === null ? '' : t('one.running', { place: (walk?.outcomes.size ?? 0) + 1, count: able.length })}
        </span>
        {at !== null && (
          <button type="button" className={ui.button} onClick={stop}>
            {t('app:cancel')}
          </button>
        )}
      </div>
      {at !== null && (
        <>
          <ProgressLine request={weights} label={t('app:phase.weights')} onCancel={stop} />
          <ProgressLine request={answer} label={t('app:phase.forward')} onCancel={stop} />
        </>
      )}
      {columns.map(
        ({ ref, network, failure }) =>
          failure && (
            <div key={ref}>
              <strong>{network.info.name}</strong>
              <FailureNote failure={failure} />
            </div>
          ),
      )}
      {stale && <p className={page.note}>{t('one.otherPicture')}</p>}
      {walk && asked.length > 0 ? (
        <AnswerTable columns={asked} stale={stale} />
      ) : (
        able.length > 0 && (
          <p className={page.note}>
            {t('one.able', { names: able.map(({ network }) => network.info.name).join('; ') })}
          </p>
        )
      )}
      {without.length > 0 && <WithoutWeights networks={without} />}
      <p className={page.note}>{t('one.note')}</p>
    </section>
  );
}
