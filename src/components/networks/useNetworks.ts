import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { ingredients, type Ingredient } from '../../models/ingredients.ts';
import type { NetworkInfo } from '../../models/network.ts';
import type { Family } from '../../models/zoo/recipe.ts';
import { allFamilies } from '../zoo.ts';
import { isFiltering, noFilter, passes, type Filter } from './filter.ts';
import { useFacts, useWantedFacts, type FactsById } from './useFacts.ts';

/** One filter for the list and the table: what is searched in one is found in the other. */
export const useFilter = create<Filter>()(() => noFilter);
export const setFilter = (change: Partial<Filter>): void => useFilter.setState(change);

export interface FamilyGroup {
  readonly family: Family;
  /** The members that pass the filter, in the family's order. */
  readonly found: readonly NetworkInfo[];
}

export interface Networks {
  readonly groups: readonly FamilyGroup[];
  readonly count: number;
  readonly all: number;
  readonly filtering: boolean;
  /** Members whose ingredients and sizes are not computed yet, while a filter may ask for them. */
  readonly unknown: number;
}

/** Words beside the page's own: abbreviations and what a paper would say. */
const alsoCalled: Readonly<Partial<Record<Ingredient, readonly string[]>>> = {
  lrn: ['LRN'],
  batchNorm: ['BN'],
  '1x1': ['1x1', 'bottleneck'],
  residual: ['shortcut', 'skip'],
  depthwise: ['separable'],
  globalAverage: ['GAP'],
};

const firstYear = (family: Family) => Math.min(...family.members.map(({ info }) => info.year));

/** The families by year with the members that pass. */
export function useNetworks(): Networks {
  const { t, i18n } = useTranslation('networks');
  const filter = useFilter();
  const facts = useFacts((s) => s.facts);
  const { language } = i18n;
  const ids = useMemo(() => allFamilies().flatMap(({ members }) => members.map(({ info }) => info.id)), []);
  useWantedFacts(isFiltering(filter) ? ids : []);
  return useMemo(() => found({ filter, facts, language }, t), [filter, facts, language, t]);
}

interface Asked {
  readonly filter: Filter;
  readonly facts: FactsById;
  readonly language: string;
}
let last: { readonly asked: Asked; readonly networks: Networks } | null = null;

/** The list, the table and both their filters ask the same: it is found once. */
function found(asked: Asked, t: TFunction<'networks'>): Networks {
  const same = (key: keyof Asked) => last?.asked[key] === asked[key];
  if (!last || !same('filter') || !same('facts') || !same('language'))
    last = { asked, networks: find(asked, t) };
  return last.networks;
}

function find({ filter, facts }: Asked, t: TFunction<'networks'>): Networks {
  const said = new Map(
    ingredients.map((each) => [each, [t(`ingredient.${each}`), ...(alsoCalled[each] ?? [])]]),
  );
  const words = (each: Ingredient) => said.get(each) ?? [];
  const families = [...allFamilies()].sort((a, b) => firstYear(a) - firstYear(b));
  const groups = families
    .map((family): FamilyGroup => ({
      family,
      found: family.members
        .map(({ info }) => info)
        .filter((info) =>
          passes(filter, { info, familyName: family.name, facts: facts.get(info.id) ?? null, words }),
        ),
    }))
    .filter(({ found: some }) => some.length > 0);
  const count = groups.reduce((sum, { found: some }) => sum + some.length, 0);
  const infos = families.flatMap(({ members }) => members);
  const filtering = isFiltering(filter);
  const unknown = filtering ? infos.filter(({ info }) => !facts.has(info.id)).length : 0;
  return { groups, count, all: infos.length, filtering, unknown };
}

/** The member that stands for its family: one with weights where there is one, else the first. */
export function representative(family: Family, bundled: (id: string) => boolean): NetworkInfo {
  const infos = family.members.map(({ info }) => info);
  return infos.find(({ id }) => bundled(id)) ?? infos[0]!;
}
