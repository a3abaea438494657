import { textsOf, forms, type Texts } from './forms.ts';
import type { Report } from './report.ts';

/**
 * What stays of the last run in this browser: should the tab, its process or the whole browser end meanwhile, what was
 * measured is not lost. The texts themselves, since nothing else is done with it.
 */
export interface KeptRun {
  /** When it began, ISO 8601. */
  readonly date: string;
  /** How many rows had been measured to their end. */
  readonly measured: number;
  /** The row that ran when this was kept; null where the run had ended. */
  readonly during: { readonly network: string; readonly backend: string } | null;
  readonly texts: Texts;
}

export function keptRunOf(report: Report): KeptRun {
  const busy = report.rows.find(({ state }) => state === 'busy');
  return {
    date: report.date,
    measured: report.rows.filter(({ state }) => state === 'done').length,
    during: busy ? { network: busy.name, backend: busy.backend } : null,
    texts: textsOf(report),
  };
}

const key = 'convscope:bench';

/** False where the browser keeps nothing for this page, or has no room. */
export function keepRun(run: KeptRun): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(run));
    return true;
  } catch {
    return false;
  }
}

/** What `keepRun` left, or null; other pages of the same host may have written something else there. */
export function readKeptRun(): KeptRun | null {
  try {
    return parseKeptRun(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function parseKeptRun(text: string | null): KeptRun | null {
  if (text === null) return null;
  const run = JSON.parse(text) as Partial<KeptRun> | null;
  const { date, measured, during, texts } = run ?? {};
  const isText = (value: unknown) => typeof value === 'string';
  const whole =
    isText(date) &&
    !Number.isNaN(Date.parse(date!)) &&
    Number.isInteger(measured) &&
    (during === null || (isText(during?.network) && isText(during?.backend))) &&
    forms.every((form) => isText(texts?.[form]));
  return whole ? (run as KeptRun) : null;
}
