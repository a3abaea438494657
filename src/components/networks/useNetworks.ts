import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import type { Ingredient } from '../../models/ingredients.ts';
import type { NetworkInfo } from '../../models/network.ts';
import type { Family } from '../../models/zoo/recipe.ts';
import { allFamilies } from '../zoo.ts';
import { isFiltering, noFilter, passes, type Filter } from './filter.ts';
import { useFacts, useWantedFacts } from './useFacts.ts';

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
  const { t } = useTranslation('networks');
  const filter = useFilter();
  const facts = useFacts((s) => s.facts);
  const filtering = isFiltering(filter);
  const families = useMemo(() => [...allFamilies()].sort((a, b) => firstYear(a) - firstYear(b)), []);
  const ids = useMemo(
    () => families.flatMap(({ members }) => members.map(({ info }) => info.id)),
    [families],
  );
  useWantedFacts(filtering ? ids : []);
  return useMemo(() => {
    const words = (each: Ingredient) => [t(`ingredient.${each}`), ...(alsoCalled[each] ?? [])];
    const groups = families
      .map((family): FamilyGroup => ({
        family,
        found: family.members
          .map(({ info }) => info)
          .filter((info) =>
            passes(filter, { info, familyName: family.name, facts: facts.get(info.id) ?? null, words }),
          ),
      }))
      .filter(({ found }) => found.length > 0);
    const count = groups.reduce((sum, { found }) => sum + found.length, 0);
    const unknown = filtering ? ids.filter((id) => !facts.has(id)).length : 0;
    return { groups, count, all: ids.length, filtering, unknown };
  }, [families, ids, filter, facts, filtering, t]);
}

/** The member that stands for its family: one with weights where there is one, else the first. */
export function representative(family: Family, bundled: (id: string) => boolean): NetworkInfo {
  const infos = family.members.map(({ info }) => info);
  return infos.find(({ id }) => bundled(id)) ?? infos[0]!;
}
