import { useTranslation } from 'react-i18next';
import { buildNetwork } from '../zoo.ts';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import { FileButton } from '../input/FileButton.tsx';
import { weightFiles } from '../input/take.ts';
import { WeightsButton } from '../weights/WeightsButton.tsx';
import ui from '../ui/ui.module.css';
import styles from './panel.module.css';

/** Says that a network has no weights here and so gives no answer, how to get some, and which networks have theirs. */
export function NoWeights() {
  const { t } = useTranslation('app');
  const network = useStore((s) => s.network);
  const manifest = useStore((s) => lastValue(s.manifest));
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const useWeights = useStore((s) => s.useWeights);
  return (
    <div className={styles.noWeights}>
      <h2 className={styles.heading}>{t('noWeights.title')}</h2>
      <p>{t('noWeights.sentence', { name: buildNetwork(network).info.name })}</p>
      <div className={ui.actions}>
        <WeightsButton className={`${ui.button} ${ui.primary}`}>{t('weights.get')}</WeightsButton>
        <FileButton accept={weightFiles} label={t('noWeights.own')} onFile={useWeights} />
      </div>
      <p>{t('noWeights.others')}</p>
      <ul className={styles.plainList}>
        {manifest?.weights.map((entry) => (
          <li key={entry.network}>
            <button type="button" className={ui.textButton} onClick={() => chooseNetwork(entry.network)}>
              {buildNetwork(entry.network).info.name}
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.hint}>{t('noWeights.imageStays')}</p>
    </div>
  );
}
