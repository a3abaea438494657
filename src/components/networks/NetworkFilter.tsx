import { Search, SlidersHorizontal, X } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ingredients } from '../../models/ingredients.ts';
import ui from '../ui/ui.module.css';
import { sizes } from '../../models/sizes.ts';
import { noFilter } from './filter.ts';
import { setFilter, useFilter, useNetworks } from './useNetworks.ts';
import styles from './networks.module.css';

/** Words, ingredients and a size to find networks by; the number found is told to screen readers too. */
export function NetworkFilter({ wide = false }: { readonly wide?: boolean }) {
  const { t } = useTranslation('networks');
  const filter = useFilter();
  const { count, all, filtering, unknown } = useNetworks();
  const [open, setOpen] = useState(wide);
  const panel = useId();
  const chosen = filter.ingredients.length + (filter.size === null ? 0 : 1);
  return (
    <div
      role="search"
      aria-label={t(wide ? 'searchTable' : 'search')}
      className={styles.filter}
      data-wide={wide || undefined}
    >
      <div className={styles.searchRow}>
        <label className={styles.searchField}>
          <Search size={14} aria-hidden />
          <input
            type="search"
            aria-label={t('search')}
            placeholder={t('searchHint')}
            value={filter.query}
            onChange={(event) => setFilter({ query: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && filter.query !== '') {
                event.stopPropagation();
                setFilter({ query: '' });
              }
            }}
          />
        </label>
        <button
          type="button"
          className={ui.iconButton}
          aria-expanded={open}
          aria-controls={panel}
          aria-label={chosen > 0 ? t('filterCount', { count: chosen }) : t('filter')}
          title={t('filter')}
          aria-pressed={chosen > 0}
          onClick={() => setOpen(!open)}
        >
          <SlidersHorizontal size={16} aria-hidden />
        </button>
      </div>
      <div id={panel} hidden={!open} className={styles.panel}>
        <div role="group" aria-label={t('madeOf')} className={styles.chips}>
          {ingredients.map((each) => {
            const on = filter.ingredients.includes(each);
            return (
              <button
                key={each}
                type="button"
                className={styles.chip}
                aria-pressed={on}
                onClick={() =>
                  setFilter({
                    ingredients: on
                      ? filter.ingredients.filter((other) => other !== each)
                      : [...filter.ingredients, each],
                  })
                }
              >
                {t(`ingredient.${each}`)}
              </button>
            );
          })}
        </div>
        <label className={styles.size}>
          {t('size')}
          <select
            value={filter.size ?? ''}
            onChange={(event) =>
              setFilter({ size: sizes.find(({ id }) => id === event.currentTarget.value)?.id ?? null })
            }
          >
            <option value="">{t('anySize')}</option>
            {sizes.map(({ id }) => (
              <option key={id} value={id}>
                {t(`sizes.${id}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className={styles.foundRow} data-empty={!filtering || undefined}>
        <p role="status">
          {filtering && t('found', { count, all })}
          {unknown > 0 && ` ${t('reading', { count: unknown })}`}
        </p>
        {filtering && (
          <button type="button" className={ui.textButton} onClick={() => setFilter(noFilter)}>
            <X size={12} aria-hidden /> {t('clear')}
          </button>
        )}
      </div>
    </div>
  );
}
