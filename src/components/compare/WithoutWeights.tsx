import { useTranslation } from 'react-i18next';
import ui from '../ui/ui.module.css';
import { WeightsButton } from '../weights/WeightsButton.tsx';
import type { Compared } from './useCompared.ts';
import page from './compare.module.css';

/** The networks of the comparison that cannot answer, each with a way to weights. */
export function WithoutWeights({ networks }: { readonly networks: readonly Compared[] }) {
  const { t } = useTranslation('compare');
  return (
    <ul className={page.plain} aria-label={t('one.without')}>
      {networks.map(({ ref, network }) => (
        <li key={ref} className={page.note}>
          <strong>{network.info.name}</strong> {t('one.noWeights')}{' '}
          <WeightsButton className={ui.textButton} network={network.ref}>
            {t('one.getWeights')}
            <span className="visually-hidden"> {network.info.name}</span>
          </WeightsButton>
        </li>
      ))}
    </ul>
  );
}
