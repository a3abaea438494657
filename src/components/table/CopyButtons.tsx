import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../ui/saveFile.ts';
import ui from '../ui/ui.module.css';
import { tableFormats, tableText, type Column, type TableFormat } from './copy.ts';

interface CopyButtonsProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly fileName: string;
}

/** Copies the table as a file of a format; where the clipboard is closed to pages, the file is saved instead. */
export function CopyButtons<Row>({ columns, rows, fileName }: CopyButtonsProps<Row>) {
  const { t } = useTranslation('app');
  const [done, setDone] = useState<'copied' | 'saved' | null>(null);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(null), 2000);
    return () => clearTimeout(timer);
  }, [done]);

  const copy = async (kind: TableFormat) => {
    const text = tableText(kind, columns, rows);
    try {
      await navigator.clipboard.writeText(text);
      setDone('copied');
    } catch {
      saveFile(text, `${fileName}.${kind}`);
      setDone('saved');
    }
  };
  return (
    <div className={ui.actions}>
      {tableFormats.map((kind) => (
        <button key={kind} type="button" className={ui.button} onClick={() => void copy(kind)}>
          {done ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
          {t(`table.${kind}`)}
        </button>
      ))}
      <span role="status">{done ? t(`table.${done}`) : ''}</span>
    </div>
  );
}
