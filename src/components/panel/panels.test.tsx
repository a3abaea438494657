// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConvScopeError } from '../../models/errors.ts';
import { startI18n } from '../i18n/index.ts';
import { fakeEngine, fakePlatform, type FakeEngine, fakeShelfStore } from '../store/fake.ts';
import { createAppStore, setAppStore, type AppStore } from '../store/store.ts';
import { AnswerPanel, TenClasses } from './AnswerPanel.tsx';
import { LayerLabel } from './LayerLabel.tsx';
import { NetworkNotes } from './NetworkNotes.tsx';
import { NoWeights } from './NoWeights.tsx';

// Kernels are drawn on a canvas, which jsdom has none of; their own tests hold them.
vi.mock('../maps/KernelGrid.tsx', () => ({ KernelGrid: () => null }));

let engine: FakeEngine;
let store: AppStore;

beforeAll(async () => {
  await startI18n('en');
  // Loaded here, so that no test waits for a chunk longer than a page does.
  await import('./NetworkTexts.tsx');
});
beforeEach(async () => {
  engine = fakeEngine();
  store = createAppStore(engine, fakePlatform('?net=zfnet-imagenette&layer=conv1'), fakeShelfStore());
  setAppStore(store);
  await store.boot();
});
afterEach(() => {
  cleanup();
  setAppStore(null);
});

const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 0)));

describe('the answer', () => {
  it('names the classes with probability, time and backend', () => {
    render(<AnswerPanel />);
    const [first] = screen.getAllByRole('listitem');
    expect(first?.textContent).toMatch(/^first80\.0.%$/);
    expect(screen.getByText(/5\.0.ms on wasm/)).toBeTruthy();
  });

  it('shows a wait of more than 200 ms with its bytes, and a way to end it', async () => {
    vi.useFakeTimers();
    engine.hold.add('load');
    render(<AnswerPanel />);
    await act(async () => {
      store.getState().chooseNetwork('efficientnet-lite0');
      await vi.advanceTimersByTimeAsync(10);
    });
    act(() =>
      engine.held[0]?.progress({ phase: 'weights', fraction: 0.5, loadedBytes: 1024, totalBytes: 2048 }),
    );
    expect(screen.queryByRole('progressbar')).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(300));
    expect(screen.getByText(/Loading the weights 1\.00.KiB of 2\.00.KiB/)).toBeTruthy();
    expect(screen.getByRole('progressbar').getAttribute('value')).toBe('0.5');
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await act(() => vi.advanceTimersByTimeAsync(10));
    vi.useRealTimers();
    expect(screen.queryByRole('progressbar')).toBeNull();
    expect(screen.getByRole('status').textContent).toContain('Cancelled');
  });

  it('says what failed and goes on when it is tried again', async () => {
    engine.failNext.set('classify', new ConvScopeError('out-of-memory', 'Full.', {}));
    render(<AnswerPanel />);
    await act(async () => store.getState().chooseSample('cat.jpg'));
    await settle();
    expect(screen.getByRole('alert').textContent).toContain('not enough memory');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await settle();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
  });

  it('of the ten-class network says which ten, and offers the one of a thousand', async () => {
    render(<TenClasses />);
    expect(screen.getByText('Knows only these ten: first.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: /EfficientNet-Lite0/ }));
    await settle();
    expect(store.getState().network).toBe('efficientnet-lite0');
  });
});

describe("the layer's label", () => {
  const fact = (term: string) => screen.getByText(term).parentElement?.querySelector('dd')?.textContent;

  it('has hyper-parameters, shapes, field and the formula with its own numbers', () => {
    render(<LayerLabel />);
    expect(screen.getByRole('heading', { name: 'conv1' })).toBeTruthy();
    expect(fact('Kernel')).toBe('7×7');
    expect(fact('Stride')).toBe('2');
    expect(fact('Input')).toBe('224×224×3');
    expect(fact('Output')).toBe('110×110×96');
    expect(fact('Receptive field')).toBe('7×7 px');
    expect(screen.getByText('(7*7*3 + 1) * 96 = 14,208')).toBeTruthy();
  });

  it('leads to the neighbours', async () => {
    render(<LayerLabel />);
    fireEvent.click(screen.getByRole('button', { name: 'relu1' }));
    await settle();
    expect(store.getState().layer).toBe('relu1');
    expect(screen.getByRole('button', { name: 'pool1' })).toBeTruthy();
  });
});

describe('what is known of a network', () => {
  it('is told with its deviations, and with whose weights these are', async () => {
    render(<NetworkNotes />);
    expect(screen.getByRole('region').querySelector('[aria-busy]')).toBeTruthy();
    expect(await screen.findByText(/Where it departs from the paper/)).toBeTruthy();
    expect(screen.getByRole('region').querySelector('[aria-busy]')).toBeNull();
    expect(screen.getByText('50.00 %')).toBeTruthy();
    expect(screen.getByText('a test')).toBeTruthy();
  });

  it('has the survival of each block of stochastic depth, and leads to it', async () => {
    store.getState().chooseNetwork('stochastic-depth-resnet-110');
    await settle();
    render(
      <>
        <NetworkNotes />
        <LayerLabel />
      </>,
    );
    const paths = await screen.findByText('Survival of its 54 paths in training');
    const rows = within(paths.parentElement!).getAllByRole('listitem', { hidden: true });
    expect(rows[0]?.textContent).toBe('conv2_x/10.9907');
    expect(rows.at(-1)?.textContent).toBe('conv4_x/180.5');
    fireEvent.click(within(rows[26]!).getByRole('button', { hidden: true }));
    await settle();
    expect(store.getState().layer).toBe('conv3_x/9/drop_path');
    expect(screen.getByText('Survival').parentElement?.querySelector('dd')?.textContent).toBe('0.75');
  });

  it('without weights names those that have some', async () => {
    store.getState().chooseNetwork('alexnet-2012');
    await settle();
    render(
      <>
        <NoWeights />
      </>,
    );
    expect(screen.getByText(/AlexNet is drawn and counted here/)).toBeTruthy();
    const names = within(screen.getByRole('list'))
      .getAllByRole('button')
      .map((button) => button.textContent);
    expect(names).toEqual(['ZFNet (Imagenette)', 'EfficientNet-Lite0', 'LeNet-5 (modern)']);
  });
});
