import { describe, expect, it } from 'vitest';
import { firstComparison, measures, type Sorting } from '../../models/compare.ts';
import { networkCost } from '../../models/cost.ts';
import { buildNetwork } from '../../models/zoo/index.ts';
import type { Choices } from '../store/types.ts';
import { choicesToQuery, queryToChoices } from '../store/url.ts';
import { compareColumns, ratioText, type Words } from './columns.ts';
import { tableFile } from './exportTable.ts';
import { sortRows } from './sortRows.ts';
import type { Compared } from './useCompared.ts';

/** Keys instead of words, with what they are filled with. */
const t = ((key: string, facts?: { factor?: string }) =>
  facts?.factor ? `${key} ${facts.factor}` : key) as unknown as Words;

const rows: readonly Compared[] = ['alexnet-2012', 'squeezenet-1-1', 'plain-34'].map((ref) => {
  const network = buildNetwork(ref);
  return { ref, network, measures: measures(network) };
});
const base = rows[0]!;
const columns = compareColumns(t, base);
const count = (row: Compared) => networkCost(row.network.graph).params;

describe('files of the table', () => {
  it('hold the exact counts of the zoo and their ratio to the baseline', () => {
    const { baseline, networks } = JSON.parse(tableFile('json', columns, rows, 'AlexNet')) as {
      baseline: string;
      networks: { ref: string; params: number; paramsRatio: number; top1: number | null }[];
    };
    expect(baseline).toBe('AlexNet');
    expect(networks.map(({ params }) => params)).toEqual(rows.map(count));
    expect(networks.map(({ paramsRatio }) => paramsRatio)).toEqual(
      rows.map((row) => count(row) / count(base)),
    );
    expect(networks.map(({ top1 }) => top1)).toEqual([42.9, 41.822, null]);
  });

  it('are Markdown tables with as many cells in every line', () => {
    const lines = tableFile('md', columns, rows, 'AlexNet').trim().split('\n');
    expect(lines).toHaveLength(2 + rows.length);
    expect(new Set(lines.map((line) => line.split('|').length)).size).toBe(1);
    expect(lines[2]).toContain('60965224');
  });
});

describe('ratios in words', () => {
  it('have three digits and a direction', () => {
    expect(ratioText(t, 5, 60.5)).toBe('compare:ratio.smaller 12.1');
    expect(ratioText(t, 1234, 1)).toBe('compare:ratio.larger 1\u2009234');
    expect(ratioText(t, 3, 3)).toBe('');
  });
});

describe('sorting', () => {
  const order = (column: Sorting['column'], direction: 'ascending' | 'descending') =>
    sortRows(rows, columns, { column, direction }).map(({ ref }) => ref);

  it('goes by exact values, and what has none is last in both directions', () => {
    expect(order('params', 'descending')).toEqual(['alexnet-2012', 'plain-34', 'squeezenet-1-1']);
    expect(order('top1', 'ascending')).toEqual(['squeezenet-1-1', 'alexnet-2012', 'plain-34']);
    expect(order('top1', 'descending')).toEqual(['alexnet-2012', 'squeezenet-1-1', 'plain-34']);
    expect(sortRows(rows, columns, null)).toBe(rows);
  });
});

describe('the address of the comparison', () => {
  const choices: Choices = {
    view: 'compare',
    network: 'resnet-18',
    layer: null,
    channel: null,
    seed: 'strongest',
    rule: 'deconvnet',
    lrn: null,
    galleryOpen: false,
    image: { kind: 'sample', name: 'cat.jpg' },
    language: 'en',
    overlay: 'none',
    compare: { ...firstComparison, nets: ['vgg-d', 'wide-resnet?depth=22&k=6'], base: 'vgg-d', x: 'params' },
  };

  it('is the whole of the choices, settings of a family included', () => {
    const query = choicesToQuery(choices);
    expect(query).toContain('view=compare&nets=vgg-d,wide-resnet?depth=22%26k=6&base=vgg-d&x=params&y=top1');
    expect(queryToChoices(query)).toMatchObject({ view: 'compare', compare: choices.compare });
  });

  it('says nothing of a comparison while another view is open', () => {
    const query = choicesToQuery({ ...choices, view: 'table' });
    expect(query).not.toContain('nets');
    expect(queryToChoices(query).compare).toBeUndefined();
  });
});
