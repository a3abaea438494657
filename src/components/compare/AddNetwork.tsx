import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { NetworkInfo } from '../../models/network.ts';
import { buildNetwork, families, members } from '../../models/zoo/index.ts';
import { toFailure } from '../store/requests.ts';
import type { Failure } from '../store/types.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import ui from '../ui/ui.module.css';
import styles from './compare.module.css';

const fold = (text: string) =>
  text
    .toLowerCase()
    .replace(/[-_\s]/g, '')
    .replaceAll('×', 'x');

/** The listed networks that a typed text may mean, best first. */
function suggestions(query: string, taken: readonly string[]): readonly NetworkInfo[] {
  const words = query.split(/\s+/).filter(Boolean).map(fold);
  return members.filter((info) => {
    const text = fold([info.name, info.id, info.authors, info.year, info.dataset].join(' '));
    return !taken.includes(info.id) && words.every((word) => text.includes(word));
  });
}

interface AddNetworkProps {
  readonly taken: readonly string[];
  readonly onAdd: (ref: string) => void;
}

/** A combobox of the listed networks that also takes any family with settings: `wide-resnet?depth=22&k=6`. */
export function AddNetwork({ taken, onAdd }: AddNetworkProps) {
  const { t } = useTranslation('compare');
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [failure, setFailure] = useState<Failure | null>(null);
  const found = useMemo(() => suggestions(query, taken), [query, taken]);
  const option = (place: number) => `${id}-option-${place}`;

  const point = (place: number) => {
    setActive(place);
    list.current?.children[place]?.scrollIntoView({ block: 'nearest' });
  };
  const add = (asked: string) => {
    try {
      // A name that is only nearly typed means the first suggestion; one with settings is taken at its word.
      const exact = members.some((info) => info.id === asked) || families.some((each) => each.id === asked);
      const ref = exact || asked.includes('?') || !found[0] ? asked : found[0].id;
      const { ref: canonical } = buildNetwork(ref);
      if (!taken.includes(canonical)) onAdd(canonical);
      setQuery('');
      setOpen(false);
      setActive(-1);
      setFailure(null);
      input.current?.focus();
    } catch (error) {
      setFailure(toFailure(error));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setOpen(true);
      if (found.length > 0) point((active + step + found.length) % found.length);
    } else if (event.key === 'Enter' && (query.trim() !== '' || active >= 0)) {
      event.preventDefault();
      add(found[active]?.id ?? query.trim());
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      setOpen(false);
      setActive(-1);
    }
  };
  const shown = open && found.length > 0;
  return (
    <div className={styles.add}>
      <label htmlFor={id}>{t('set.add')}</label>
      <div className={styles.combobox}>
        <input
          id={id}
          ref={input}
          type="text"
          role="combobox"
          autoComplete="off"
          spellCheck={false}
          placeholder={t('set.placeholder')}
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          {...(shown && active >= 0 ? { 'aria-activedescendant': option(active) } : {})}
          value={query}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setActive(-1);
            setOpen(true);
            setFailure(null);
          }}
        />
        <ul
          id={`${id}-list`}
          ref={list}
          role="listbox"
          aria-label={t('set.suggestions')}
          className={styles.suggestions}
          hidden={!shown}
        >
          {found.map((info, place) => (
            // The input keeps the focus and the keys; the mouse must not take it away before the click.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <li
              key={info.id}
              id={option(place)}
              role="option"
              aria-selected={place === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => add(info.id)}
            >
              <span>{info.name}</span> <small>{`${info.dataset}, ${info.year}`}</small>
            </li>
          ))}
        </ul>
      </div>
      <button
        type="button"
        className={ui.button}
        disabled={query.trim() === ''}
        onClick={() => add(query.trim())}
      >
        {t('set.addButton')}
      </button>
      {failure && <FailureNote failure={failure} onDismiss={() => setFailure(null)} />}
    </div>
  );
}
