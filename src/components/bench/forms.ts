import { toJson, type Report } from './report.ts';
import { toCsv } from './reportCsv.ts';
import { toMarkdown } from './reportMarkdown.ts';

/** The texts that a report is copied as. */

export const forms = ['markdown', 'csv', 'json'] as const;
export type Form = (typeof forms)[number];
export type Texts = Readonly<Record<Form, string>>;

const endings: Texts = { markdown: 'md', csv: 'csv', json: 'json' };

export const textsOf = (report: Report): Texts => ({
  markdown: toMarkdown(report),
  csv: toCsv(report),
  json: toJson(report),
});

/** The name of a file with a run's figures. `date`: ISO 8601. */
export const fileName = (date: string, form: Form): string =>
  `convscope-bench-${date.slice(0, 10)}.${endings[form]}`;
