// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConvScopeError } from '../../models/errors.ts';
import type { PublishedWeights } from '../../models/published.ts';
import { startI18n } from '../i18n/index.ts';
import { fakeEngine, fakePlatform, fakeShelf, fakeShelfStore, shelfItem } from '../store/fake.ts';
import { setShelfStore } from '../store/shelf.ts';
import { createAppStore, setAppStore } from '../store/store.ts';
import type { WeightsPanel as Panel } from './WeightsPanel.tsx';

const preprocessing = {
  input: [224, 224, 3],
  colour: 'rgb',
  fit: 'shorter-side',
  resize: 256,
  filter: 'bilinear',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
} as const;
const entry = (id: string, network: string, change: Partial<PublishedWeights> = {}): PublishedWeights => ({
  id,
  network,
  publisher: 'torchvision',
  title: id,
  url: `https://hub.example/files/${id}`,
  page: 'https://hub.example/about',
  file: `${id}.pth`,
  format: 'pytorch',
  bytes: 3 * 2 ** 20,
  bytesAre: 'computed',
  sha256: '0676ba61',
  source: 'torchvision',
  dataset: 'ImageNet',
  preprocessing,
  accuracy: { top1: 76.13, top5: 92.862, source: 'the publisher' },
  licence: 'BSD-3-Clause',
  ...change,
});
const v1 = entry('a/resnet-50', 'resnet-50');
const v2 = entry('b/resnet-50', 'resnet-50', { sha256: null, accuracy: null });

vi.mock('../../models/catalogue.ts', () => ({
  get catalogue() {
    return [v1, v2];
  },
}));

let WeightsPanel: typeof Panel;
let engine: ReturnType<typeof fakeEngine>;
let shelf: ReturnType<typeof fakeShelf>;

async function show(network: string, items: Parameters<typeof fakeShelf>[0] = []) {
  shelf = fakeShelf(items);
  const kept = fakeShelfStore(shelf);
  const store = createAppStore(engine, fakePlatform(`?net=${network}`), kept);
  setShelfStore(kept);
  setAppStore(store);
  await store.boot();
  const onLeave = vi.fn();
  render(
    <>
      <WeightsPanel onLeave={onLeave} />
    </>,
  );
  await settle();
  return { store, onLeave };
}
const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 0)));
const row = (name: string) => screen.getByRole('listitem', { name });
const press = async (element: HTMLElement) => {
  fireEvent.click(element);
  await settle();
};

beforeAll(async () => {
  await startI18n('en');
  // It adds its words to the ones that are there.
  ({ WeightsPanel } = await import('./WeightsPanel.tsx'));
});
beforeEach(() => {
  engine = fakeEngine();
});
afterEach(() => {
  cleanup();
  setAppStore(null);
  setShelfStore(null);
});

describe('weights to get', () => {
  it('show size, accuracy, licence, source and the memory they need before a byte moves', async () => {
    await show('resnet-50');
    expect(row('a/resnet-50').textContent).toMatch(/3\.00.MiB/);
    expect(row('a/resnet-50').textContent).toMatch(/76\.13.% \/ 92\.86.%/);
    expect(row('a/resnet-50').textContent).toContain('BSD-3-Clause');
    expect(within(row('a/resnet-50')).getByRole('link').getAttribute('href')).toBe(v1.page);
    expect(screen.getByText(/there is room/)).toBeTruthy();
    expect(screen.getByText(/publisher \(hub\.example\) to/)).toBeTruthy();
    expect(shelf.calls).toEqual([]);
  });

  it('come when asked for, answer, and can be deleted', async () => {
    const { store } = await show('resnet-50');
    await press(within(row('a/resnet-50')).getByRole('button', { name: /^Get/ }));
    expect(shelf.calls).toEqual(['get a/resnet-50']);
    expect(row('a/resnet-50').textContent).toMatch(/on this device, 1\.00.KiB in float16/);
    expect(store.getState().answer.state).toBe('done');
    await press(within(row('a/resnet-50')).getByRole('button', { name: /^Delete/ }));
    expect(store.getState().answer.state).toBe('idle');
  });

  it('show how far they are and can be paused; what arrived is named', async () => {
    await show('resnet-50');
    let stop = () => {};
    shelf.getNext = (id, progress) => {
      progress({ id, phase: 'download', loadedBytes: 2 ** 20, totalBytes: 4 * 2 ** 20 });
      return new Promise((_, reject) => {
        stop = () => {
          const part = { state: 'partial', loadedBytes: 2 ** 20, totalBytes: 4 * 2 ** 20 } as const;
          shelf.items = [shelfItem(id, 'resnet-50', part)];
          reject(new ConvScopeError('cancelled', 'Paused.'));
        };
      });
    };
    await press(within(row('a/resnet-50')).getByRole('button', { name: /^Get/ }));
    expect(screen.getByRole('progressbar').getAttribute('value')).toBe('0.25');
    await press(within(row('a/resnet-50')).getByRole('button', { name: /^Pause/ }));
    expect(shelf.calls.at(-1)).toBe('pause a/resnet-50');
    stop();
    await settle();
    expect(row('a/resnet-50').textContent).toMatch(/1\.00.MiB of 4\.00.MiB are here/);
    expect(within(row('a/resnet-50')).getByText('Go on')).toBeTruthy();
  });

  it('tell why they did not come, beside where they were asked for', async () => {
    await show('resnet-50');
    shelf.getNext = () =>
      Promise.reject(new ConvScopeError('weights-corrupt', 'Another hash.', { file: 'x.pth' }));
    await press(within(row('a/resnet-50')).getByRole('button', { name: /^Get/ }));
    expect(within(row('a/resnet-50')).getByRole('alert').textContent).toMatch(/x\.pth is damaged/);
  });

  it('say before the download that there is not enough memory, and offer the smaller network', async () => {
    vi.spyOn(engine, 'capacity').mockResolvedValue({
      ref: 'resnet-50',
      neededBytes: 2 ** 30,
      availableBytes: 2 ** 29,
      fits: 'no',
      smaller: 'resnet-18',
    });
    const { store, onLeave } = await show('resnet-50');
    expect(screen.getByText(/it will not run/)).toBeTruthy();
    await press(screen.getByRole('button', { name: /Open ResNet-18 instead/ }));
    expect(store.getState().network).toBe('resnet-18');
    expect(onLeave).toHaveBeenCalled();
  });

  it('are those of the family where a form has none', async () => {
    await show('resnet-34');
    expect(screen.getByText(/No weights are published for ResNet-34/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'ResNet-50' })).toBeTruthy();
  });
});

describe('several weights of one network', () => {
  it('offer the choice of which answers', async () => {
    const items = [
      shelfItem(v1.id, 'resnet-50', { keptAt: 1 }),
      shelfItem(v2.id, 'resnet-50', { keptAt: 2 }),
    ];
    await show('resnet-50', items);
    const radio = (name: string) => within(row(name)).getByRole<HTMLInputElement>('radio');
    expect([radio(v1.id).checked, radio(v2.id).checked]).toEqual([false, true]);
    await press(radio(v1.id));
    expect([radio(v1.id).checked, radio(v2.id).checked]).toEqual([true, false]);
  });
});

describe('what is kept on this device', () => {
  it('is listed with its room, and goes when it is deleted', async () => {
    await show('resnet-34', [shelfItem(v1.id, 'resnet-50')]);
    const table = screen.getByRole('table');
    expect(within(table).getByRole('rowheader').textContent).toBe('a/resnet-50ResNet-50');
    expect(screen.getByText(/1\.00.KiB of about 1\.00.GiB/)).toBeTruthy();
    await press(within(table).getByRole('button', { name: 'Delete a/resnet-50' }));
    expect(screen.queryByRole('table')).toBeNull();
  });
});
