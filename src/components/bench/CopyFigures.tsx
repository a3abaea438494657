import { Check, Copy, Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../ui/saveFile.ts';
import ui from '../ui/ui.module.css';
import { fileName, forms, type Form, type Texts } from './forms.ts';
import styles from './bench.module.css';

interface CopyFiguresProps {
  /** Of the run, ISO 8601. */
  readonly date: string;
  /** Called when something is copied. */
  readonly texts: () => Texts;
}

/** The figures and what they were measured on, as text for an issue, a sheet or a program. */
export function CopyFigures({ date, texts }: CopyFiguresProps) {
  const { t } = useTranslation('bench');
  const [done, setDone] = useState<{ readonly form: Form; readonly how: 'copied' | 'saved' } | null>(null);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(null), 3000);
    return () => clearTimeout(timer);
  }, [done]);

  const copy = async (form: Form) => {
    const text = texts()[form];
    try {
      await navigator.clipboard.writeText(text);
      setDone({ form, how: 'copied' });
    } catch {
      saveFile(text, fileName(date, form));
      setDone({ form, how: 'saved' });
    }
  };
  return (
    <div className={styles.copy}>
      <div className={ui.actions} role="group" aria-label={t('copy.title')}>
        {forms.map((form) => (
          <button key={form} type="button" className={ui.button} onClick={() => void copy(form)}>
            {done?.form === form ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
            {t(`copy.${form}`)}
          </button>
        ))}
        <button
          type="button"
          className={ui.button}
          onClick={() => saveFile(texts().json, fileName(date, 'json'))}
        >
          <Download size={14} aria-hidden />
          {t('copy.download')}
        </button>
      </div>
      <p role="status">{done ? t(`copy.${done.how}`) : t('copy.language')}</p>
    </div>
  );
}
