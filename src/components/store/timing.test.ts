import { describe, expect, it } from 'vitest';
import { fakeEngine, fakePlatform, fakeShelfStore } from './fake.ts';
import { createAppStore } from './store.ts';

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

async function booted(query = '?net=zfnet-imagenette&layer=relu2') {
  const engine = fakeEngine();
  const platform = fakePlatform(query);
  const store = createAppStore(engine, platform, fakeShelfStore());
  await store.boot();
  await settle();
  engine.calls.splice(0);
  return { engine, platform, get: store.getState };
}

describe('measuring the layers', () => {
  it('happens when it is asked for, once at a time, and for the loaded network', async () => {
    const { engine, get } = await booted();
    expect(get().layerTimes.state).toBe('idle');
    engine.hold.add('layerTimes');
    get().measureTimes();
    get().measureTimes();
    await settle();
    expect(engine.calls).toEqual(['layerTimes']);
    engine.held[0]?.progress({ phase: 'measure', fraction: 0.5 });
    expect(get().layerTimes).toMatchObject({ state: 'busy', progress: { fraction: 0.5 } });
    engine.held[0]?.release();
    await settle();
    expect(get().layerTimes).toMatchObject({ state: 'done', value: { ref: 'zfnet-imagenette' } });
  });

  it('does nothing for a network that is not loaded', async () => {
    const { engine, get } = await booted('?net=resnet-18');
    get().measureTimes();
    await settle();
    expect(engine.calls).toEqual([]);
    expect(get().layerTimes.state).toBe('idle');
  });

  it('goes on while layers and channels are looked at', async () => {
    const { engine, get } = await booted();
    engine.hold.add('layerTimes').add('project');
    get().measureTimes();
    get().chooseLayer('conv3');
    get().chooseChannel(1);
    get().chooseChannel(2);
    await settle();
    expect(engine.calls).not.toContain('cancel');
    expect(get().layerTimes.state).toBe('busy');
  });

  it('ends with the network, whose last measurement stands again when one comes back', async () => {
    const { engine, get } = await booted();
    get().measureTimes();
    await settle();
    engine.hold.add('layerTimes');
    get().measureTimes();
    get().chooseNetwork('efficientnet-lite0');
    await settle();
    expect(engine.calls).toContain('cancel');
    expect(get().layerTimes).toMatchObject({ state: 'done', value: { ref: 'zfnet-imagenette' } });
  });

  it('can be cancelled', async () => {
    const { engine, get } = await booted();
    engine.hold.add('layerTimes');
    get().measureTimes();
    get().cancel();
    await settle();
    expect(get().layerTimes).toMatchObject({ state: 'failed', failure: { code: 'cancelled' } });
  });
});

describe('the overlay', () => {
  it('is in the address, and costs no step back', async () => {
    const { platform, get } = await booted();
    expect(get().overlay).toBe('none');
    get().chooseOverlay('macs');
    expect(platform.entries).toHaveLength(1);
    expect(platform.entries[0]).toContain('&overlay=macs');
    get().chooseOverlay('none');
    expect(platform.entries[0]).not.toContain('overlay');
    expect((await booted('?net=zfnet-imagenette&overlay=time')).get().overlay).toBe('time');
  });
});
