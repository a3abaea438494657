import { FolderOpen, Images, Link } from 'lucide-react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { samples } from '../store/defaults.ts';
import { useStore } from '../store/store.ts';
import { Popup } from '../ui/Popup.tsx';
import ui from '../ui/ui.module.css';
import { FileButton } from './FileButton.tsx';
import { takeFile } from './take.ts';
import styles from './input.module.css';

/** Where a picture may come from: a file, an address, the samples; dropping and pasting work everywhere. */
export function ImageSources() {
  const { t } = useTranslation('app');
  const useImage = useStore((s) => s.useImage);
  const useImageUrl = useStore((s) => s.useImageUrl);
  const useWeights = useStore((s) => s.useWeights);
  return (
    <div className={styles.sources}>
      <FileButton
        accept="image/*,.safetensors"
        label={t('input.file')}
        text={t('input.fileShort')}
        icon={<FolderOpen size={14} aria-hidden />}
        onFile={(file) => takeFile(file, { image: useImage, weights: useWeights })}
      />
      <Samples />
      <Address onAddress={useImageUrl} />
    </div>
  );
}

function Samples() {
  const { t } = useTranslation('app');
  const image = useStore((s) => s.image);
  const chooseSample = useStore((s) => s.chooseSample);
  return (
    <Popup
      label={t('input.samples')}
      button={
        <>
          <Images size={14} aria-hidden />
          {t('input.samples')}
        </>
      }
    >
      {(close) => (
        <ul className={styles.samples} aria-label={t('input.samples')}>
          {samples.map((name) => (
            <li key={name}>
              <button
                type="button"
                aria-pressed={image.kind === 'sample' && image.name === name}
                aria-label={t(`sample.${name.replace('.jpg', '')}`)}
                title={t(`sample.${name.replace('.jpg', '')}`)}
                onClick={() => {
                  chooseSample(name);
                  close();
                }}
              >
                <img src={`samples/${name}`} alt="" loading="lazy" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Popup>
  );
}

function Address({ onAddress }: { readonly onAddress: (url: string) => void }) {
  const { t } = useTranslation('app');
  const submit = (event: FormEvent<HTMLFormElement>, close: () => void) => {
    event.preventDefault();
    const url = new FormData(event.currentTarget).get('url');
    if (typeof url !== 'string' || url.trim() === '') return;
    onAddress(url.trim());
    close();
  };
  return (
    <Popup
      label={t('input.url')}
      button={
        <>
          <Link size={14} aria-hidden />
          {t('input.url')}
        </>
      }
    >
      {(close) => (
        <form className={styles.urlForm} onSubmit={(event) => submit(event, close)}>
          <label htmlFor="image-url">{t('input.urlLabel')}</label>
          <input id="image-url" name="url" type="url" placeholder="https://" required />
          <p className={styles.veilNote}>{t('input.urlNote')}</p>
          <button type="submit" className={`${ui.button} ${ui.primary}`}>
            {t('input.urlUse')}
          </button>
        </form>
      )}
    </Popup>
  );
}
