import { useId, useMemo, useState } from 'react';
import type { KeyboardEvent, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { Graph } from '../../models/graph.ts';
import { formatShape } from '../../viz/numbers.ts';
import { nodesOf, nodeWords } from './describe.ts';
import styles from './LayerSearch.module.css';

interface LayerSearchProps {
  readonly graph: Graph;
  readonly onChoose: (node: string) => void;
  readonly onClose: () => void;
  readonly ref: Ref<HTMLInputElement>;
}

const SHOWN = 40;

/** Finds a layer by its name or its op: a combobox whose list narrows as one types. */
export function LayerSearch({ graph, onChoose, onClose, ref }: LayerSearchProps) {
  const { t } = useTranslation('diagram');
  const id = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const entries = useMemo(() => {
    const nodes = nodesOf(graph);
    return graph.nodes.map((node) => {
      const op = nodeWords(t, node, nodes);
      return {
        id: node.id,
        op,
        shape: formatShape(node.shape),
        key: `${node.id} ${op} ${node.op.kind}`.toLowerCase(),
      };
    });
  }, [graph, t]);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter((entry) => words.every((word) => entry.key.includes(word)));
  const shown = found.slice(0, SHOWN);
  const current = shown[Math.min(active, shown.length - 1)];

  const key = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const next = (Math.min(active, shown.length - 1) + step + shown.length) % Math.max(1, shown.length);
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && current !== undefined) onChoose(current.id);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      className={styles.search}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onClose();
      }}
    >
      <input
        ref={ref}
        type="text"
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={current === undefined ? undefined : `${id}-${shown.indexOf(current)}`}
        aria-autocomplete="list"
        aria-label={t('search')}
        placeholder={t('searchPlaceholder')}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={key}
      />
      <ul role="listbox" id={`${id}-list`} aria-label={t('search')}>
        {shown.map((entry, index) => (
          // Keys are handled by the combobox, which keeps the focus.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={entry.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={entry === current}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(entry.id)}
            onPointerEnter={() => setActive(index)}
          >
            <span className={styles.searchName}>{entry.id}</span>
            <span className={styles.searchOp}>{entry.op}</span>
            <span className={styles.searchShape}>{entry.shape}</span>
          </li>
        ))}
      </ul>
      {found.length > shown.length && (
        <p className={styles.searchNote}>{t('searchMore', { count: found.length - shown.length })}</p>
      )}
      {found.length === 0 && (
        <p className={styles.searchNote} role="status">
          {t('searchNone')}
        </p>
      )}
    </div>
  );
}
