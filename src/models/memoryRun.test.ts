import { describe, expect, it } from 'vitest';
import { networkCost } from './cost.ts';
import { loadingBytes, runBytes, runFit, type DeviceBytes } from './memoryRun.ts';
import { buildNetwork } from './zoo/index.ts';

const GiB = 2 ** 30;
const roomy: DeviceBytes = { heap: null, memory: 64 * GiB, largest: 4 * GiB, kernelCopies: 0 };
const vgg = runBytes(buildNetwork('vgg-d').graph);

describe('what running a network needs', () => {
  it('VGG-16: 138,357,544 parameters, 14,710,464 + 4,224 of them in convolutions', () => {
    expect(vgg.weights).toBe(138_357_544 * 4);
    expect(vgg.kernels).toBe(14_714_688 * 4);
    // conv1_1's and conv1_2's maps are 224 x 224 x 64; a row of fc6 has 25,088 numbers.
    expect(vgg.largest.bytes).toBe(224 * 224 * 64 * 4);
  });

  it('counts the parameters and outputs that the cost model counts', () => {
    const { graph } = buildNetwork('resnet-50');
    const { weights, activations } = runBytes(graph);
    const cost = networkCost(graph);
    expect(weights).toBe(cost.stored * 4);
    expect(activations).toBeGreaterThanOrEqual((cost.inputElements + cost.allOutputElements) * 4);
  });

  it('a dense layer can be cut by units, its row cannot', () => {
    const { largest } = runBytes(buildNetwork('lenet-5-modern').graph);
    // Its matrix has 400 x 120 numbers, more than any map: it does not count.
    expect(largest.bytes).toBe(28 * 28 * 6 * 4);
  });
});

describe('whether it fits', () => {
  it('needs weights, activations and room for loading; copies of the kernels where the backend makes them', () => {
    const plain = vgg.weights + vgg.activations + loadingBytes;
    expect(runFit(vgg, roomy)).toEqual({ neededBytes: plain, availableBytes: 64 * GiB, fits: 'yes' });
    expect(runFit(vgg, { ...roomy, kernelCopies: 2 }).neededBytes).toBe(plain + 2 * vgg.kernels);
  });

  it('is tight above half of the memory or three quarters of the heap, and not above either', () => {
    const { neededBytes } = runFit(vgg, roomy);
    const fits = (limits: Partial<DeviceBytes>) => runFit(vgg, { ...roomy, ...limits }).fits;
    expect(fits({ memory: 2.1 * neededBytes })).toBe('yes');
    expect(fits({ memory: 1.9 * neededBytes })).toBe('tight');
    expect(fits({ memory: 0.99 * neededBytes })).toBe('no');
    expect(fits({ heap: 1.4 * neededBytes })).toBe('yes');
    expect(fits({ heap: 1.3 * neededBytes })).toBe('tight');
    expect(fits({ heap: 0.99 * neededBytes })).toBe('no');
  });

  it('available is the smaller of heap and memory', () => {
    expect(runFit(vgg, { ...roomy, heap: 4 * GiB, memory: 2 * GiB }).availableBytes).toBe(2 * GiB);
    expect(runFit(vgg, { ...roomy, heap: 4 * GiB, memory: null }).availableBytes).toBe(4 * GiB);
    expect(runFit(vgg, { ...roomy, memory: null }).availableBytes).toBeNull();
  });

  it('is not known of a large network where the device does not tell its memory', () => {
    const silent = { ...roomy, heap: 4 * GiB, memory: null };
    expect(runFit(vgg, silent).fits).toBe('unknown');
    expect(runFit(runBytes(buildNetwork('squeezenet-1-1').graph), silent).fits).toBe('yes');
  });

  it('does not where one array alone is too large: its node is named', () => {
    const fit = runFit(vgg, { ...roomy, largest: 10 * 2 ** 20 });
    expect(fit).toMatchObject({ fits: 'no', tooLarge: { node: vgg.largest.node } });
  });
});
