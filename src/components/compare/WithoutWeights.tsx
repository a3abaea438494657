import { useTranslation } from 'react-i18next';
import { useStore } from '../store/store.ts';
import ui from '../ui/ui.module.css';
import type { Compared } from './useCompared.ts';
import page from './compare.module.css';

/** The one place that knows how a network comes to its weights: a sentence, and what leads there. */
function wayToWeights(ref: string): { readonly sentence: string; readonly go: () => void } {
  return { sentence: 'one.openToLoad', go: () => useStore.getState().chooseNetwork(ref) };
}

/** The networks of the comparison that cannot answer, each with a way to weights. */
export function WithoutWeights({ networks }: { readonly networks: readonly Compared[] }) {
  const { t } = useTranslation('compare');
  return (
    <ul className={page.plain} aria-label={t('one.without')}>
      {networks.map(({ ref, network }) => {
        const { sentence, go } = wayToWeights(network.ref);
        return (
          <li key={ref} className={page.note}>
            <strong>{network.info.name}</strong> {t('one.noWeights')}{' '}
            <button type="button" className={ui.textButton} onClick={go}>
              {t(sentence)}
              <span className="visually-hidden"> {network.info.name}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
