import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../store/store.ts';
import { takeFiles, takeTransfer } from './take.ts';
import styles from './input.module.css';

/** Takes pictures and weight files dropped anywhere, and pictures pasted anywhere but into a text field. */
export function DropZone({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('app');
  const [over, setOver] = useState(false);
  const useImage = useStore((s) => s.useImage);
  const useImageUrl = useStore((s) => s.useImageUrl);
  const useWeights = useStore((s) => s.useWeights);
  const tell = useStore((s) => s.tell);

  useEffect(() => {
    const sinks = {
      image: useImage,
      url: useImageUrl,
      weights: useWeights,
      several: (name: string, count: number) => tell('several-files', { name, count }),
    };
    const drag = (event: DragEvent) => {
      const types = event.dataTransfer?.types ?? [];
      if (!types.includes('Files') && !types.includes('text/uri-list')) return;
      event.preventDefault();
      setOver(true);
    };
    // Leaving one element for another fires too; only leaving the window has no next target.
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (event.dataTransfer && takeTransfer(event.dataTransfer, sinks)) event.preventDefault();
    };
    const paste = (event: ClipboardEvent) => {
      const target = event.target;
      if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
      if (event.clipboardData && takeFiles(event.clipboardData.files, sinks)) event.preventDefault();
    };
    window.addEventListener('dragenter', drag);
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('dragenter', drag);
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
      window.removeEventListener('paste', paste);
    };
  }, [useImage, useImageUrl, useWeights, tell]);

  return (
    <>
      {children}
      {over && (
        <div className={styles.veil} aria-hidden>
          <p>{t('input.dropHere')}</p>
          <p className={styles.veilNote}>{t('input.dropNote')}</p>
        </div>
      )}
    </>
  );
}
