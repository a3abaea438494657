// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConvScopeError } from '../../models/errors.ts';
import { buildNetwork } from '../../models/index.ts';
import { DiagramPane } from '../app/DiagramPane.tsx';
import { startI18n } from '../i18n/index.ts';
import { LayerLabel } from '../panel/LayerLabel.tsx';
import { fakeEngine, fakePlatform, fakeShelfStore, fakeTimes, type FakeEngine } from '../store/fake.ts';
import { createAppStore, setAppStore, type AppStore } from '../store/store.ts';
import { LayerTable } from '../table/LayerTable.tsx';
import { TimingStatus } from './TimingStatus.tsx';

// Kernels are drawn on a canvas, which jsdom has none of; their own tests hold them.
vi.mock('../maps/KernelGrid.tsx', () => ({ KernelGrid: () => null }));

let engine: FakeEngine;
let store: AppStore;
const nothing = () => {};
const firstConv = buildNetwork('efficientnet-lite0').graph.nodes[1]!.id;
const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 0)));

async function open(query: string): Promise<void> {
  engine = fakeEngine();
  store = createAppStore(engine, fakePlatform(query), fakeShelfStore());
  setAppStore(store);
  await store.boot();
}
beforeAll(async () => {
  await startI18n('en');
});
beforeEach(async () => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener() {}, removeEventListener() {} }));
  // jsdom lays nothing out: without a size no row and no box would be drawn.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1000);
  await open(`?net=efficientnet-lite0&layer=${firstConv}`);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  setAppStore(null);
});

const measure = async (): Promise<void> => {
  fireEvent.click(screen.getByRole('button', { name: 'Measure the time of each layer' }));
  await settle();
};
const table = (ref: string) =>
  render(<LayerTable network={buildNetwork(ref)} selected={null} onSelect={nothing} onHover={nothing} />);

describe('where times come from', () => {
  it('is a button, then how far it is, then a sentence', async () => {
    engine.hold.add('layerTimes');
    render(<TimingStatus />);
    await measure();
    expect(screen.queryByRole('button', { name: /Measure/ })).toBeNull();
    act(() => engine.held[0]?.release());
    await settle();
    expect(screen.getByRole('status').textContent).toMatch(
      /^Medians of 15 passes on wasm, 1 thread: layers together .* 100.ms\.$/,
    );
    expect(screen.getByRole('status').title).toMatch(/^By the clock.* A normalisation that runs in one step/);
    expect(screen.getByRole('button', { name: 'Measure again' })).toBeTruthy();
  });

  it('says that small layers come out too large where each was waited for', async () => {
    render(<TimingStatus />);
    const value = fakeTimes('efficientnet-lite0', { method: 'round-trip', backend: 'webgl', threads: 0 });
    act(() => store.setState({ layerTimes: { state: 'done', value } }));
    expect(screen.getByRole('status').textContent).toMatch(/on webgl: .*small layers come out too large/);
  });

  it('says that something else computes since then', async () => {
    render(<TimingStatus />);
    await measure();
    await act(async () => store.getState().chooseBackend('cpu'));
    await settle();
    expect(screen.getByRole('status').textContent).toMatch(/^Measured on wasm, 1 thread with .*changed\./);
  });

  it('needs weights', async () => {
    await open('?net=resnet-18');
    const { rerender, container } = render(<TimingStatus />);
    expect(container.textContent).toBe('');
    rerender(<TimingStatus short />);
    expect(screen.queryByRole('button')).toBeNull();
    expect(screen.getByText(/once the network has weights/)).toBeTruthy();
  });

  it('says why it failed and tries again', async () => {
    render(<TimingStatus />);
    engine.failNext.set('layerTimes', new ConvScopeError('no-image', 'There is no image yet.'));
    await measure();
    const note = screen.getByRole('alert');
    fireEvent.click(within(note).getByRole('button', { name: 'Try again' }));
    await settle();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByRole('button', { name: 'Measure again' })).toBeTruthy();
  });
});

describe('the table of layers', () => {
  const headers = () => screen.getAllByRole('columnheader').map(({ textContent }) => textContent);

  it('has no columns of time before it is measured, and then three, which sort', async () => {
    table('efficientnet-lite0');
    expect(headers()).not.toContain('Time (ms)');
    await measure();
    expect(headers()).toEqual(expect.arrayContaining(['Time (ms)', 'Share', 'GMAC/s']));
    fireEvent.click(screen.getByRole('button', { name: 'Time (ms)' }));
    const { nodes } = buildNetwork('efficientnet-lite0').graph;
    // The fake engine's last layer takes longest.
    expect(screen.getAllByRole('rowheader')[0]?.textContent).toBe(nodes.at(-1)?.id);
  });

  it('says which normalisation runs with its ReLU, on screen and in every copy', async () => {
    const writeText = vi.fn<(text: string) => Promise<void>>(async () => {});
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    table('efficientnet-lite0');
    await measure();
    const { nodes } = buildNetwork('efficientnet-lite0').graph;
    const relu = nodes.find(({ op }) => op.kind === 'relu')!;
    const joined = screen.getAllByText('with ReLU');
    expect(joined[0]?.getAttribute('title')).toContain(relu.id);
    const copies: string[] = [];
    for (const name of ['CSV', 'TSV', 'Markdown', 'JSON']) {
      await act(async () => fireEvent.click(screen.getByRole('button', { name })));
      copies.push(writeText.mock.lastCall?.[0] ?? '');
    }
    for (const copy of copies) expect(copy).toContain(`with ${relu.id}`);
    const records = JSON.parse(copies[3]!) as readonly Record<string, unknown>[];
    expect(records).toHaveLength(nodes.length);
    expect(records[0]).toMatchObject({ id: nodes[0]?.id, time: 1 });
    expect(copies[2]?.split('\n')).toHaveLength(nodes.length + 3);
  });
});

describe('the label of a layer', () => {
  it('has its time once there is one', async () => {
    render(
      <>
        <TimingStatus />
        <LayerLabel />
      </>,
    );
    expect(screen.queryByText('Speed')).toBeNull();
    await measure();
    expect(screen.getByText(/^2\.0.ms, .*% of the layers’ time$/)).toBeTruthy();
    expect(screen.getByText(/GMAC\/s$/)).toBeTruthy();
  });
});

describe('the diagram', () => {
  const diagram = () => {
    // Pictures are drawn on canvases, which jsdom has none of.
    store.setState({ faces: { state: 'idle' } });
    return render(
      <>
        <DiagramPane withTable={false} hovered={null} onHover={nothing} />
      </>,
    );
  };
  const name = (box: string) => document.querySelector(`[data-box="${box}"]`)?.getAttribute('aria-label');

  it('tells each box’s share of what it is coloured by, in its name and with a scale', async () => {
    await open('?net=lenet-5-modern&overlay=parameters');
    diagram();
    await settle();
    expect(name('fc1')).toMatch(/^fc1: fully connected layer, 120 units, 78\.0.% of the parameters\.$/);
    expect(screen.getByText(/of 61\.7.k parameters/)).toBeTruthy();
    await act(async () => store.getState().chooseOverlay('none'));
    await settle();
    expect(name('fc1')).not.toContain('parameters');
  });

  it('offers to measure where it is to show time, and shows it then', async () => {
    await open('?net=lenet-5-modern&overlay=time');
    diagram();
    await settle();
    expect(name('fc1')).not.toContain('time');
    await measure();
    await settle();
    expect(name('fc1')).toMatch(/\d.% of the time\.$/);
  });
});
