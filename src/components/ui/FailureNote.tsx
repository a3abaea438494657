import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorCode, ErrorDetails } from '../../models/errors.ts';
import { formatBytes, formatExact } from '../../viz/numbers.ts';
import type { Failure } from '../store/types.ts';
import styles from './ui.module.css';

/** Trying these again with the same file or drawing would fail again. */
const helpless: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'image-empty',
  'image-not-an-image',
  'image-unsupported',
  'image-too-large',
  'image-corrupt',
  'no-ink',
  'weights-format',
  'weights-mismatch',
  'unit-inactive',
  'projection-undefined',
  'page-updated',
]);

interface FailureNoteProps {
  readonly failure: Failure;
  readonly onRetry?: () => void;
  /** Given where something older is still there to go on with. */
  readonly onDismiss?: () => void;
  /** Other ways out, as buttons. */
  readonly children?: ReactNode;
}

/** A failure as a sentence where it happened, with a way out. A cancelled thing is no error and looks quieter. */
export function FailureNote({ failure, onRetry, onDismiss, children }: FailureNoteProps) {
  const { t } = useTranslation(['errors', 'app']);
  // A wiped canvas and a wait that was ended are what the user did.
  const cancelled = failure.code === 'cancelled' || failure.code === 'no-ink';
  const retry = helpless.has(failure.code) ? undefined : onRetry;
  return (
    <div
      role={cancelled ? 'status' : 'alert'}
      className={`${styles.failure} ${cancelled ? styles.quiet : ''}`}
    >
      <p>{failureText(t, failure)}</p>
      {listsOf(failure.details).map(([name, lines]) => (
        <div key={name}>
          <p>{t(`errors:lists.${name}`, { count: lines.length })}</p>
          {/* Focusable so that a long list can be scrolled with the keyboard. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <ul tabIndex={0}>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      ))}
      {(retry || onDismiss || children || failure.code === 'page-updated') && (
        <div className={styles.actions}>
          {failure.code === 'page-updated' && <ReloadButton />}
          {retry && (
            <button type="button" className={styles.button} onClick={retry}>
              {t('app:retry')}
            </button>
          )}
          {onDismiss && (
            <button type="button" className={styles.button} onClick={onDismiss}>
              {t('app:dismiss')}
            </button>
          )}
          {children}
        </div>
      )}
    </div>
  );
}

/** The way out of a page that is older than its server. */
export function ReloadButton() {
  const { t } = useTranslation('app');
  return (
    <button type="button" className={`${styles.button} ${styles.primary}`} onClick={() => location.reload()}>
      {t('reload')}
    </button>
  );
}

/**
 * The catalogue's sentence for a failure, filled with its facts. Where the thrower left a fact out, the sentence
 * could not be complete: then its own English message says what is known.
 */
export function failureText(
  t: TFunction<readonly ['errors', 'app']>,
  { code, message, details }: Failure,
): string {
  const facts = { ...written(details), ...natureOf(t, details) };
  // Some failures read differently by the op that they are about, or by what a file was found to be, or by whose it seems to be;
  // the catalogue has a variant where that is so.
  const variant = details.op ?? details.found ?? ('likely' in details ? 'likely' : undefined);
  const context = typeof variant === 'string' ? { context: variant } : {};
  const template: unknown = t(code, { ns: 'errors', skipInterpolation: true, ...context });
  const wanted =
    typeof template === 'string' ? [...template.matchAll(/{{\s*(\w+)\s*}}/g)].map((m) => m[1]) : [];
  if (wanted.some((name) => name === undefined || !(name in facts))) return message;
  return t(code, { ns: 'errors', ...facts, ...context });
}

/** What a file seems to be travels as a name, which the page has words for. */
function natureOf(t: TFunction<readonly ['errors', 'app']>, { seems }: ErrorDetails): Record<string, string> {
  return typeof seems === 'string' ? { seems: t(`seems.${seems}`, { ns: 'errors' }) } : {};
}

const listNames = ['missing', 'unexpected', 'misshaped'] as const;

function listsOf(details: ErrorDetails): [string, readonly string[]][] {
  return listNames.flatMap((name): [string, readonly string[]][] => {
    const value = details[name];
    return Array.isArray(value) && value.length > 0 ? [[name, value as readonly string[]]] : [];
  });
}

/** Numbers as the page writes them, bytes with their unit, lists with commas. */
function written(details: ErrorDetails): Record<string, string> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => {
      if (typeof value === 'number')
        return [name, /bytes$/i.test(name) ? formatBytes(value) : formatExact(value)];
      return [name, typeof value === 'string' ? value : value.join(', ')];
    }),
  );
}
