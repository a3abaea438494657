import { useTranslation } from 'react-i18next';
import { buildNetwork } from '../zoo.ts';
import { formatBytes, formatPercent } from '../../viz/numbers.ts';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import { useBundledText } from '../weights/useBundledText.ts';
import { photos } from './photos.ts';
import styles from './About.module.css';

/** What this page is, and whose weights and photos it shows under which licence. */
export function About() {
  const { t, i18n } = useTranslation('app');
  const bundled = useBundledText();
  const manifest = useStore((s) => lastValue(s.manifest));
  return (
    <div className={styles.about}>
      <p>{t('about.what')}</p>
      <p>{t('about.local')}</p>
      <p>
        {/* With its ending: not every host answers an address without one. */}
        <a href={`./bench.html?lang=${i18n.language}`}>{t('about.bench')}</a>
      </p>
      <h3>{t('about.weights')}</h3>
      <table className={styles.list}>
        <thead>
          <tr>
            <th scope="col">{t('about.network')}</th>
            <th scope="col">{t('about.accuracy')}</th>
            <th scope="col">{t('about.licence')}</th>
          </tr>
        </thead>
        <tbody>
          {manifest?.weights.map((entry) => (
            <tr key={entry.network}>
              <td>
                {buildNetwork(entry.network).info.name}
                <small>{formatBytes(entry.bytes)}</small>
              </td>
              <td>
                {entry.accuracy && (
                  <>
                    {formatPercent(entry.accuracy.top1)}
                    <small>{bundled(entry, 'measuredOn')}</small>
                  </>
                )}
              </td>
              <td>
                {bundled(entry, 'licence')}
                <small>{bundled(entry, 'origin')}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{t('about.photos')}</h3>
      <table className={styles.list}>
        <thead>
          <tr>
            <th scope="col">{t('about.photo')}</th>
            <th scope="col">{t('about.author')}</th>
            <th scope="col">{t('about.licence')}</th>
          </tr>
        </thead>
        <tbody>
          {photos.map((photo) => (
            <tr key={photo.file}>
              <td>{photo.file}</td>
              <td>{photo.author}</td>
              <td>{photo.licence}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{t('about.program')}</h3>
      <p>{t('about.programLicence')}</p>
    </div>
  );
}
