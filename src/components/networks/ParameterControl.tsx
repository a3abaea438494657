import { useTranslation } from 'react-i18next';
import type { ParameterSpec } from '../../models/zoo/settings.ts';
import { useStore } from '../store/store.ts';
import styles from './networks.module.css';

/** More steps than a slider has pixels are typed. */
const mostSteps = 250;

interface ParameterControlProps {
  readonly name: string;
  readonly spec: ParameterSpec;
  readonly value: string;
  /** Why the network does not have this value. */
  readonly refused: string | null;
  readonly onChange: (text: string) => void;
}

/** One parameter: a switch, a choice, or a number with a slider where its range has room on one. */
export function ParameterControl(props: ParameterControlProps) {
  const { name, spec, refused } = props;
  const { t } = useTranslation('networks');
  const language = useStore((s) => s.language);
  const id = `parameter-${name}`;
  const notes = [
    ...(spec.note ? [spec.note[language]] : []),
    ...(spec.kind === 'int' || spec.kind === 'number' ? [rangeOf(spec)] : []),
  ];
  return (
    <div className={styles.control}>
      <label htmlFor={id}>
        {spec.label[language]}
        {spec.trainingOnly && <small className={styles.training}>{t('trainingOnly')}</small>}
      </label>
      <Input id={id} {...props} describedBy={`${id}-note`} />
      {notes.length > 0 && <small id={`${id}-note`}>{notes.join(' ')}</small>}
      {refused && (
        <p className={styles.refused} role="alert">
          {refused}
        </p>
      )}
    </div>
  );
}

function rangeOf({ min, max, step, kind }: Extract<ParameterSpec, { kind: 'int' | 'number' }>): string {
  if (kind === 'int' && step > 1) return `${min}, ${min + step}, ${min + 2 * step}, … ${max}`;
  return `${min} – ${max}`;
}

function Input({
  id,
  spec,
  value,
  refused,
  onChange,
  describedBy,
}: ParameterControlProps & { readonly id: string; readonly describedBy: string }) {
  const { t } = useTranslation('networks');
  const language = useStore((s) => s.language);
  const invalid = refused !== null;
  switch (spec.kind) {
    case 'boolean':
      return (
        <input
          id={id}
          type="checkbox"
          role="switch"
          checked={value === 'true'}
          aria-checked={value === 'true'}
          onChange={(event) => onChange(String(event.currentTarget.checked))}
        />
      );
    case 'choice':
      return (
        <select
          id={id}
          value={value}
          aria-invalid={invalid}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          {spec.values.map((each) => (
            <option key={each} value={each}>
              {spec.valueLabels?.[each]?.[language] ?? each}
            </option>
          ))}
        </select>
      );
    case 'int':
    case 'number': {
      const { min, max, step } = spec;
      const slides = (max - min) / step <= mostSteps;
      return (
        <>
          <input
            id={id}
            type="number"
            inputMode="decimal"
            value={value}
            min={min}
            max={max}
            step={spec.kind === 'int' ? step : 'any'}
            aria-invalid={invalid}
            aria-describedby={describedBy}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
          {slides && (
            <input
              type="range"
              value={Number(value)}
              min={min}
              max={max}
              step={step}
              aria-label={t('slider', { name: spec.label[language] })}
              onChange={(event) => onChange(event.currentTarget.value)}
            />
          )}
        </>
      );
    }
  }
}
