// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { FeatureMaps, Projection, Projections, SeenImage } from '../../workers/contract.ts';
import { fieldBox } from '../../models/field.ts';
import { nodeById } from '../../models/lookup.ts';
import * as zoo from '../../models/zoo/index.ts';
import { buildNetwork, provideZoo } from '../zoo.ts';
import { startI18n } from '../i18n/index.ts';
import { setAppStore, type AppStore } from '../store/store.ts';
import type { Store } from '../store/types.ts';
import { DigitCanvas } from './DigitCanvas.tsx';
import { useHoverUnit } from './hoverUnit.ts';
import { KernelGrid } from './KernelGrid.tsx';
import { MapsDrawer } from './MapsDrawer.tsx';
import { SeenImageView } from './SeenImageView.tsx';

provideZoo(zoo);
const network = buildNetwork('zfnet-imagenette');
const lenet = buildNetwork('lenet-5-modern');

/** jsdom lays nothing out and draws nothing: elements are 800x400 here, and canvases keep what was put on them. */
beforeAll(async () => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(private readonly callback: () => void) {}
      observe() {
        this.callback();
      }
      disconnect() {}
    },
  );
  vi.stubGlobal(
    'ImageData',
    class {
      constructor(
        readonly data: Uint8ClampedArray,
        readonly width: number,
        readonly height: number,
      ) {}
    },
  );
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 800 });
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 400 });
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement) {
    return {
      canvas: this,
      putImageData: (image: ImageData) => drawn.set(this, image),
      createImageData: (width: number, height: number) => ({
        width,
        height,
        data: new Uint8ClampedArray(width * height * 4),
      }),
      getImageData: () => ({ data: new Uint8ClampedArray(4), width: 1, height: 1 }),
      drawImage: () => {},
      fillRect: () => {},
      beginPath: () => {},
      moveTo: () => {},
      lineTo: () => {},
      stroke: () => strokes.push(this),
    } as unknown as CanvasRenderingContext2D;
  } as unknown as typeof HTMLCanvasElement.prototype.getContext;
  await startI18n('en');
});

const drawn = new Map<HTMLCanvasElement, ImageData>();
const strokes: HTMLCanvasElement[] = [];

beforeEach(() => {
  drawn.clear();
  strokes.length = 0;
  useHoverUnit.setState({ unit: null });
});
afterEach(() => {
  cleanup();
  setAppStore(null);
});

/** Maps whose channel c is c everywhere (0 is dead), with its largest value c + 0.5 at (1, 2). */
function mapsOf(nodeId: string, graph = network.graph): FeatureMaps {
  const { shape } = nodeById(graph, nodeId);
  const [height, width, channels] = shape;
  const planes = new Float32Array(height * width * channels);
  const stats = Array.from({ length: channels }, (_, c) => {
    planes.fill(c, c * height * width, (c + 1) * height * width);
    const max = c === 0 ? 0 : c + 0.5;
    if (height > 2) planes[c * height * width + width + 2] = max;
    return { min: height > 2 ? c : max, max, mean: c, y: height > 2 ? 1 : 0, x: height > 2 ? 2 : 0 };
  });
  return { node: nodeId, shape, thumbHeight: height, thumbWidth: width, planes, stats };
}

function seenOf(size: number): SeenImage {
  return {
    original: { width: 640, height: 480 },
    crop: { x: 80, y: 0, width: 480, height: 480 },
    seen: { width: size, height: size, data: new Uint8ClampedArray(size * size * 4).fill(200) },
  };
}

function projectionOf(channel: number, change: Partial<Projection> = {}): Projection {
  const values = new Float32Array(224 * 224 * 3);
  const box = fieldBox(network.graph, 'conv2', 1, 2, channel);
  values[(box.bottom * 224 + box.right) * 3] = -4;
  return {
    request: { node: 'conv2', channel, seed: 'strongest', rule: 'deconvnet' },
    image: { shape: [224, 224, 3], values },
    unit: { y: 1, x: 2 },
    value: channel + 0.5,
    box,
    switches: 1,
    milliseconds: 5,
    ...change,
  };
}

/** The grid's options, not those of the select boxes. */
function mapOptions() {
  return within(screen.getByRole('listbox')).getAllByRole('option');
}

function useFake(state: Partial<Store>) {
  const actions = {
    chooseChannel: vi.fn(),
    chooseRule: vi.fn(),
    chooseLrn: vi.fn(),
    showGallery: vi.fn(),
    setPreferences: vi.fn(),
    useDrawing: vi.fn(),
    cancel: vi.fn(),
    retry: vi.fn(),
  };
  const idle = { state: 'idle' } as const;
  const store = createStore<Partial<Store>>()(() => ({
    network: network.ref,
    layer: 'conv2',
    channel: null,
    seed: 'strongest',
    rule: 'deconvnet',
    lrn: null,
    galleryOpen: false,
    mapOrder: 'channel',
    mapScale: 'layer',
    manifest: idle,
    weights: idle,
    seen: idle,
    maps: idle,
    kernels: idle,
    channelMap: idle,
    projection: idle,
    gallery: idle,
    ...actions,
    ...state,
  }));
  setAppStore(store as unknown as AppStore);
  return { ...actions, store };
}

describe('the grid of all maps', () => {
  const maps = { state: 'done', value: mapsOf('conv2') } as const;

  it('has its frame before the maps come, and none where they will not', () => {
    const order = () => screen.queryByRole('combobox', { name: 'Order' });
    const { store } = useFake({ maps: { state: 'busy', progress: null, previous: null } });
    const { rerender } = render(<MapsDrawer network={network} />);
    expect(order()).toBeTruthy();
    expect(screen.getByRole('button', { name: /Save/ })).toHaveProperty('disabled', true);
    store.setState({ manifest: { state: 'done', value: { version: 1, weights: [] } } });
    rerender(<MapsDrawer network={network} />);
    expect(order()).toBeNull();
  });

  it('announces as many maps as the layer has channels, and holds each', () => {
    useFake({ maps });
    render(<MapsDrawer network={network} />);
    expect(screen.getByRole('heading', { name: 'conv2: 256 maps, 26×26' })).toBeTruthy();
    const list = screen.getByRole('listbox', { name: 'conv2: 256 maps, 26×26' });
    const first = within(list).getAllByRole('option')[0]!;
    expect(first.getAttribute('aria-setsize')).toBe('256');
    expect(first.getAttribute('aria-label')).toBe('Map 0: zero everywhere');
  });

  it('reaches the last map by the keyboard and projects it', () => {
    const { chooseChannel } = useFake({ maps });
    render(<MapsDrawer network={network} />);
    const list = screen.getByRole('listbox');
    fireEvent.keyDown(list, { key: 'End' });
    const active = document.getElementById(list.getAttribute('aria-activedescendant')!)!;
    expect(active.getAttribute('aria-posinset')).toBe('256');
    expect(active.getAttribute('aria-label')).toBe('Map 255: strongest 256 at (1, 2), mean 255');
    fireEvent.keyDown(list, { key: 'ArrowRight' });
    fireEvent.keyDown(list, { key: 'ArrowLeft' });
    fireEvent.keyDown(list, { key: 'Enter' });
    expect(chooseChannel).toHaveBeenCalledExactlyOnceWith(254);
  });

  it('has the strongest map first when asked', () => {
    useFake({ maps, mapOrder: 'strength' });
    render(<MapsDrawer network={network} />);
    const options = mapOptions();
    expect(options[0]!.getAttribute('data-channel')).toBe('255');
    expect(options[0]!.getAttribute('aria-posinset')).toBe('1');
  });

  it('marks dead maps and no others', () => {
    useFake({ maps });
    render(<MapsDrawer network={network} />);
    const dead = mapOptions().filter((option) => option.hasAttribute('data-dead'));
    expect(dead.map((option) => option.getAttribute('data-channel'))).toEqual(['0']);
    expect(screen.getByText('1 map all zero')).toBeTruthy();
  });

  it('reads the value under the pointer, shares the unit, and projects on a click', () => {
    const { chooseChannel } = useFake({ maps });
    render(<MapsDrawer network={network} />);
    // The second tile: 52 px wide, 4 px apart, two CSS pixels a unit.
    const at = { clientX: 56 + 2 * 2 + 1, clientY: 1 * 2 + 1 };
    const target = mapOptions()[1]!;
    fireEvent.pointerMove(target, at);
    expect(screen.getByText('map 1, unit (1, 2): 1.5')).toBeTruthy();
    expect(useHoverUnit.getState().unit).toEqual({ node: 'conv2', channel: 1, y: 1, x: 2 });
    fireEvent.click(target, at);
    expect(chooseChannel).toHaveBeenCalledExactlyOnceWith(1);
    fireEvent.pointerOut(target, { relatedTarget: document.body });
    expect(useHoverUnit.getState().unit).toBeNull();
  });

  it('has numbers at its scale bar, of the layer or of the chosen map', () => {
    const { store } = useFake({ maps, channel: 3 });
    const { rerender } = render(<MapsDrawer network={network} />);
    expect(screen.getByRole('img', { name: 'Colours of the whole layer: 0 to 256' })).toBeTruthy();
    store.setState({ mapScale: 'map' });
    rerender(<MapsDrawer network={network} />);
    expect(screen.getByRole('img', { name: 'Colours of map 3: 0 to 3.5' })).toBeTruthy();
  });

  it('shows a vector as units, not as maps of one pixel', () => {
    useFake({ layer: 'fc6', maps: { state: 'done', value: mapsOf('fc6') } });
    render(<MapsDrawer network={network} />);
    expect(screen.getByRole('heading', { name: 'fc6: 512 units' })).toBeTruthy();
    expect(mapOptions()[7]!.getAttribute('aria-label')).toBe('Unit 7: 7.5');
  });

  it('says why there are no maps without weights', () => {
    useFake({});
    render(<MapsDrawer network={network} />);
    expect(screen.getByText(/no weights at hand/)).toBeTruthy();
  });
});

describe('the strongest channels', () => {
  const maps = { state: 'done', value: mapsOf('conv2') } as const;
  const seen = { state: 'done', value: seenOf(224) } as const;
  const galleryOf = (channels: readonly number[], missing: readonly number[] = []): Projections => ({
    request: { node: 'conv2', channels: { strongest: 9 }, seed: 'strongest', rule: 'deconvnet' },
    projections: channels.map((channel) => projectionOf(channel)),
    missing: missing.map((channel) => ({ channel, code: 'unit-inactive' })),
    milliseconds: 9,
  });
  const open = { maps, seen, galleryOpen: true };

  it('are a click away from the grid of all maps', () => {
    const { showGallery } = useFake({ maps });
    render(<MapsDrawer network={network} />);
    fireEvent.click(screen.getByRole('radio', { name: 'nine strongest' }));
    expect(showGallery).toHaveBeenCalledExactlyOnceWith(true);
    expect(screen.queryByRole('list', { name: 'The strongest channels of conv2' })).toBeNull();
  });

  it('stand each beside what it saw, with number and value, and are chosen by a click', () => {
    const gallery = { state: 'done', value: galleryOf([7, 3, 200]) } as const;
    const { chooseChannel } = useFake({ ...open, gallery, channel: 3 });
    render(<MapsDrawer network={network} />);
    expect(screen.queryByRole('listbox')).toBeNull();
    const list = screen.getByRole('list', { name: 'The strongest channels of conv2' });
    const tiles = within(list).getAllByRole('button');
    expect(tiles.map((tile) => tile.getAttribute('data-channel'))).toEqual(['7', '3', '200']);
    expect(tiles.map((tile) => tile.getAttribute('aria-pressed'))).toEqual(['false', 'true', 'false']);
    within(list).getByRole('button', { name: 'map 7 7.5 at (1, 2): what it sees, and its projection' });
    within(list).getByRole('button', { name: /^map 200 201 at/ });
    const [patch, projection] = [...tiles[0]!.querySelectorAll('canvas')];
    // One frame, the receptive field, for both; the last value of the field is the strongest, and negative in red.
    expect([patch!.width, patch!.height, projection!.width, projection!.height]).toEqual([27, 27, 27, 27]);
    expect([...drawn.get(projection!)!.data.slice(-4)]).toEqual([1, 128, 128, 255]);
    expect([...drawn.get(patch!)!.data.slice(-4)]).toEqual([200, 200, 200, 200]);
    fireEvent.click(tiles[2]!);
    expect(chooseChannel).toHaveBeenCalledExactlyOnceWith(200);
    expect(screen.getByText('3 channels of conv2 projected')).toBeTruthy();
  });

  it('show the whole picture when asked', () => {
    useFake({ ...open, gallery: { state: 'done', value: galleryOf([7]) } });
    render(<MapsDrawer network={network} />);
    fireEvent.change(screen.getByRole('combobox', { name: 'Show' }), { target: { value: 'image' } });
    const [patch, projection] = screen.getByRole('list').querySelectorAll('canvas');
    expect([patch!.width, projection!.width]).toEqual([224, 224]);
  });

  it('say how many answer where not all do, and where none does', () => {
    const { store } = useFake({
      ...open,
      gallery: { state: 'done', value: galleryOf([7, 3], [0, 1]) },
    });
    const { rerender } = render(<MapsDrawer network={network} />);
    expect(screen.getByText('Only 2 maps answer to this picture; the others are zero.')).toBeTruthy();
    store.setState({ gallery: { state: 'done', value: galleryOf([], [0, 1, 2]) } });
    rerender(<MapsDrawer network={network} />);
    expect(screen.getByText(/Nothing in this layer answers/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Save the strongest channels as PNG' })).toBeNull();
  });

  it('stay dimmed while others are on their way, which can be cancelled', async () => {
    const progress = { phase: 'project', fraction: 0.5 } as const;
    const { cancel } = useFake({
      ...open,
      gallery: { state: 'busy', progress, previous: galleryOf([7]) },
    });
    render(<MapsDrawer network={network} />);
    expect(screen.getByRole('list').hasAttribute('data-stale')).toBe(true);
    fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('say why there are none, with a way out', () => {
    const failure = {
      code: 'projection-undefined',
      message: '',
      details: { node: 'conv2', op: 'tanh', rule: 'deconvnet' },
    } as const;
    const { chooseRule } = useFake({ ...open, gallery: { state: 'failed', failure, previous: null } });
    render(<MapsDrawer network={network} />);
    expect(screen.getByRole('alert').textContent).toContain('gradient rule');
    fireEvent.click(screen.getByRole('button', { name: 'Use the gradient rule' }));
    expect(chooseRule).toHaveBeenCalledExactlyOnceWith('gradient');
  });

  it('of another layer are not shown as this one’s', () => {
    const other = galleryOf([7]);
    const value = { ...other, request: { ...other.request, node: 'conv1' } };
    useFake({ ...open, gallery: { state: 'done', value } });
    render(<MapsDrawer network={network} />);
    expect(screen.queryByRole('list', { name: /strongest channels/ })).toBeNull();
  });
});

describe('the projection panel', () => {
  const maps = { state: 'done', value: mapsOf('conv2') } as const;
  const seen = { state: 'done', value: seenOf(224) } as const;
  const channelMap = {
    state: 'done',
    value: { shape: [26, 26, 1], values: maps.value.planes.slice(3 * 676, 4 * 676) },
  } as const;
  const chosen = { maps, seen, channel: 3, channelMap };

  it('shows patch and projection in one frame, with scale, clipped share and switches', () => {
    useFake({ ...chosen, projection: { state: 'done', value: projectionOf(3) } });
    render(<MapsDrawer network={network} />);
    const picture = screen.getByRole('img', { name: /^Projection of channel 3/ }) as HTMLCanvasElement;
    const patch = screen.getByRole('img', { name: /inside the receptive field/ }) as HTMLCanvasElement;
    expect([picture.width, picture.height]).toEqual([27, 27]);
    expect([patch.width, patch.height]).toEqual([27, 27]);
    // Zero is grey, also past the border; the last value of the field is the strongest, and negative in red.
    const { data } = drawn.get(picture)!;
    expect([...data.slice(0, 4)]).toEqual([128, 128, 128, 255]);
    expect([...data.slice(-4)]).toEqual([1, 128, 128, 255]);
    expect(screen.getByText('±4, clipped 0')).toBeTruthy();
    expect(screen.getByText(/1 max-pooling layer below/)).toBeTruthy();
    expect(screen.queryByText(/does not depend on the image/)).toBeNull();
  });

  it('warns when deconvnet cannot depend on the image', () => {
    useFake({ ...chosen, projection: { state: 'done', value: projectionOf(3, { switches: 0 }) } });
    render(<MapsDrawer network={network} />);
    expect(screen.getByText(/does not depend on the image/)).toBeTruthy();
  });

  it('says all zero instead of amplifying noise', () => {
    const image = { shape: [224, 224, 3], values: new Float32Array(224 * 224 * 3) } as const;
    useFake({ ...chosen, projection: { state: 'done', value: projectionOf(3, { image }) } });
    render(<MapsDrawer network={network} />);
    expect(screen.getByText('all zero')).toBeTruthy();
  });

  it('passes on rule, seed and the way through LRN', () => {
    const actions = useFake({ ...chosen, projection: { state: 'done', value: projectionOf(3) } });
    render(<MapsDrawer network={network} />);
    fireEvent.change(screen.getByLabelText('Rule'), { target: { value: 'gradient' } });
    expect(actions.chooseRule).toHaveBeenCalledWith('gradient');
    fireEvent.change(screen.getByLabelText('From'), { target: { value: 'map' } });
    expect(actions.chooseChannel).toHaveBeenLastCalledWith(3, 'map');
    fireEvent.change(screen.getByLabelText('LRN backwards'), { target: { value: 'vjp' } });
    expect(actions.chooseLrn).toHaveBeenCalledWith('vjp');
  });

  it('asks for the way through LRN only where there is one below', () => {
    useFake({ ...chosen, layer: 'conv1', maps: { state: 'done', value: mapsOf('conv1') } });
    render(<MapsDrawer network={network} />);
    expect(screen.getByLabelText('Rule')).toBeTruthy();
    expect(screen.queryByLabelText('LRN backwards')).toBeNull();
  });

  it('picks a unit of the enlarged map with the arrow keys and Enter', () => {
    const { chooseChannel } = useFake({ ...chosen, projection: { state: 'done', value: projectionOf(3) } });
    render(<MapsDrawer network={network} />);
    const map = screen.getByRole('button', { name: /Map of 26×26 units/ });
    fireEvent.keyDown(map, { key: 'ArrowDown' });
    fireEvent.keyDown(map, { key: 'ArrowRight' });
    expect(useHoverUnit.getState().unit).toEqual({ node: 'conv2', channel: 3, y: 2, x: 3 });
    expect(screen.getByText('unit (2, 3) 3')).toBeTruthy();
    fireEvent.click(map, { detail: 0 });
    expect(chooseChannel).toHaveBeenCalledWith(3, { y: 2, x: 3 });
  });

  it('states a refusal in place, with the rule that works, and keeps the patch', () => {
    const failure = { code: 'projection-undefined', message: 'Undefined for tanh.', details: {} } as const;
    const { chooseRule } = useFake({ ...chosen, projection: { state: 'failed', failure, previous: null } });
    render(<MapsDrawer network={network} />);
    expect(screen.getByRole('alert').textContent).toContain('tanh');
    expect(screen.getByRole('img', { name: /inside the receptive field/ })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Use the gradient rule' }));
    expect(chooseRule).toHaveBeenCalledWith('gradient');
  });

  it('keeps the last picture, dimmed, while the next one is computed', () => {
    const previous = projectionOf(3);
    useFake({ ...chosen, projection: { state: 'busy', progress: null, previous } });
    render(<MapsDrawer network={network} />);
    const picture = screen.getByRole('img', { name: /^Projection of channel 3/ });
    expect(picture.closest('[data-stale]')).toBeTruthy();
  });
});

describe('what the network saw', () => {
  it('outlines the field of the hovered unit, else of the chosen one', () => {
    const seen = { state: 'done', value: seenOf(224) } as const;
    useFake({ seen, maps: { state: 'done', value: mapsOf('conv2') }, channel: 3, seed: { y: 13, x: 13 } });
    const { rerender } = render(<SeenImageView />);
    expect(screen.getByText('conv2 (13, 13) sees 27×27 pixels')).toBeTruthy();
    expect(screen.getByRole('img', { name: /480×480 of the 640×480 pixels/ })).toBeTruthy();
    useHoverUnit.setState({ unit: { node: 'conv2', channel: 3, y: 0, x: 0 } });
    rerender(<SeenImageView />);
    const { bottom, right } = fieldBox(network.graph, 'conv2', 0, 0, 3);
    expect(screen.getByText(`conv2 (0, 0) sees ${right + 1}×${bottom + 1} pixels`)).toBeTruthy();
  });

  it('has an example before anything is chosen', () => {
    useFake({ seen: { state: 'done', value: seenOf(224) } });
    render(<SeenImageView />);
    expect(screen.getByText('A unit in the middle of conv2 sees 27×27 pixels')).toBeTruthy();
  });
});

describe('kernels as pictures', () => {
  it('shows those that read pixels, counted and with their scale', () => {
    const values = new Float32Array(96 * 147);
    values[5] = -0.25;
    useFake({
      layer: 'conv1',
      kernels: { state: 'done', value: { node: 'conv1', count: 96, shape: [7, 7, 3], values } },
    });
    render(<KernelGrid />);
    expect(
      screen.getByRole('img', { name: '96 kernels of 7×7 in RGB, one scale: grey is zero' }),
    ).toBeTruthy();
    expect(screen.getByText('−0.25')).toBeTruthy();
  });

  it('says why deeper layers have none', () => {
    useFake({ layer: 'conv2' });
    render(<KernelGrid />);
    expect(screen.getByText(/These kernels read 96 maps, not pixels/)).toBeTruthy();
  });
});

describe('the canvas for digits', () => {
  it('sends nothing until somebody draws, then every change', async () => {
    const { useDrawing } = useFake({ network: lenet.ref });
    render(<DigitCanvas />);
    await new Promise(requestAnimationFrame);
    expect(useDrawing).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole('button', { name: 'Draw an example of 7' }));
    await new Promise(requestAnimationFrame);
    expect(useDrawing).toHaveBeenCalledTimes(1);
    expect(strokes.length).toBeGreaterThan(0);
    fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
    await new Promise(requestAnimationFrame);
    expect(useDrawing).toHaveBeenCalledTimes(2);
    expect(screen.getByRole('button', { name: 'Undo' })).toHaveProperty('disabled', true);
    expect(screen.getByText('Draw a digit here')).toBeTruthy();
  });
});
