import { describe, expect, it } from 'vitest';
import { kernelImages } from './kernels.ts';

describe('kernels as pictures', () => {
  it('shows RGB kernels in colour by one scale for the whole layer', () => {
    const images = kernelImages({
      node: 'conv1',
      count: 2,
      shape: [1, 1, 3],
      values: new Float32Array([0.5, 0, -0.5, 1, -2, 0]),
    });
    expect(images).toMatchObject({ count: 2, height: 1, width: 1, depth: 3, s: 2 });
    expect([...images!.rgba(0)]).toEqual([160, 128, 96, 255]);
    expect([...images!.rgba(1)]).toEqual([192, 1, 128, 255]);
  });

  it('shows kernels of one channel in grey', () => {
    const images = kernelImages({
      node: 'c1',
      count: 1,
      shape: [1, 2, 1],
      values: new Float32Array([1, -1]),
    });
    expect([...images!.rgba(0)]).toEqual([255, 255, 255, 255, 1, 1, 1, 255]);
  });

  it('has no picture for kernels that read something else than pixels', () => {
    expect(
      kernelImages({ node: 'conv2', count: 1, shape: [1, 1, 96], values: new Float32Array(96) }),
    ).toBeNull();
  });
});
