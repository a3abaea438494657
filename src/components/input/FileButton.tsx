import type { ReactNode } from 'react';
import ui from '../ui/ui.module.css';
import styles from './input.module.css';

interface FileButtonProps {
  readonly accept: string;
  /** The accessible name; `text` is the part of it that is shown where room is short. */
  readonly label: string;
  readonly text?: string;
  readonly icon?: ReactNode;
  readonly onFile: (file: File) => void;
}

/** A file input that looks like the page's other buttons and keeps the keyboard and its name. */
export function FileButton({ accept, label, text = label, icon, onFile }: FileButtonProps) {
  return (
    <label className={`${ui.button} ${styles.fileLabel}`}>
      <input
        type="file"
        className={styles.fileInput}
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // Emptied so that choosing the same file again is a change again.
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
      {icon}
      <span aria-hidden>{text}</span>
    </label>
  );
}
