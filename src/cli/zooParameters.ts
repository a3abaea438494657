import { ConvScopeError } from '../models/errors.ts';
import { nearestNames } from '../models/lookup.ts';
import { families, parseReference } from '../models/zoo/index.ts';
import type { Family } from '../models/zoo/recipe.ts';
import { possibleValues, type ChoiceSpec, type ParameterSpec } from '../models/zoo/settings.ts';
import { formatTable, toJson, type Column } from './table.ts';

/** What its values are called, of those that do not say it themselves. */
function englishLabels({ values, valueLabels }: ChoiceSpec): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.flatMap((value) => {
      const label = valueLabels?.[value];
      return label ? [[String(value), label.en]] : [];
    }),
  );
}

/** A parameter of a family as `zoo --parameters --json` has it. */
function parameterRecord(key: string, spec: ParameterSpec) {
  return {
    key,
    label: spec.label.en,
    kind: spec.kind,
    default: spec.default,
    possible: possibleValues(spec).en,
    ...(spec.kind === 'int' || spec.kind === 'number'
      ? { min: spec.min, max: spec.max, step: spec.step }
      : {}),
    ...(spec.kind === 'choice' ? { values: spec.values, valueLabels: englishLabels(spec) } : {}),
    trainingOnly: spec.trainingOnly ?? false,
    note: spec.note?.en ?? null,
  };
}
type ParameterRecord = ReturnType<typeof parameterRecord>;

function familyRecord(family: Family) {
  return {
    family: family.id,
    name: family.name,
    parameters: Object.entries(family.parameters).map(([key, spec]) => parameterRecord(key, spec)),
    members: family.members.map(({ info }) => info.id),
  };
}

const columns: readonly Column<ParameterRecord>[] = [
  { title: '  parameter', text: ({ key }) => `  ${key}` },
  { title: 'default', text: (parameter) => String(parameter.default) },
  { title: 'possible', text: ({ possible }) => possible },
  { title: 'what it is', text: meaning },
];

function meaning({ label, trainingOnly }: ParameterRecord): string {
  return `${label}${trainingOnly ? ' (training only)' : ''}`;
}

/** What does not fit a table: its note, and what its values are called. */
function notesText({ key, note, valueLabels = {} }: ParameterRecord): string {
  const labels = Object.entries(valueLabels).map(([value, label]) => `  ${key}=${value}: ${label}\n`);
  return (note === null ? '' : `  ${key}: ${note}\n`) + labels.join('');
}

function familyText(family: Family): string {
  const { name, parameters, members } = familyRecord(family);
  const table = parameters.length === 0 ? '  (no parameters)\n' : formatTable(parameters, columns);
  const notes = parameters.map(notesText).join('');
  return `${name}: ${family.id}\n${table}${notes}  listed: ${members.join(', ')}\n`;
}

/** The families of a name: of its id, of what literature calls so (`resnet`), or that of a listed member. */
function familiesNamed(name: string): readonly Family[] {
  const called = families.filter(
    (family) => family.id === name || family.members.some(({ info }) => info.family === name),
  );
  if (called.length > 0) return called;
  const owner = families.find((family) => family.members.some(({ info }) => info.id === name));
  if (owner) return [owner];
  // A whole reference is understood too, and its own complaint is the better one.
  if (name.includes('?')) return [parseReference(name).family];
  const ids = families.map(({ id }) => id);
  throw new ConvScopeError(
    'bad-parameter',
    `The zoo has no family '${name}'. Nearest: ${nearestNames(name, ids, 3).join(', ')}. All: ${ids.join(', ')}.`,
    { parameter: 'parameters', possible: ids },
  );
}

/** What can be set of one family, or of all. Throws 'bad-parameter' with the families that there are. */
export function describeParameters(name: string | null, json: boolean): string {
  const wanted = name === null ? families : familiesNamed(name);
  if (json) return toJson(wanted.map(familyRecord));
  return (
    wanted.map(familyText).join('\n') +
    "\nA network of one's own: zoo 'FAMILY?parameter=value&parameter=value' (quoted for the shell); what is left out has\n" +
    "its default, or, after a member's id instead of the family's, that member's value.\n"
  );
}
