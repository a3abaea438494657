import { ErrorBoundary } from 'react-error-boundary';
import { useTranslation } from 'react-i18next';
import { Broken } from '../app/Broken.tsx';
import { LanguageSwitch } from '../ui/LanguageSwitch.tsx';
import { ThemeButton } from '../ui/ThemeButton.tsx';
import type { Bench } from './bench.ts';
import { Figures } from './Figures.tsx';
import { KeptFigures } from './KeptFigures.tsx';
import { MachineFacts } from './MachineFacts.tsx';
import { Method } from './Method.tsx';
import { Plan } from './Plan.tsx';
import { RunBar } from './RunBar.tsx';
import { usePage } from './usePage.ts';
import styles from './bench.module.css';

/** The page that any visitor can run: what is measured, on what, how far it is, the figures and a copy of them. */
export function BenchPage({ bench }: { readonly bench: Bench }) {
  const { t } = useTranslation('bench');
  const { theme, chooseTheme, language, chooseLanguage } = usePage();
  return (
    <ErrorBoundary FallbackComponent={Broken}>
      <>
        <header className={styles.bar}>
          <div>
            <a href={`./?lang=${language}`} title={t('back')}>
              ConvScope
            </a>
            <div className={styles.tools}>
              <LanguageSwitch language={language} onChange={chooseLanguage} />
              <ThemeButton theme={theme} onChange={chooseTheme} />
            </div>
          </div>
        </header>
        <main className={styles.page}>
          <div className={styles.top}>
            <div className={styles.work}>
              <div className={styles.lead}>
                <h1>{t('title')}</h1>
                <p>{t('lead')}</p>
                <p>{t('private')}</p>
              </div>
              <Plan bench={bench} />
              <RunBar bench={bench} />
            </div>
            <MachineFacts bench={bench} />
          </div>
          <Figures bench={bench} />
          <KeptFigures bench={bench} />
          <Method />
        </main>
      </>
    </ErrorBoundary>
  );
}
