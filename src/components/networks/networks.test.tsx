// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { families, members } from '../../models/zoo/index.ts';
import { startI18n } from '../i18n/index.ts';
import { fakeEngine, fakePlatform, fakeShelfStore } from '../store/fake.ts';
import { createAppStore, setAppStore, type AppStore } from '../store/store.ts';
import { noFilter } from './filter.ts';
import { NetworkFilter } from './NetworkFilter.tsx';
import { NetworkList } from './NetworkList.tsx';
import { Parameters } from './Parameters.tsx';
import { setFilter } from './useNetworks.ts';

let store: AppStore;

beforeAll(async () => {
  await startI18n('en');
});
beforeEach(async () => {
  store = createAppStore(fakeEngine(), fakePlatform('?net=resnet-50'), fakeShelfStore());
  setAppStore(store);
  await store.boot();
});
afterEach(() => {
  cleanup();
  setFilter(noFilter);
  setAppStore(null);
});

const button = (name: string | RegExp) => screen.getByRole('button', { name });
const networks = () =>
  screen.getAllByRole('button').filter((each) => !each.hasAttribute('aria-expanded')).length;

describe('the list of networks', () => {
  it('has an entry a family, and the members of the chosen one', () => {
    render(<NetworkList collapsed={false} />);
    const resnet = families.find(({ id }) => id === 'resnet')!;
    expect(networks()).toBe(families.length + resnet.members.length);
    expect(button(/^ResNet-50 ?\b(?! \()/).getAttribute('aria-current')).toBe('true');
    expect(button(/networks? of VGG/).getAttribute('aria-expanded')).toBe('false');
  });

  it('opens and closes a family without choosing, and chooses a member', async () => {
    render(<NetworkList collapsed={false} />);
    fireEvent.click(button(/networks? of VGG/));
    expect(store.getState().network).toBe('resnet-50');
    await act(async () => fireEvent.click(button(/^VGG E \(VGG-19\)/)));
    expect(store.getState().network).toBe('vgg-e');
    fireEvent.click(button(/networks? of VGG/));
    expect(screen.queryByRole('button', { name: /^VGG E \(VGG-19\)/ })).toBeNull();
  });

  it('opens a family with the member that has weights', async () => {
    render(<NetworkList collapsed={false} />);
    await act(async () => fireEvent.click(button(/ZFNet, weights/)));
    expect(store.getState().network).toBe('zfnet-imagenette');
  });

  it('collapsed has the families alone', () => {
    render(<NetworkList collapsed />);
    expect(networks()).toBe(families.length);
  });
});

describe('the search', () => {
  const list = () => {
    render(
      <>
        <NetworkFilter />
        <nav>
          <NetworkList collapsed={false} />
        </nav>
      </>,
    );
    return within(screen.getByRole('navigation'));
  };

  it('shows the members that it finds and says how many', () => {
    const nav = list();
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'vgg 19' } });
    expect(screen.getByRole('status').textContent).toContain(`1 of ${members.length} networks`);
    expect(nav.getAllByRole('button').map((each) => each.textContent)).toContainEqual(
      expect.stringContaining('VGG E (VGG-19)'),
    );
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'no such network' } });
    expect(screen.getByText('No network here is like that.')).toBeTruthy();
    fireEvent.keyDown(screen.getByRole('searchbox'), { key: 'Escape' });
    expect(screen.getByRole('status').textContent).toBe('');
  });

  it('by an ingredient, once the graphs are known', async () => {
    const nav = list();
    fireEvent.click(button('Filter'));
    fireEvent.click(button('depthwise'));
    await waitFor(() => expect(nav.getByRole('button', { name: /^MobileNet v1, width 1/ })).toBeTruthy(), {
      timeout: 20_000,
    });
    expect(nav.queryByRole('button', { name: /VGG/ })).toBeNull();
    expect(button('Filter, 1 chosen')).toBeTruthy();
  }, 30_000);
});

describe('the parameters', () => {
  // The clock is turned on by hand: a slider is followed after a moment's rest.
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const settle = () => act(() => vi.advanceTimersByTimeAsync(200));
  const open = async (ref: string) => {
    await act(async () => store.getState().chooseNetwork(ref));
    render(<Parameters />);
  };

  it('builds what is asked for at once, and writes it to the address', async () => {
    await open('wide-resnet-28-10');
    fireEvent.change(screen.getByRole('slider', { name: /widening/ }), { target: { value: '6' } });
    await settle();
    expect(store.getState().network).toBe('wide-resnet?k=6');
    expect(screen.getByLabelText<HTMLSelectElement>('Listed network').value).toBe('');
    fireEvent.change(screen.getByLabelText('layers'), { target: { value: '16' } });
    fireEvent.change(screen.getByLabelText('widening factor'), { target: { value: '8' } });
    await settle();
    expect(store.getState().network).toBe('wide-resnet-16-8');
    expect(screen.getByLabelText<HTMLSelectElement>('Listed network').value).toBe('wide-resnet-16-8');
  });

  it('refuses an impossible value beside it and keeps the last network', async () => {
    await open('wide-resnet-28-10');
    fireEvent.change(screen.getByLabelText('layers'), { target: { value: '29' } });
    await settle();
    expect(store.getState().network).toBe('wide-resnet-28-10');
    expect(screen.getByRole('alert').textContent).toMatch(/no depth=29.*Possible: 10, 16, 22/);
    expect(screen.getByLabelText('layers').getAttribute('aria-invalid')).toBe('true');
    fireEvent.click(button('Keep the last possible settings'));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByLabelText<HTMLInputElement>('layers').value).toBe('28');
  });

  it('refuses in the language of the page', async () => {
    await open('wide-resnet-28-10');
    await act(async () => store.getState().chooseLanguage('ko'));
    fireEvent.change(screen.getByRole('spinbutton', { name: /층 수/ }), { target: { value: '29' } });
    await settle();
    expect(screen.getByRole('alert').textContent).toBe(
      'wide-resnet에는 depth=29 설정이 없습니다. 가능한 값: 10, 16, 22, ... 100.',
    );
  });

  it('says what a value means where the value does not', async () => {
    await open('alexnet-2012');
    const names = [...screen.getByLabelText<HTMLSelectElement>('form').options].map(({ text }) => text);
    expect(names).toContain('CaffeNet: pool, then normalise');
  });

  it('takes two settings that are possible only together, one after the other', async () => {
    await open('alexnet-2012');
    fireEvent.change(screen.getByLabelText('form'), { target: { value: '2014' } });
    await settle();
    expect(screen.getByRole('alert').textContent).toContain('groups=1');
    fireEvent.change(screen.getByLabelText(/groups/), { target: { value: '1' } });
    await settle();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(store.getState().network).toBe('alexnet?form=2014&groups=1');
  });

  it('switches training-time structure, and keeps the layer that is open', async () => {
    await open('googlenet');
    await act(async () => store.getState().chooseLayer('conv1'));
    fireEvent.click(screen.getByRole('switch', { name: /auxiliary/ }));
    await settle();
    expect(store.getState().network).toBe('googlenet-aux');
    expect(store.getState().layer).toBe('conv1');
  });
});
