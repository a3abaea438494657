import { describe, expect, it } from 'vitest';
import { members } from '../models/zoo/index.ts';
import { diagramGallery } from './diagramGallery.ts';
import { silhouette } from './silhouette.ts';
import { buildNetwork } from '../models/zoo/index.ts';

describe('gallery', () => {
  it.each(diagramGallery.map((picture) => [picture.name, picture] as const))('%s', async (name, { draw }) => {
    const svg = draw();
    // A picture is complete on its own: no variable of the page, no number that is none, its legend with it.
    expect(svg).not.toMatch(/var\(--|NaN|undefined|Infinity/);
    expect(svg).toContain('>convolution</text>');
    await expect(`${svg}\n`).toMatchFileSnapshot(`./gallery/${name}.svg`);
  });
});

describe('silhouettes', () => {
  it('are all as high as a 224-pixel input, and as wide as their networks are deep', () => {
    const widths = Object.fromEntries(
      members.map(({ id }) => [id, silhouette(buildNetwork(id).graph).width] as const),
    );
    const heights = new Set(members.map(({ id }) => silhouette(buildNetwork(id).graph).height));
    expect(heights.size).toBe(1);
    expect(widths['lenet-5']!).toBeLessThan(widths['alexnet-2012']!);
    expect(widths['alexnet-2012']!).toBeLessThan(widths['resnet-18']!);
    expect(widths['resnet-18']!).toBeLessThan(widths['efficientnet-lite0']!);
    expect(widths['efficientnet-lite0']!).toBeLessThan(180);
  });
});
