// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import i18next from 'i18next';
import { Profiler, useEffect, useState } from 'react';
import { initReactI18next } from 'react-i18next';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildNetwork, members } from '../../models/zoo/index.ts';
import en from '../i18n/en/diagram.json';
import ko from '../i18n/ko/diagram.json';
import { Diagram } from './Diagram.tsx';
import { Silhouette } from './Silhouette.tsx';

beforeAll(async () => {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    resources: { en: { diagram: en }, ko: { diagram: ko } },
    interpolation: { escapeValue: false },
  });
  // jsdom lays nothing out and knows no media; the diagram needs both only to fit and to move softly.
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener() {}, removeEventListener() {} }));
  vi.stubGlobal('CSS', { escape: (text: string) => text.replace(/["\\]/g, '\\$&') });
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1000);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(420);
});
afterEach(cleanup);

const renders = { count: 0 };
const outside = { select: (_node: string | null): void => {}, selected: null as string | null };

function Page({ id, first = null }: { readonly id: string; readonly first?: string | null }) {
  const [selected, setSelected] = useState<string | null>(first);
  const [hovered, setHovered] = useState<string | null>(null);
  useEffect(() => {
    outside.select = setSelected;
    outside.selected = selected;
  }, [selected]);
  return (
    <>
      <Profiler id="diagram" onRender={() => (renders.count += 1)}>
        <Diagram
          network={buildNetwork(id)}
          selected={selected}
          hovered={hovered}
          faces={null}
          answer={null}
          onSelect={setSelected}
          onHover={setHovered}
          theme="light"
        />
      </Profiler>
    </>
  );
}
const box = (id: string): Element => {
  const found = document.querySelector(`[data-box="${id}"]`);
  if (found === null) throw new Error(`no box ${id}`);
  return found;
};

describe('the diagram on the page', () => {
  it.each(members.map(({ id }) => id))('%s: every box is a button that says what it is', (id) => {
    render(<Page id={id} />);
    const boxes = [...document.querySelectorAll('[data-box]')];
    expect(boxes.length).toBeGreaterThan(6);
    for (const element of boxes) {
      expect(element.getAttribute('role')).toBe('button');
      expect(element.getAttribute('aria-label')).toMatch(/^\S.*, \d/);
    }
    expect(boxes.filter((element) => element.getAttribute('tabindex') === '0')).toHaveLength(1);
  });
  it('selects by click, walks by arrows, and selects nothing by Esc at the top', () => {
    render(<Page id="zfnet" />);
    fireEvent.click(
      screen.getByRole('button', { name: 'conv2: convolution 5×5, stride 2, 256 maps, 26×26' }),
    );
    expect(outside.selected).toBe('conv2');
    expect(box('conv2').getAttribute('aria-pressed')).toBe('true');
    fireEvent.keyDown(box('conv2'), { key: 'ArrowRight' });
    expect(outside.selected).toBe('pool2');
    expect(document.activeElement).toBe(box('pool2'));
    fireEvent.keyDown(box('pool2'), { key: 'Escape' });
    expect(outside.selected).toBeNull();
  });
  it('selects the in-place op whose band is clicked', () => {
    render(<Page id="zfnet" />);
    fireEvent.click(box('conv2').querySelector('[data-node="relu2"]')!);
    expect(outside.selected).toBe('relu2');
    expect(box('conv2').getAttribute('aria-pressed')).toBe('true');
  });
  it('unfolds by double click, folds by Esc, and shows a block as selected when its node is', () => {
    render(<Page id="googlenet" />);
    fireEvent.doubleClick(box('block:inception_4a'));
    expect(document.querySelector('[data-box="block:inception_4a"]')).toBeNull();
    fireEvent.click(box('inception_4a/3x3'));
    expect(outside.selected).toBe('inception_4a/3x3');
    fireEvent.keyDown(box('inception_4a/3x3'), { key: 'Escape' });
    expect(box('block:inception_4a').getAttribute('aria-pressed')).toBe('true');
    expect(document.activeElement).toBe(box('block:inception_4a'));
  });
  it('leaves a folded block folded that is selected here', () => {
    render(<Page id="googlenet" />);
    fireEvent.click(box('block:inception_4a'));
    expect(outside.selected).not.toBeNull();
    expect(box('block:inception_4a').getAttribute('aria-pressed')).toBe('true');
  });
  it('unfolds what hides a layer that is selected elsewhere', () => {
    render(<Page id="resnet-18" />);
    expect(document.querySelector('[data-box="conv4_x/2/conv1"]')).toBeNull();
    act(() => outside.select('conv4_x/2/conv1'));
    expect(box('conv4_x/2/conv1').getAttribute('aria-pressed')).toBe('true');
  });
  it('finds a layer by its op', () => {
    render(<Page id="alexnet-2012" />);
    fireEvent.keyDown(window, { key: '/' });
    const input = screen.getByRole('combobox');
    expect(document.activeElement).toBe(input);
    fireEvent.change(input, { target: { value: 'response conv2' } });
    expect(screen.queryAllByRole('option')).toHaveLength(0);
    fireEvent.change(input, { target: { value: 'local response' } });
    expect(screen.getAllByRole('option')).toHaveLength(2);
    fireEvent.keyDown(input, { key: 'Enter' });
    expect(outside.selected).toMatch(/norm1|lrn1/);
  });
  it('opens at the layer that is chosen, where the room is too small for the whole', () => {
    const width = vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(390);
    const window = vi.spyOn(globalThis, 'innerWidth', 'get').mockReturnValue(390);
    render(<Page id="googlenet" first="classifier" />);
    width.mockReturnValue(1000);
    window.mockRestore();
    const layer = screen.getByRole('group', { name: 'Diagram of GoogLeNet' }).querySelector(':scope > g')!;
    const [x = 0, , k = 1] = (layer.getAttribute('transform')!.match(/-?[\d.]+/g) ?? []).map(Number);
    const left = Number(box('classifier').querySelector('rect')!.getAttribute('x')) * k + x;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(390);
  });
  it('pans without a React render', () => {
    render(<Page id="zfnet" />);
    const svg = screen.getByRole('group', { name: 'Diagram of ZFNet' });
    const layer = svg.querySelector(':scope > g')!;
    const before = { transform: layer.getAttribute('transform'), renders: renders.count };
    for (let i = 0; i < 5; i++) svg.dispatchEvent(new WheelEvent('wheel', { deltaX: 20, cancelable: true }));
    expect(layer.getAttribute('transform')).not.toBe(before.transform);
    expect(renders.count).toBe(before.renders);
  });
});

describe('a network of more boxes than are drawn at once, unfolded', () => {
  const drawn = () => document.querySelectorAll('[data-box]').length;
  const open = () => {
    render(<Page id="resnet-152" />);
    fireEvent.click(document.querySelector('button[aria-label="Unfold all blocks"]')!);
  };
  it('is in the page as far as it is on screen, and a little farther', () => {
    open();
    expect(drawn()).toBeGreaterThan(10);
    expect(drawn()).toBeLessThan(100);
  });
  it('is drawn where one goes: a layer that is chosen elsewhere, and what the arrows lead to', () => {
    open();
    expect(document.querySelector('[data-box="conv4_x/30/conv1"]')).toBeNull();
    act(() => outside.select('conv4_x/30/conv1'));
    expect(box('conv4_x/30/conv1').getAttribute('aria-pressed')).toBe('true');
    expect(drawn()).toBeLessThan(100);
    act(() => (box('conv4_x/30/conv1') as SVGGElement).focus());
    for (let i = 0; i < 6; i++) fireEvent.keyDown(document.activeElement!, { key: 'ArrowRight' });
    const reached = document.activeElement?.getAttribute('data-box') ?? '';
    expect(reached).toMatch(/^conv4_x\/3[12]\//);
    expect(outside.selected).toBe(reached);
  }, 30_000);
  it('is found by a search and put into the focus', () => {
    open();
    fireEvent.keyDown(window, { key: '/' });
    const input = document.querySelector('input[role=combobox]')!;
    fireEvent.change(input, { target: { value: 'conv3_x/5/conv2' } });
    fireEvent.keyDown(input, { key: 'Enter' });
    expect(document.activeElement?.getAttribute('data-box')).toBe('conv3_x/5/conv2');
  }, 30_000);
  it('is whole in the overview', () => {
    open();
    const overview = [...document.querySelectorAll('svg[aria-hidden]')].find((svg) =>
      svg.querySelector('title'),
    );
    const boxes = overview?.querySelector('path')?.getAttribute('d')?.match(/M/g) ?? [];
    expect(boxes.length).toBe(209);
  });
});

describe('both languages', () => {
  const paths = (value: unknown, path = ''): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => paths(inner, `${path}.${key}`))
      : [path];
  it('say the same things', () => {
    expect(paths(ko)).toEqual(paths(en));
  });
});

describe('silhouettes', () => {
  it('are decoration of one height', () => {
    const { container } = render(<Silhouette network={buildNetwork('lenet-5')} />);
    expect(container.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true');
    expect(container.querySelector('path')?.getAttribute('d')).toMatch(/^M/);
  });
});
