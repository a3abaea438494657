import { useTranslation } from 'react-i18next';
import type { Language } from '../store/types.ts';
import { Segments } from './Segments.tsx';

const languages: readonly { readonly value: Language; readonly text: string; readonly name: string }[] = [
  { value: 'en', text: 'EN', name: 'English' },
  { value: 'ko', text: 'KO', name: '한국어' },
];

interface LanguageSwitchProps {
  readonly language: Language;
  readonly onChange: (language: Language) => void;
}

/** The languages that the page speaks. */
export function LanguageSwitch({ language, onChange }: LanguageSwitchProps) {
  const { t } = useTranslation('app');
  return <Segments label={t('language')} value={language} options={languages} onChange={onChange} />;
}
