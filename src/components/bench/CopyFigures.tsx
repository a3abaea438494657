import { Check, Copy, Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { saveFile } from '../ui/saveFile.ts';
import ui from '../ui/ui.module.css';
import type { Bench } from './bench.ts';
import { reportOf, toJson, type Report } from './report.ts';
import { toCsv } from './reportCsv.ts';
import { toMarkdown } from './reportMarkdown.ts';
import { program } from './version.ts';
import styles from './bench.module.css';

const forms = {
  markdown: { write: toMarkdown, ending: 'md' },
  csv: { write: toCsv, ending: 'csv' },
  json: { write: toJson, ending: 'json' },
} as const satisfies Record<string, { write: (report: Report) => string; ending: string }>;
type Form = keyof typeof forms;

const fileName = (report: Report, ending: string) => `convscope-bench-${report.date.slice(0, 10)}.${ending}`;

/** The figures and what they were measured on, as text for an issue, a sheet or a program. */
export function CopyFigures({ bench }: { readonly bench: Bench }) {
  const { t } = useTranslation('bench');
  const state = useStore(bench);
  const [done, setDone] = useState<{ readonly form: Form; readonly how: 'copied' | 'saved' } | null>(null);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(null), 3000);
    return () => clearTimeout(timer);
  }, [done]);

  const { machine } = state;
  if (!machine) return null;
  const report = () => reportOf(state, machine, program);
  const copy = async (form: Form) => {
    const text = forms[form].write(report());
    try {
      await navigator.clipboard.writeText(text);
      setDone({ form, how: 'copied' });
    } catch {
      saveFile(text, fileName(report(), forms[form].ending));
      setDone({ form, how: 'saved' });
    }
  };
  return (
    <div className={styles.copy}>
      <div className={ui.actions} role="group" aria-label={t('copy.title')}>
        {(Object.keys(forms) as Form[]).map((form) => (
          <button key={form} type="button" className={ui.button} onClick={() => void copy(form)}>
            {done?.form === form ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
            {t(`copy.${form}`)}
          </button>
        ))}
        <button
          type="button"
          className={ui.button}
          onClick={() => saveFile(toJson(report()), fileName(report(), 'json'))}
        >
          <Download size={14} aria-hidden />
          {t('copy.download')}
        </button>
      </div>
      <p role="status">{done ? t(`copy.${done.how}`) : t('copy.language')}</p>
    </div>
  );
}
