import { describe, expect, it, vi } from 'vitest';
import { ConvScopeError } from '../../models/errors.ts';
import { fakeEngine, fakePlatform, fakeShelf, fakeShelfStore, shelfItem } from './fake.ts';
import { answering, bundledChoice, keptFor } from './shelf.ts';
import { createAppStore } from './store.ts';

describe('which kept weights answer', () => {
  const v1 = shelfItem('torchvision/resnet50-v1', 'resnet-50', { keptAt: 1 });
  const v2 = shelfItem('torchvision/resnet50-v2', 'resnet-50', { keptAt: 2 });
  const part = shelfItem('torchvision/resnet50-v3', 'resnet-50', { keptAt: 3, state: 'partial' });
  const items = [v1, v2, part];

  it('is the newest whole file where nobody chose', () => {
    expect(keptFor(items, 'resnet-50')).toEqual([v2, v1]);
    expect(answering({ items, chosen: {} }, 'resnet-50', false)).toBe(v2);
  });

  it('is the chosen file, also beside weights that come with the page', () => {
    expect(answering({ items, chosen: { 'resnet-50': v1.id } }, 'resnet-50', true)).toBe(v1);
  });

  it('is none where the page has weights and nobody chose others', () => {
    expect(answering({ items, chosen: {} }, 'resnet-50', true)).toBeNull();
    expect(answering({ items, chosen: { 'resnet-50': bundledChoice } }, 'resnet-50', true)).toBeNull();
  });

  it('is another one once the chosen file is deleted', () => {
    expect(answering({ items: [v2], chosen: { 'resnet-50': v1.id } }, 'resnet-50', false)).toBe(v2);
  });
});

describe('the shelf in the page', () => {
  it('shows how far a file is, and has it once it is here', async () => {
    const shelf = fakeShelf();
    const store = fakeShelfStore(shelf);
    let finish = () => {};
    shelf.getNext = async (id, progress) => {
      progress({ id, phase: 'download', loadedBytes: 5, totalBytes: 10 });
      await new Promise<void>((resolve) => (finish = resolve));
      return shelfItem(id, 'alexnet-2012');
    };
    const fetched = store.getState().fetch('torchvision/alexnet-2012', 'alexnet-2012');
    await vi.waitFor(() =>
      expect(store.getState().jobs['torchvision/alexnet-2012']).toMatchObject({
        progress: { loadedBytes: 5 },
      }),
    );
    finish();
    await fetched;
    expect(store.getState().jobs).toEqual({});
    expect(store.getState().items?.map(({ id }) => id)).toEqual(['torchvision/alexnet-2012']);
    expect(store.getState().chosen).toEqual({ 'alexnet-2012': 'torchvision/alexnet-2012' });
  });

  it('keeps what arrived of a file that was paused, without an error', async () => {
    const shelf = fakeShelf();
    const store = fakeShelfStore(shelf);
    shelf.getNext = (id) => {
      shelf.items = [shelfItem(id, 'alexnet', { state: 'partial', loadedBytes: 7 })];
      return Promise.reject(new ConvScopeError('cancelled', 'Paused.'));
    };
    await store.getState().fetch('torchvision/alexnet-2012', 'alexnet-2012');
    expect(store.getState().jobs).toEqual({});
    expect(store.getState().items).toMatchObject([{ state: 'partial', loadedBytes: 7 }]);
    expect(store.getState().chosen).toEqual({});
  });

  it('tells why a file did not come, until it is tried again', async () => {
    const shelf = fakeShelf();
    const store = fakeShelfStore(shelf);
    shelf.getNext = () => Promise.reject(new ConvScopeError('weights-corrupt', 'Another hash.'));
    await store.getState().fetch('torchvision/alexnet-2012', 'alexnet-2012');
    expect(store.getState().jobs['torchvision/alexnet-2012']).toMatchObject({
      state: 'failed',
      failure: { code: 'weights-corrupt' },
    });
    await store.getState().fetch('torchvision/alexnet-2012', 'alexnet-2012');
    expect(store.getState().jobs).toEqual({});
  });

  it('says that it cannot be read, and is looked at again when asked', async () => {
    const shelf = fakeShelf();
    const list = vi.spyOn(shelf, 'list').mockRejectedValueOnce(new ConvScopeError('storage-full', 'Closed.'));
    const store = fakeShelfStore(shelf);
    await store.getState().look();
    expect(store.getState().failure).toMatchObject({ code: 'storage-full' });
    await store.getState().look();
    expect(store.getState().failure).toBeNull();
    expect(list).toHaveBeenCalledTimes(2);
  });
});

describe('a network with kept weights', () => {
  const booted = async (items: Parameters<typeof fakeShelf>[0], query: string) => {
    const engine = fakeEngine();
    const shelf = fakeShelf(items);
    const kept = fakeShelfStore(shelf);
    const store = createAppStore(engine, fakePlatform(query), kept);
    await store.boot();
    return { engine, shelf, kept, store };
  };
  const loads = (calls: readonly string[]) => calls.filter((call) => call.startsWith('load'));

  it('answers with them from the first moment on', async () => {
    const { engine } = await booted(
      [shelfItem('torchvision/alexnet-2012', 'alexnet-2012')],
      '?net=alexnet-2012',
    );
    expect(loads(engine.calls)).toEqual(['load alexnet-2012 kept']);
  });

  it('answers as soon as they have come, and is without an answer once they are deleted', async () => {
    const { engine, kept, store } = await booted([], '?net=alexnet-2012');
    expect(loads(engine.calls)).toEqual([]);
    await kept.getState().fetch('torchvision/alexnet-2012', 'alexnet-2012');
    await vi.waitFor(() => expect(store.getState().answer.state).toBe('done'));
    expect(loads(engine.calls)).toEqual(['load alexnet-2012 kept']);
    await kept.getState().remove('torchvision/alexnet-2012');
    await vi.waitFor(() => expect(store.getState().answer.state).toBe('idle'));
  });

  it('goes back to the weights of the page when these are chosen', async () => {
    const item = shelfItem('file:own', 'zfnet-imagenette');
    const { engine, kept, store } = await booted([item], '?net=zfnet-imagenette');
    expect(loads(engine.calls)).toEqual(['load zfnet-imagenette bundled']);
    await kept.getState().look();
    kept.getState().choose('zfnet-imagenette', 'file:own');
    await vi.waitFor(() => expect(loads(engine.calls)).toHaveLength(2));
    kept.getState().choose('zfnet-imagenette', bundledChoice);
    await vi.waitFor(() => expect(store.getState().answer.state).toBe('done'));
    expect(loads(engine.calls).map((call) => call.split(' ')[2])).toEqual(['bundled', 'kept', 'bundled']);
  });
});
