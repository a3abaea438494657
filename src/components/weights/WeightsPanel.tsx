import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { PublishedWeights } from '../../models/published.ts';
import { FileButton } from '../input/FileButton.tsx';
import { weightFiles } from '../input/take.ts';
import { lastValue } from '../store/requests.ts';
import { answering, bundledChoice, keptFor, useShelf } from '../store/shelf.ts';
import { useStore } from '../store/store.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import ui from '../ui/ui.module.css';
import { buildNetwork, weightsFor } from '../zoo.ts';
import { BundledRow } from './BundledRow.tsx';
import { Fits } from './Fits.tsx';
import { KeptRow } from './KeptRow.tsx';
import { KeptShelf } from './KeptShelf.tsx';
import { PublishedRow } from './PublishedRow.tsx';
import { Transfer } from './Transfer.tsx';
import { useCatalogue } from './useCatalogue.ts';
import { addWords } from './words.ts';
import styles from './weights.module.css';

addWords();

interface WeightsPanelProps {
  readonly network?: string;
  readonly onLeave: () => void;
}

/** The weights of one network, each with its source and what it costs, and everything that is kept on this device. */
export function WeightsPanel({ network: asked, onLeave }: WeightsPanelProps) {
  const { t } = useTranslation('weights');
  const current = useStore((s) => s.network);
  const { ref, info } = buildNetwork(asked ?? current);
  const look = useShelf((s) => s.look);
  const failure = useShelf((s) => s.failure);
  const catalogue = useCatalogue();
  useEffect(() => void look(), [look]);

  const published = catalogue.published.filter(({ network }) => network === ref);
  return (
    <div className={styles.panel}>
      <section aria-labelledby="weights-for" className={styles.part}>
        <h3 id="weights-for">{t('for', { name: info.name })}</h3>
        {failure && <FailureNote failure={failure} onRetry={() => void look()} />}
        {catalogue.state === 'loading' && <p className={styles.note}>{t('loadingList')}</p>}
        {typeof catalogue.state === 'object' && (
          <FailureNote failure={catalogue.state} onRetry={catalogue.retry} />
        )}
        <Rows network={ref} published={published} />
        {published.length > 0 && <Fits network={ref} onLeave={onLeave} />}
        {published.length > 0 && <p className={styles.note}>{t('before', { hosts: hostsOf(published) })}</p>}
        {catalogue.state === 'loaded' && (
          <NonePublished network={ref} name={info.name} catalogue={catalogue.published} onLeave={onLeave} />
        )}
        <OwnFile network={ref} onLeave={onLeave} />
      </section>
      <KeptShelf catalogue={catalogue.published} />
    </div>
  );
}

const hostsOf = (published: readonly PublishedWeights[]): string =>
  [...new Set(published.map(({ url }) => new URL(url).host))].join(', ');

/** What a network has: the page's own weights, published ones, and files of the user's own that are kept. */
function Rows({
  network,
  published,
}: {
  readonly network: string;
  readonly published: readonly PublishedWeights[];
}) {
  const bundled = useStore((s) => weightsFor(lastValue(s.manifest)?.weights ?? [], network));
  const items = useShelf((s) => s.items);
  const chosen = useShelf((s) => s.chosen);
  const choose = useShelf((s) => s.choose);
  const kept = keptFor(items, network);
  const answers = answering({ items, chosen }, network, bundled !== undefined)?.id ?? bundledChoice;
  // A choice is only offered where there is one.
  const choices = kept.length + (bundled ? 1 : 0);
  const choice = (id: string) =>
    choices > 1 ? { chosen: answers === id, onChoose: () => choose(network, id) } : {};
  const own = kept.filter(({ id }) => published.every((entry) => entry.id !== id));
  if (!bundled && published.length === 0 && own.length === 0) return null;
  return (
    <ul className={styles.rows}>
      {bundled && <BundledRow entry={bundled} {...choice(bundledChoice)} />}
      {published.map((entry) => (
        <PublishedRow
          key={entry.id}
          entry={entry}
          item={items?.find(({ id }) => id === entry.id) ?? null}
          {...(kept.some(({ id }) => id === entry.id) ? choice(entry.id) : {})}
        />
      ))}
      {own.map((item) => (
        <KeptRow key={item.id} item={item} {...choice(item.id)} />
      ))}
    </ul>
  );
}

/** Where nobody published weights of this form: the members of its family that have some. */
function NonePublished({
  network,
  name,
  catalogue,
  onLeave,
}: {
  readonly network: string;
  readonly name: string;
  readonly catalogue: readonly PublishedWeights[];
  readonly onLeave: () => void;
}) {
  const { t } = useTranslation('weights');
  const bundled = useStore((s) => weightsFor(lastValue(s.manifest)?.weights ?? [], network) !== undefined);
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  if (bundled || catalogue.some((entry) => entry.network === network)) return null;
  const { family } = buildNetwork(network);
  const siblings = [...new Set(catalogue.map((entry) => entry.network))].filter(
    (ref) => buildNetwork(ref).family.id === family.id,
  );
  return (
    <>
      <p>{t('none', { name })}</p>
      {siblings.length > 0 && <p>{t('noneSiblings')}</p>}
      <ul className={styles.links}>
        {siblings.map((ref) => (
          <li key={ref}>
            <button
              type="button"
              className={ui.textButton}
              onClick={() => {
                chooseNetwork(ref);
                onLeave();
              }}
            >
              {buildNetwork(ref).info.name}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** A file from this device: to load it, and to keep the one that answers. */
function OwnFile({ network, onLeave }: { readonly network: string; readonly onLeave: () => void }) {
  const { t } = useTranslation('weights');
  const load = useStore((s) => s.useWeights);
  const ownWeights = useStore((s) => s.ownWeights);
  const loaded = useStore((s) => s.weights.state === 'done' && s.weights.value.ref === network);
  const keep = useShelf((s) => s.keep);
  const file = loaded ? ownWeights(network) : null;
  const id = `file:${file?.name ?? ''}`;
  const job = useShelf((s) => s.jobs[id]);
  return (
    <div className={styles.own}>
      {file && !job && (
        <button type="button" className={ui.button} onClick={() => void keep(file, network)}>
          {t('keep', { name: file.name })}
        </button>
      )}
      {job?.state === 'busy' && <Transfer title={file?.name ?? ''} progress={job.progress} />}
      {job?.state === 'failed' && <FailureNote failure={job.failure} />}
      <FileButton
        accept={weightFiles}
        label={t('open')}
        onFile={(chosen) => {
          load(chosen);
          onLeave();
        }}
      />
      <p className={styles.note}>{t('openHint')}</p>
    </div>
  );
}
