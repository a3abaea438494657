// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildNetwork, members, networkCost } from '../../models/index.ts';
import { startI18n } from '../i18n/index.ts';
import { fakeEngine, fakePlatform, fakeShelfStore } from '../store/fake.ts';
import { createAppStore, setAppStore } from '../store/store.ts';
import { noFilter } from '../networks/filter.ts';
import { setFilter } from '../networks/useNetworks.ts';
import { toDelimited, type Column } from './copy.ts';
import { LayerTable } from './LayerTable.tsx';
import { NetworkTable } from './NetworkTable.tsx';

const store = createAppStore(fakeEngine(), fakePlatform(), fakeShelfStore());

beforeAll(async () => {
  await startI18n('en');
});
beforeEach(() => {
  setAppStore(store);
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  // jsdom lays nothing out: without a height the virtual list would draw no row.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(800);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  setAppStore(null);
});

/** Numbers come from graphs that are built elsewhere: a row of ellipses says that they are on their way. */
const counted = () => waitFor(() => expect(screen.queryByText('…')).toBeNull(), { timeout: 20_000 });

const firstCells = () =>
  screen
    .getAllByRole('row')
    .map((row) => within(row).queryByRole('rowheader')?.textContent)
    .filter((text) => text !== undefined);

describe('the table of networks', () => {
  it('has every network by year, and sorts by parameters', { timeout: 60_000 }, async () => {
    render(<NetworkTable />);
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe(String(members.length + 1));
    expect(firstCells()[0]).toBe('LeNet-5 (1998)');
    await counted();
    fireEvent.click(screen.getByRole('button', { name: /Parameters/ }));
    const counts = new Map(members.map(({ id, name }) => [name, networkCost(buildNetwork(id).graph).params]));
    const largest = [...counts].sort((a, b) => b[1] - a[1])[0];
    expect(counts.get(firstCells()[0] ?? '')).toBe(largest?.[1]);
    expect(screen.getByRole('columnheader', { name: /Parameters/ }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    fireEvent.click(screen.getByRole('button', { name: /Parameters/ }));
    expect(counts.get(firstCells()[0] ?? '')).toBe(Math.min(...counts.values()));
  });

  it('shows what the filter of the list finds', async () => {
    render(<NetworkTable />);
    await act(async () => setFilter({ query: 'vgg 2014', ingredients: ['batchNorm'] }));
    await waitFor(() => expect(firstCells()).toHaveLength(5));
    expect(firstCells().every((name) => name?.includes('batch normalisation'))).toBe(true);
    await act(async () => setFilter(noFilter));
  });

  it('keeps networks without a figure below, whichever way it is sorted', () => {
    render(<NetworkTable />);
    const top5 = screen.getByRole('button', { name: /Top-5 error/ });
    for (let i = 0; i < 2; i++) {
      fireEvent.click(top5);
      expect(firstCells()[0]).not.toContain('LeNet-5');
    }
  });

  it('opens the network of a row', async () => {
    render(<NetworkTable />);
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'GoogLeNet' })));
    expect(store.getState()).toMatchObject({ network: 'googlenet', view: 'network' });
  });

  it('copies exact values', async () => {
    const writeText = vi.fn(async () => {});
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    render(<NetworkTable />);
    await counted();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'CSV' })));
    expect(writeText).toHaveBeenCalledWith(expect.stringContaining('62357608,1168032896'));
    expect(screen.getByRole('status').textContent).toBe('Copied');
    vi.unstubAllGlobals();
  });
});

describe('the table of layers', () => {
  it('draws a window of the rows, announces all of them, and totals them', () => {
    const network = buildNetwork('googlenet');
    render(<LayerTable network={network} selected={null} onSelect={() => {}} onHover={() => {}} />);
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe(
      String(network.graph.nodes.length + 1),
    );
    expect(firstCells().length).toBeLessThan(network.graph.nodes.length);
    expect(firstCells()[0]).toBe('input');
    expect(screen.getByText('6 998 552')).toBeTruthy();
  });

  it('hands selection and hover to the diagram', () => {
    const onSelect = vi.fn();
    const onHover = vi.fn();
    render(
      <LayerTable network={buildNetwork('zfnet')} selected="conv2" onSelect={onSelect} onHover={onHover} />,
    );
    expect(screen.getByRole('button', { pressed: true }).textContent).toBe('conv2');
    fireEvent.click(screen.getByRole('button', { name: 'pool1' }));
    expect(onSelect).toHaveBeenCalledExactlyOnceWith('pool1');
    fireEvent.mouseEnter(screen.getByRole('button', { name: 'conv3' }).closest('tr')!);
    expect(onHover).toHaveBeenLastCalledWith('conv3');
  });
});

describe('copying', () => {
  const columns: readonly Column<readonly [string, number | null]>[] = [
    { id: 'a', header: 'name', value: ([name]) => name, text: ([name]) => name },
    { id: 'b', header: 'count', numeric: true, value: ([, n]) => n, text: ([, n]) => String(n) },
  ];
  it('quotes what CSV needs quoted, and leaves gaps empty', () => {
    expect(
      toDelimited(
        columns,
        [
          ['a "b", c', 1168032896],
          ['d', null],
        ],
        ',',
      ),
    ).toBe('name,count\r\n"a ""b"", c",1168032896\r\nd,\r\n');
  });
  it('keeps tabs out of cells of TSV', () => {
    expect(toDelimited(columns, [['a\tb', -1.5]], '\t')).toBe('name\tcount\r\na b\t-1.5\r\n');
  });
});
