import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { failureText } from '../ui/FailureNote.tsx';
import { agreementOf, tolerance } from './agreement.ts';
import type { BenchCase } from './cases.ts';
import { figureGroups, quickest, type FigureLine } from './figureRows.ts';
import { roundsOf, type Row } from './types.ts';
import styles from './bench.module.css';

interface NetworkFiguresProps {
  readonly bench: BenchCase;
  /** Of this network, a backend each. */
  readonly rows: readonly Row[];
}

/** One network: a line a figure, a column a backend, and below what there is to say about single backends. */
export function NetworkFigures({ bench, rows }: NetworkFiguresProps) {
  const { t } = useTranslation('bench');
  const title = `figures-${bench.ref}`;
  // Where nothing was begun, there are no lines to fill.
  const begun = rows.some(({ state }) => state !== 'skipped');
  const groups = begun ? figureGroups(t, bench.layer, rows.length === 1) : [];
  return (
    <section className={styles.network} aria-labelledby={title}>
      <h3 id={title}>
        {bench.name} <small>{t('results.of', { layer: bench.layer, rule: bench.rule })}</small>
      </h3>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t('results.figure')}</span>
            </th>
            {rows.map(({ backend, state }) => (
              <th key={backend} scope="col" data-state={state}>
                {backend}
                {state !== 'done' && <small>{t(`results.${state}`)}</small>}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map(({ id, lines }) => (
          <tbody key={id}>
            {lines.map((line) => (
              <Line key={line.id} line={line} rows={rows} />
            ))}
          </tbody>
        ))}
      </table>
      <Notes rows={rows} />
    </section>
  );
}

/** What no backend may ever give: the memory of a GPU, and differences where there is nothing to compare with. */
const optional: ReadonlySet<string> = new Set(['gpu', 'logits', 'projection']);

function Line({ line, rows }: { readonly line: FigureLine; readonly rows: readonly Row[] }) {
  const best = quickest(line, rows);
  const cells = rows.map((row) => line.cell(row, agreementOf(row, rows)));
  if (optional.has(line.id) && cells.every((cell) => cell === null)) return null;
  return (
    <tr data-main={line.id === 'answer' || undefined}>
      <th scope="row">{line.head}</th>
      {cells.map((cell, i) => {
        const row = rows[i]!;
        const isBest = best !== null && line.value?.(row.figures) === best;
        return (
          <td
            key={row.backend}
            title={cell?.exact}
            data-best={isBest || undefined}
            data-wrong={cell?.wrong || undefined}
          >
            {cell && (
              <>
                {cell.text}
                {cell.below && <small>{cell.below}</small>}
              </>
            )}
          </td>
        );
      })}
    </tr>
  );
}

function Notes({ rows }: { readonly rows: readonly Row[] }) {
  const { t } = useTranslation(['bench', 'errors', 'app']);
  const notes = rows.map((row) => {
    const { backend, state, failure, hidden, figures, runs, lostWith } = row;
    const agreement = agreementOf(row, rows);
    const done = roundsOf(figures.samples);
    const reference = agreement?.reference;
    return (
      <Fragment key={backend}>
        {failure && (
          <li data-wrong>
            {failure.code === 'device-lost'
              ? t('note.lost', { backend, detail: String(failure.details.detail).replace(/\.$/, '') })
              : t('note.failed', { backend, reason: failureText(t, failure) })}
          </li>
        )}
        {lostWith && <li>{t('note.skipped', { backend, network: lostWith })}</li>}
        {agreement && !agreement.agrees && (
          <li data-wrong>{t('note.wrong', { backend, reference, bound: tolerance })}</li>
        )}
        {hidden && <li>{t('note.hidden', { backend })}</li>}
        {state === 'done' && done < runs && <li>{t('note.fewer', { backend, done, runs })}</li>}
        {figures.load?.notCached && <li>{t('note.notCached', { backend })}</li>}
      </Fragment>
    );
  });
  return <ul className={styles.notes}>{notes}</ul>;
}
