import { clipped, ConvScopeError } from '../errors.ts';
import { nearestNames } from '../lookup.ts';
import type { Text } from '../network.ts';

export type SettingValue = number | string | boolean;

interface SpecOf<T> {
  readonly label: Text;
  /** What it means, in a sentence, where the label does not say it. */
  readonly note?: Text;
  readonly default: T;
  /** Structure that only training has: it changes counts, but neither the answer of the network nor its errors. */
  readonly trainingOnly?: true;
}

/** Whole numbers from `min` to `max` in steps of `step`: `depth` of a CIFAR ResNet is 8, 14, 20, ... */
export interface IntSpec extends SpecOf<number> {
  readonly kind: 'int';
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Any number from `min` to `max`; `step` is what a slider moves by, values between are allowed. */
export interface NumberSpec extends SpecOf<number> {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export interface ChoiceSpec<T extends number | string = number | string> extends SpecOf<T> {
  readonly kind: 'choice';
  readonly values: readonly T[];
  /** What a value is called on screen, where the value itself does not say it. */
  readonly valueLabels?: Readonly<Partial<Record<T, Text>>>;
}

export interface BooleanSpec extends SpecOf<boolean> {
  readonly kind: 'boolean';
}

export type ParameterSpec = IntSpec | NumberSpec | ChoiceSpec | BooleanSpec;
export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;
/** A value for every parameter of a family. */
export type Settings = Readonly<Record<string, SettingValue>>;

/** The settings that a family's specs allow, by type. */
export type SettingsOf<S extends ParameterSpecs> = {
  readonly [K in keyof S]: S[K] extends ChoiceSpec<infer T> ? T : S[K] extends BooleanSpec ? boolean : number;
};

type Extra = Pick<SpecOf<unknown>, 'note' | 'trainingOnly'>;

export const int = (
  label: Text,
  range: { readonly min: number; readonly max: number; readonly step?: number },
  value: number,
  extra: Extra = {},
): IntSpec => ({ kind: 'int', label, step: 1, ...range, default: value, ...extra });

export const number = (
  label: Text,
  range: { readonly min: number; readonly max: number; readonly step: number },
  value: number,
  extra: Extra = {},
): NumberSpec => ({ kind: 'number', label, ...range, default: value, ...extra });

export const choice = <const T extends number | string>(
  label: Text,
  values: readonly T[],
  value: NoInfer<T>,
  extra: Extra & Pick<ChoiceSpec<NoInfer<T>>, 'valueLabels'> = {},
): ChoiceSpec<T> => ({ kind: 'choice', label, values, default: value, ...extra });

export const boolean = (label: Text, value: boolean, extra: Extra = {}): BooleanSpec => ({
  kind: 'boolean',
  label,
  default: value,
  ...extra,
});

/** The number of classes, which nearly every family takes. */
export const classesSpec = (value: number): IntSpec =>
  int({ en: 'classes', ko: '클래스 수' }, { min: 2, max: 100_000 }, value);

/** Height and width of the input of a network that ends in an average over the whole map. */
export const resolutionSpec = (value: number): IntSpec =>
  int({ en: 'resolution', ko: '해상도' }, { min: 64, max: 512, step: 32 }, value);

/** What reads the same in every language. */
const same = (text: string): Text => ({ en: text, ko: text });

/** What a parameter may be, as the end of a sentence: '2 to 100000', '20, 26, 32, ... 1202', 'A, B, C'. */
export function possibleValues(spec: ParameterSpec): Text {
  switch (spec.kind) {
    case 'boolean':
      return { en: 'true or false', ko: 'true 또는 false' };
    case 'choice':
      return same(spec.values.join(', '));
    case 'number':
      return { en: `a number from ${spec.min} to ${spec.max}`, ko: `${spec.min} 이상 ${spec.max} 이하의 수` };
    case 'int': {
      const { min, max, step } = spec;
      if (step === 1)
        return { en: `a whole number from ${min} to ${max}`, ko: `${min} 이상 ${max} 이하의 정수` };
      return same(`${min}, ${min + step}, ${min + 2 * step}, ... ${max}`);
    }
  }
}

/** The value that a text stands for, or undefined where the spec does not allow it. */
function parseValue(spec: ParameterSpec, text: string): SettingValue | undefined {
  switch (spec.kind) {
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'choice':
      return spec.values.find((value) => String(value) === text || (text !== '' && Number(text) === value));
    case 'number':
    case 'int': {
      const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
      if (!(value >= spec.min && value <= spec.max)) return undefined;
      return spec.kind === 'int' && (value - spec.min) % spec.step !== 0 ? undefined : value;
    }
  }
}

export function defaultSettings(specs: ParameterSpecs): Settings {
  return Object.fromEntries(Object.entries(specs).map(([key, spec]) => [key, spec.default]));
}

/**
 * The settings of `query` (`depth=28&k=10`) over `base`. Throws 'bad-parameter' for keys that the family does not have,
 * keys given twice, and values out of range; its sentence says which are possible.
 */
export function parseSettings(name: string, specs: ParameterSpecs, base: Settings, query: string): Settings {
  const settings: Record<string, SettingValue> = { ...base };
  const seen = new Set<string>();
  for (const part of query.split('&').filter((each) => each !== '')) {
    const [key = '', ...rest] = part.split('=');
    const text = rest.join('=');
    const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
    if (!spec)
      throw badParameter(name, clipped(key), unknownKey(name, specs, clipped(key)), Object.keys(specs));
    if (seen.has(key)) throw badParameter(name, key, givenTwice(name, key), []);
    seen.add(key);
    const value = parseValue(spec, text);
    if (value === undefined) {
      const possible = possibleValues(spec);
      const sentence = {
        en: `${name} has no ${key}=${clipped(text)}. Possible: ${possible.en}.`,
        ko: `${name}에는 ${key}=${clipped(text)} 설정이 없습니다. 가능한 값: ${possible.ko}.`,
      };
      throw badParameter(name, key, sentence, [possible.en]);
    }
    settings[key] = value;
  }
  return settings;
}

const givenTwice = (name: string, key: string): Text => ({
  en: `${name} got ${key} twice.`,
  ko: `${name}의 ${key} 값이 두 번 주어졌습니다.`,
});

function unknownKey(name: string, specs: ParameterSpecs, key: string): Text {
  const keys = Object.keys(specs);
  if (keys.length === 0)
    return {
      en: `${name} takes no parameters, got '${key}'.`,
      ko: `${name}에는 매개변수가 없는데 '${key}'가 주어졌습니다.`,
    };
  const nearest = nearestNames(key, keys, 1).join('');
  const all = (language: keyof Text): string =>
    keys.map((each) => `${each} (${possibleValues(specs[each]!)[language]})`).join('; ');
  return {
    en: `${name} has no parameter '${key}'. Nearest: ${nearest}. All: ${all('en')}.`,
    ko: `${name}에는 '${key}'라는 매개변수가 없습니다. 가장 비슷한 것: ${nearest}. 전체: ${all('ko')}.`,
  };
}

/** 'bad-parameter' of a family, with the sentence that says what is possible: the message is English, the details both. */
export function badParameter(
  network: string,
  parameter: string,
  sentence: Text,
  possible: readonly string[],
): ConvScopeError {
  return new ConvScopeError('bad-parameter', sentence.en, { network, parameter, possible, ...sentence });
}

/** The sentence of a 'bad-parameter' in both languages. */
export function refusalOf({ message, details }: ConvScopeError): Text {
  return { en: message, ko: typeof details['ko'] === 'string' ? details['ko'] : message };
}

/** `key=value&...` of what differs from `base`, in the order of the specs; '' where nothing does. */
export function formatSettings(specs: ParameterSpecs, base: Settings, settings: Settings): string {
  return Object.keys(specs)
    .filter((key) => settings[key] !== base[key])
    .map((key) => `${key}=${String(settings[key])}`)
    .join('&');
}
