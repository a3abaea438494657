import { describe, expect, it } from 'vitest';
import { ConvScopeError } from '../../models/errors.ts';
import { buildNetwork } from '../../models/index.ts';
import type { OnEvent } from '../../workers/contract.ts';
import { firstLayer } from './defaults.ts';
import { fakeEngine, fakePlatform, type FakePlatform, fakeShelfStore } from './fake.ts';
import { createAppStore } from './store.ts';

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

async function booted(
  query = '?net=zfnet-imagenette&layer=relu2',
  platform: FakePlatform = fakePlatform(query),
) {
  const engine = fakeEngine();
  const store = createAppStore(engine, platform, fakeShelfStore());
  await store.boot();
  await settle();
  engine.calls.splice(0);
  return { engine, platform, store, get: store.getState };
}

describe('the first visit', () => {
  it('starts, loads, looks, answers, and shows the strongest map of the open layer without touching the address', async () => {
    const engine = fakeEngine();
    const platform = fakePlatform();
    const store = createAppStore(engine, platform, fakeShelfStore());
    await store.boot();
    await settle();
    const order = engine.calls.map((call) => call.split(' ')[0]);
    expect(order.filter((method) => method !== 'listen' && method !== 'cancel')).toEqual([
      'start',
      'load',
      'setImage',
      'classify',
      'faces',
      'featureMaps',
      'channelMap',
      'project',
    ]);
    expect(store.getState()).toMatchObject({ network: 'zfnet-imagenette', layer: 'relu3', channel: 382 });
    expect(store.getState().projection.state).toBe('done');
    expect(platform.entries).toEqual(['']);
  });

  it("speaks the first of the user's languages that it knows", () => {
    const language = (wanted: readonly string[]) =>
      createAppStore(fakeEngine(), fakePlatform('', wanted), fakeShelfStore()).getState().language;
    expect(language(['fr-FR', 'ko-KR', 'en'])).toBe('ko');
    expect(language(['de'])).toBe('en');
  });
});

describe('choosing a network', () => {
  it('is there at once, before any weights, and drops the answers of the last one', async () => {
    const { store, engine, get } = await booted();
    engine.hold.add('load');
    get().chooseNetwork('efficientnet-lite0');
    expect(get().network).toBe('efficientnet-lite0');
    expect(get().layer).not.toBeNull();
    expect([get().answer.state, get().maps.state, get().faces.state]).toEqual(['idle', 'idle', 'idle']);
    await settle();
    engine.held[0]?.progress({ phase: 'weights', fraction: 0.5, loadedBytes: 4, totalBytes: 8 });
    expect(store.getState().weights).toMatchObject({ state: 'busy', progress: { fraction: 0.5 } });
    engine.held[0]?.release();
    await settle();
    expect(get().answer).toMatchObject({ state: 'done', value: { ref: 'efficientnet-lite0' } });
    // Progress that arrives after the answer must not bring the wait back.
    engine.held[0]?.progress({ phase: 'weights', fraction: 1 });
    expect(get().weights.state).toBe('done');
  });

  it('drops the reply for a network that has been left meanwhile', async () => {
    const { engine, get } = await booted();
    engine.hold.add('load');
    get().chooseNetwork('efficientnet-lite0');
    await settle();
    const [late] = engine.held;
    engine.hold.clear();
    engine.held.splice(0);
    get().chooseNetwork('zfnet-imagenette');
    await settle();
    late?.release();
    await settle();
    expect(get().weights).toMatchObject({ state: 'done', value: { ref: 'zfnet-imagenette' } });
    expect(get().answer).toMatchObject({ state: 'done', value: { ref: 'zfnet-imagenette' } });
  });

  it('without weights asks the engine for nothing and shows no answer', async () => {
    const { engine, get } = await booted();
    get().chooseNetwork('alexnet-2012');
    await settle();
    expect(engine.calls.filter((call) => call !== 'cancel')).toEqual([]);
    expect([get().weights.state, get().seen.state, get().answer.state]).toEqual(['idle', 'idle', 'idle']);
  });

  it('goes to a drawing for digits, and back to the picture of before', async () => {
    const { get, engine } = await booted();
    get().chooseSample('cat.jpg');
    await settle();
    get().chooseNetwork('lenet-5-modern');
    await settle();
    expect(get().image).toEqual({ kind: 'drawing' });
    expect(engine.calls).toContain('setImage pixels');
    get().chooseNetwork('zfnet-imagenette');
    await settle();
    expect(get().image).toEqual({ kind: 'sample', name: 'cat.jpg' });
  });
});

describe('settings of a network', () => {
  it('are one step back, however far a slider went, and keep the layer', async () => {
    const { get, platform } = await booted('?net=wide-resnet-28-10&layer=conv1');
    const before = platform.entries.length;
    for (const k of [9, 8, 7]) get().tuneNetwork(`wide-resnet?k=${k}`);
    await settle();
    expect(get()).toMatchObject({ network: 'wide-resnet?k=7', layer: 'conv1' });
    expect(platform.entries).toHaveLength(before + 1);
    expect(platform.query()).toContain('net=wide-resnet?k=7&layer=conv1');
    platform.go(-1);
    await settle();
    expect(get().network).toBe('wide-resnet-28-10');
  });

  it('open a layer that the new network has', async () => {
    const { get } = await booted('?net=googlenet?aux=true&layer=conv1');
    get().chooseLayer(get().layer);
    get().tuneNetwork('googlenet');
    await settle();
    expect(get().layer).toBe('conv1');
    get().tuneNetwork('googlenet?form=torchvision');
    await settle();
    const { buildNetwork } = await import('../zoo.ts');
    expect(buildNetwork(get().network).graph.nodes.some(({ id }) => id === get().layer)).toBe(true);
  });
});

describe('pictures', () => {
  it("keeps the user's own over networks and a reload", async () => {
    const { get, platform } = await booted();
    get().useImage(new Blob(['mine'], { type: 'image/png' }), 'mine.png');
    await settle();
    await settle();
    expect(get().image).toMatchObject({ kind: 'user', name: 'mine.png' });
    get().chooseNetwork('efficientnet-lite0');
    await settle();
    expect(get().image).toMatchObject({ kind: 'user', name: 'mine.png' });
    const reloaded = await booted('', Object.assign(fakePlatform(platform.query()), { kept: platform.kept }));
    expect(reloaded.get().image).toMatchObject({ kind: 'user', name: 'mine.png' });
    expect(reloaded.get().notice).toBeNull();
  });

  it("falls back to a sample where a shared link's picture is not here, and says so", async () => {
    const { get } = await booted('?net=zfnet-imagenette&image=own:12345678');
    expect(get().image.kind).toBe('sample');
    expect(get().notice?.key).toBe('shared-image-missing');
    expect(get().answer.state).toBe('done');
  });

  it('that cannot be read leave the last one with its answer in place', async () => {
    const { get, engine, platform } = await booted();
    const before = get();
    engine.failNext.set('setImage', new ConvScopeError('image-empty', 'Empty.', { name: 'x.jpg' }));
    get().useImage(new Blob([]), 'x.jpg');
    await settle();
    await settle();
    expect(get().seen).toMatchObject({ state: 'failed', failure: { code: 'image-empty' } });
    expect(get().image).toBe(before.image);
    expect(get().answer).toMatchObject({ state: 'done' });
    expect(get().maps).toMatchObject({ state: 'done' });
    expect(platform.entries).toHaveLength(1);
    expect(platform.kept).toBeNull();
  });

  it('are at hand before any network has looked at them, and are asked for once', async () => {
    const engine = fakeEngine();
    engine.hold.add('load');
    const platform = fakePlatform('?net=zfnet-imagenette&image=sample:cat.jpg');
    const asked: string[] = [];
    const { sample } = platform;
    Object.assign(platform, { sample: (name: string) => (asked.push(name), sample(name)) });
    const store = createAppStore(engine, platform, fakeShelfStore());
    const get = store.getState;
    void store.boot();
    await settle();
    expect(get().weights.state).toBe('busy');
    const first = await get().chosenPicture();
    expect(await first?.text()).toBe('cat.jpg');
    const { tried } = get();
    const mine = new Blob(['mine'], { type: 'image/png' });
    get().useImage(mine, 'mine.png');
    await settle();
    await settle();
    expect(get().seen.state).toBe('idle');
    expect(get().tried).toBeGreaterThan(tried);
    expect(await get().chosenPicture()).toBe(mine);
    engine.hold.clear();
    engine.held.forEach(({ release }) => release());
    await settle();
    await settle();
    expect(get().seen.state).toBe('done');
    expect(await get().chosenPicture()).toBe(mine);
    expect(asked).toEqual(['cat.jpg']);
  });

  it('that storage has no room for are used all the same, with a notice', async () => {
    const { get, platform } = await booted();
    platform.full = true;
    get().useImage(new Blob(['big']), 'big.png');
    await settle();
    await settle();
    expect(get().answer.state).toBe('done');
    expect(get().image).toMatchObject({ name: 'big.png' });
    expect(get().notice?.key).toBe('storage-full');
  });

  it('from an address that does not answer fail where pictures fail, and may be tried again', async () => {
    const { get } = await booted();
    get().useImageUrl('https://example.org/missing.jpg');
    await settle();
    expect(get().seen).toMatchObject({ state: 'failed', failure: { code: 'image-unreachable' } });
    get().retry();
    await settle();
    expect(get().seen).toMatchObject({ state: 'failed', failure: { code: 'image-unreachable' } });
    get().useImageUrl('https://example.org/there.jpg');
    await settle();
    expect(get().seen.state).toBe('done');
    expect(get().image).toMatchObject({ kind: 'user', name: 'there.jpg' });
  });

  it('drawn faster than they are classified end with the last stroke', async () => {
    const { get, engine } = await booted('?net=lenet-5-modern');
    engine.hold.add('classify');
    const stroke = (value: number) =>
      get().useDrawing({
        width: 1,
        height: 1,
        data: new Uint8ClampedArray(4).fill(value),
        colorSpace: 'srgb',
      } as ImageData);
    stroke(1);
    await settle();
    stroke(2);
    stroke(3);
    await settle();
    expect(engine.calls.filter((call) => call.startsWith('setImage'))).toHaveLength(1);
    engine.hold.clear();
    engine.held.splice(0).forEach(({ release }) => release());
    await settle();
    await settle();
    expect(engine.calls.filter((call) => call.startsWith('setImage'))).toHaveLength(2);
    expect(get().answer.state).toBe('done');
  });
});

describe('layers and channels', () => {
  it('asks for the maps of a layer, and for kernels only where it has some', async () => {
    const { get, engine } = await booted();
    get().chooseLayer('conv1');
    await settle();
    expect(engine.calls).toEqual(expect.arrayContaining(['featureMaps conv1 64', 'kernels conv1']));
    get().chooseLayer('pool1');
    await settle();
    expect(engine.calls).not.toContain('kernels pool1');
    expect(get().maps).toMatchObject({ state: 'done', value: { node: 'pool1' } });
    expect(get().channel).toBeNull();
  });

  it('projects only the first and the last of many channels chosen while one is projected', async () => {
    const { get, engine } = await booted();
    engine.hold.add('project');
    for (const channel of [1, 2, 3, 4]) get().chooseChannel(channel);
    await settle();
    engine.hold.clear();
    engine.held.splice(0).forEach(({ release }) => release());
    await settle();
    await settle();
    expect(engine.calls.filter((call) => call.startsWith('project'))).toEqual([
      'project relu2 1 deconvnet',
      'project relu2 4 deconvnet',
    ]);
    expect(get().projection).toMatchObject({ state: 'done', value: { request: { channel: 4 } } });
  });

  it('keeps the last projection beside a failure', async () => {
    const { get, engine } = await booted();
    get().chooseChannel(1);
    await settle();
    engine.failNext.set(
      'project',
      new ConvScopeError('unit-inactive', 'Dead.', { node: 'relu2', channel: 2 }),
    );
    get().chooseChannel(2);
    await settle();
    expect(get().projection).toMatchObject({
      state: 'failed',
      failure: { code: 'unit-inactive' },
      previous: { request: { channel: 1 } },
    });
  });
});

describe('the strongest channels', () => {
  const asked = (calls: readonly string[]) => calls.filter((call) => call.startsWith('projectMany'));

  it('are projected only once they are opened, again for another layer or rule, and are in the address', async () => {
    const { get, engine, platform } = await booted();
    expect(asked(engine.calls)).toEqual([]);
    get().showGallery(true);
    expect(platform.query()).toContain('&gallery=strongest&');
    await settle();
    expect(get().gallery).toMatchObject({
      state: 'done',
      value: { request: { node: 'relu2', channels: { strongest: 9 }, seed: 'strongest' } },
    });
    get().chooseChannel(3);
    await settle();
    get().chooseRule('guided');
    await settle();
    get().chooseLayer('conv1');
    expect(get().gallery).toMatchObject({ state: 'busy', previous: null });
    await settle();
    expect(asked(engine.calls)).toEqual([
      'projectMany relu2 deconvnet',
      'projectMany relu2 guided',
      'projectMany conv1 guided',
    ]);
    get().showGallery(false);
    expect(platform.query()).not.toContain('gallery');
    expect(get().gallery.state).toBe('idle');
    get().chooseLayer('pool1');
    await settle();
    expect(asked(engine.calls).length).toBe(3);
  });

  it('come with a link, and with every picture while they are open', async () => {
    const { get, engine } = await booted('?net=zfnet-imagenette&layer=conv1&gallery=strongest');
    expect(get().gallery.state).toBe('done');
    engine.hold.add('setImage');
    get().chooseSample('cat.jpg');
    await settle();
    expect(get().gallery).toMatchObject({ state: 'busy', previous: { request: { node: 'conv1' } } });
    engine.hold.clear();
    engine.held.splice(0).forEach(({ release }) => release());
    await settle();
    expect(get().gallery.state).toBe('done');
    expect(asked(engine.calls)).toEqual(['projectMany conv1 deconvnet']);
  });

  it('end where they are closed, can be cancelled, and tried again', async () => {
    const { get, engine } = await booted();
    engine.hold.add('projectMany');
    get().showGallery(true);
    await settle();
    expect(get().gallery.state).toBe('busy');
    const cancelled = () => engine.calls.filter((call) => call === 'cancel').length;
    const before = cancelled();
    get().showGallery(false);
    expect([get().gallery.state, cancelled()]).toEqual(['idle', before + 1]);
    await settle();
    get().showGallery(true);
    await settle();
    get().cancel();
    expect(get().gallery).toMatchObject({ state: 'failed', failure: { code: 'cancelled' } });
    engine.hold.clear();
    await settle();
    get().retry();
    await settle();
    expect(get().gallery.state).toBe('done');
  });

  it('are gone from the page with the step back to where they were closed', async () => {
    const { get, platform } = await booted();
    get().showGallery(true);
    await settle();
    platform.go(-1);
    await settle();
    expect([get().galleryOpen, get().gallery.state]).toEqual([false, 'idle']);
  });
});

describe('the layer that opens', () => {
  it.each([
    ['zfnet-imagenette', 'relu3'],
    ['alexnet-2012', 'relu3'],
    ['lenet-5-modern', 'tanh2'],
    ['resnet-18', 'conv4_x/1/relu1'],
    ['efficientnet-lite0', 'block_06/depthwise_bn'],
  ])('with %s is %s', (network, layer) => {
    expect(firstLayer(buildNetwork(network).graph)).toBe(layer);
  });
});

describe('rules', () => {
  it('open with one that is defined for the network, and keep a chosen one where it is', async () => {
    const { get } = await booted();
    get().chooseRule('guided');
    get().chooseNetwork('efficientnet-lite0');
    expect(get().rule).toBe('guided');
    get().chooseNetwork('lenet-5-modern');
    expect(get().rule).toBe('gradient');
    get().chooseNetwork('zfnet-imagenette');
    expect(get().rule).toBe('deconvnet');
    await settle();
    expect((await booted('?net=lenet-5-modern')).get().rule).toBe('gradient');
  });

  it('end the projection of a layer that is left', async () => {
    const { get, engine } = await booted();
    engine.hold.add('project');
    get().chooseChannel(1);
    await settle();
    get().chooseLayer('conv1');
    expect(engine.calls).toContain('cancel');
    await settle();
    expect(get().maps).toMatchObject({ state: 'done', value: { node: 'conv1' } });
    expect(get().projection.state).toBe('idle');
  });
});

describe('history', () => {
  it('walks back and forward through selections, and a hover or a language adds no step', async () => {
    const { get, platform } = await booted();
    get().chooseLayer('conv1');
    get().chooseChannel(3, { y: 1, x: 2 });
    get().chooseRule('gradient');
    get().chooseLanguage('ko');
    await settle();
    expect(platform.entries).toHaveLength(4);
    expect(platform.query()).toContain('layer=conv1&channel=3&unit=1,2&rule=gradient');
    platform.go(-2);
    await settle();
    expect(get()).toMatchObject({ layer: 'conv1', channel: null, rule: 'deconvnet' });
    platform.go(1);
    await settle();
    expect(get()).toMatchObject({ channel: 3, seed: { y: 1, x: 2 }, rule: 'deconvnet' });
    expect(platform.entries).toHaveLength(4);
  });

  it('says which network or layer of a link does not exist', async () => {
    expect((await booted('?net=nothing')).get()).toMatchObject({
      network: 'zfnet-imagenette',
      notice: { key: 'unknown-network', details: { network: 'nothing' } },
    });
    expect((await booted('?net=zfnet&layer=conv99')).get().notice).toMatchObject({ key: 'unknown-layer' });
  });
});

describe('failures and waits', () => {
  it('stop where they happen, and a retry goes on from there', async () => {
    const engine = fakeEngine();
    const store = createAppStore(engine, fakePlatform(), fakeShelfStore());
    engine.failNext.set('load', new ConvScopeError('weights-truncated', 'Short.', { file: 'a' }));
    await store.boot();
    expect(store.getState().weights).toMatchObject({
      state: 'failed',
      failure: { code: 'weights-truncated' },
    });
    expect(store.getState().answer.state).toBe('idle');
    store.getState().retry();
    await settle();
    expect(store.getState().answer.state).toBe('done');
  });

  it('cancelled keep what was there and can be tried again', async () => {
    const { get, engine } = await booted();
    engine.hold.add('classify');
    get().chooseSample('cat.jpg');
    await settle();
    get().cancel();
    await settle();
    expect(get().answer).toMatchObject({
      state: 'failed',
      failure: { code: 'cancelled' },
      previous: { ref: 'zfnet-imagenette' },
    });
    engine.hold.clear();
    get().retry();
    await settle();
    expect(get().answer.state).toBe('done');
  });

  it('of a stranger become "internal" with their message', async () => {
    const { get, engine } = await booted();
    engine.failNext.set('classify', new TypeError('x is undefined'));
    get().chooseSample('cat.jpg');
    await settle();
    expect(get().answer).toMatchObject({
      state: 'failed',
      failure: { code: 'internal', message: 'x is undefined' },
    });
    expect(get().maps.state).toBe('idle');
  });
});

describe('one network after another', () => {
  it('is loaded and asked twice, the open one too, and the view stays', async () => {
    const { get, engine } = await booted('?view=compare&net=zfnet-imagenette');
    for (const ref of ['zfnet-imagenette', 'efficientnet-lite0']) {
      engine.calls.splice(0);
      const answers = await get().answerWith(ref);
      expect(answers).toMatchObject({ first: { ref }, again: { ref }, loaded: { ref } });
      expect(answers!.again).not.toBe(answers!.first);
      expect(engine.calls.filter((call) => /^(load|classify)/.test(call))).toEqual([
        `load ${ref} bundled answers`,
        'classify',
        'classify',
      ]);
      expect(get().view).toBe('compare');
    }
  });

  it('shows nothing of its layers until somebody looks at them', async () => {
    const { get, engine } = await booted('?view=compare&net=zfnet-imagenette');
    await get().answerWith('efficientnet-lite0');
    get().chooseSample('cat.jpg');
    await settle();
    expect(engine.calls.filter((call) => /^(faces|featureMaps|kernels|project)/.test(call))).toEqual([]);
    for (const key of ['faces', 'maps', 'channelMap', 'projection'] as const)
      expect(get()[key].state).toBe('idle');
    engine.calls.splice(0);
    get().chooseNetwork('efficientnet-lite0');
    await settle();
    await settle();
    expect(get().view).toBe('network');
    expect(engine.calls.map((call) => call.split(' ')[0])).toEqual(
      expect.arrayContaining(['faces', 'featureMaps', 'channelMap', 'project']),
    );
    expect(engine.calls.filter((call) => /^(load|classify|setImage)/.test(call))).toEqual([]);
    expect(get().channel).not.toBeNull();
    // Nothing is left to be done when it is left and opened again.
    engine.calls.splice(0);
    get().showView('compare');
    get().showView('network');
    await settle();
    expect(engine.calls.filter((call) => call.startsWith('faces'))).toEqual([]);
  });

  it('gives no answer where a request failed or there are no weights', async () => {
    const { get, engine } = await booted('?view=compare&net=zfnet-imagenette');
    engine.failNext.set('classify', new ConvScopeError('device-lost', 'Gone.', {}));
    expect(await get().answerWith('efficientnet-lite0')).toBeNull();
    expect(get().answer).toMatchObject({ state: 'failed', failure: { code: 'device-lost' } });
    expect(await get().answerWith('vgg-d')).toBeNull();
  });
});

describe("weights of the user's own", () => {
  it('go to the network that they fit', async () => {
    const { get, engine } = await booted();
    get().useWeights(new File(['x'], 'fits-alexnet-2012.safetensors'));
    await settle();
    await settle();
    expect(get().network).toBe('alexnet-2012');
    expect(engine.calls).toContain('load alexnet-2012 file');
    expect(get().weights).toMatchObject({
      state: 'done',
      value: { weightsName: 'fits-alexnet-2012.safetensors' },
    });
  });

  it('that fit none fail with the list of the current network', async () => {
    const { get, engine } = await booted();
    const mismatch = new ConvScopeError('weights-mismatch', 'No.', { file: 'b', missing: ['conv1.weight'] });
    engine.failNext.set('load', mismatch);
    get().useWeights(new File(['x'], 'other.safetensors'));
    await settle();
    expect(get().weights).toMatchObject({
      state: 'failed',
      failure: { code: 'weights-mismatch', details: { missing: ['conv1.weight'] } },
      previous: { ref: 'zfnet-imagenette' },
    });
  });
});

describe('what goes wrong', () => {
  it('a backend that is not to be had leaves choice and answer as they were', async () => {
    const { engine, get } = await booted();
    const answer = get().answer;
    engine.failNext.set(
      'start',
      new ConvScopeError('backend-unavailable', 'No.', { reasons: ['webgpu: no'] }),
    );
    get().chooseBackend('webgpu');
    await settle();
    expect(get().backend).toMatchObject({ state: 'failed', failure: { code: 'backend-unavailable' } });
    expect(get().backendChoice).toBe('auto');
    expect(get().answer).toBe(answer);
    get().chooseSample('cat.jpg');
    await settle();
    expect(get().answer.state).toBe('done');
    expect(engine.calls.filter((call) => call.startsWith('start'))).toEqual(['start webgpu', 'start auto']);
  });

  it('a backend that an earlier visit chose and that is not to be had any more is passed over, and named', async () => {
    const engine = fakeEngine();
    const platform = { ...fakePlatform(), readPreferences: () => ({ backendChoice: 'webgpu' as const }) };
    const store = createAppStore(engine, platform, fakeShelfStore());
    engine.failNext.set(
      'start',
      new ConvScopeError('backend-unavailable', 'No.', { reasons: ['webgpu: no'] }),
    );
    await store.boot();
    expect(engine.calls.filter((call) => call.startsWith('start'))).toEqual(['start webgpu', 'start auto']);
    expect(store.getState()).toMatchObject({
      answer: { state: 'done' },
      notice: { key: 'backend-passed-over', details: { reasons: ['webgpu: no'] } },
    });
  });

  it('weights that cannot be used leave the answer of those before, and do not stand in their way', async () => {
    const { engine, get } = await booted();
    const answer = get().answer;
    engine.failNext.set(
      'load',
      new ConvScopeError('weights-corrupt', 'NaN.', { file: 'zfnet-imagenette.pth' }),
    );
    get().useWeights(new File(['x'], 'zfnet-imagenette.pth'));
    await settle();
    expect(get().weights).toMatchObject({ state: 'failed', failure: { code: 'weights-corrupt' } });
    expect(get().answer).toBe(answer);
    expect(get().ownWeights('zfnet-imagenette')).toBeNull();
    get().retry();
    await settle();
    expect(engine.calls.filter((call) => call.startsWith('load')).at(-1)).toBe(
      'load zfnet-imagenette bundled',
    );
    expect(get().weights.state).toBe('done');
  });

  it('a worker that crashes is started again, but not for ever where nothing is answered in between', async () => {
    const engine = fakeEngine();
    let tell: OnEvent = () => {};
    engine.listen = async (onEvent) => void (tell = onEvent ?? tell);
    const store = createAppStore(engine, fakePlatform(), fakeShelfStore());
    await store.boot();
    await settle();
    const starts = () => engine.calls.filter((call) => call.startsWith('start')).length;
    const crash = () => tell({ kind: 'crashed', message: 'out of order' });
    crash();
    await settle();
    expect([starts(), store.getState().answer.state]).toEqual([2, 'done']);
    engine.hold.add('load');
    crash();
    crash();
    await settle();
    expect(starts()).toBe(3);
    expect(store.getState()).toMatchObject({
      backend: { state: 'failed', failure: { code: 'internal' } },
      notice: { key: 'crashed-again' },
    });
    engine.hold.clear();
    store.getState().retry();
    await settle();
    expect([starts(), store.getState().answer.state]).toEqual([4, 'done']);
  });

  it('a picture that has gone, or is a folder, is told before anything looks at it', async () => {
    const { get, engine } = await booted();
    const gone = Object.assign(new Blob(['x']), { arrayBuffer: () => Promise.reject(new Error('gone')) });
    get().useImage(gone, 'gone.jpg');
    await settle();
    expect(get().seen).toMatchObject({ state: 'failed', failure: { code: 'image-missing' } });
    expect(get().answer.state).toBe('done');
    expect(engine.calls).toEqual([]);
  });
});
