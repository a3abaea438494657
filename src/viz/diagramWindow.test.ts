import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../models/zoo/index.ts';
import { diagramGeometry } from './diagram.ts';
import { graphFigures } from './diagramFigures.ts';
import { allUnfolded } from './diagramFolding.ts';
import { holdsView, isLarge, meets, partIn, regionAround, visibleRect, withPinned } from './diagramWindow.ts';

const { graph } = buildNetwork('resnet-152');
const geometry = diagramGeometry(graph, allUnfolded(graph), graphFigures(graph));
const room = { width: 900, height: 400 };
const view = { k: 0.5, x: -3000, y: 150 };

describe('the part of a large drawing that is in the page', () => {
  const region = regionAround([view], room);
  const part = partIn(geometry, region);
  it('holds everything that is on screen, and about three screens in all', () => {
    const seen = visibleRect(view, room);
    const ids = new Set(part.boxes.map(({ id }) => id));
    const missing = geometry.boxes.filter((box) => meets(box.room, seen) && !ids.has(box.id));
    expect(missing).toEqual([]);
    expect(part.boxes.length).toBeLessThan(geometry.boxes.length / 3);
    expect(isLarge(geometry)).toBe(true);
  });
  it('has every line that crosses the screen, wherever it begins', () => {
    const seen = visibleRect(view, room);
    const drawn = new Set(part.edges.map(({ id }) => id));
    const crossing = geometry.edges.filter(({ points }) =>
      points.some((b, i) => {
        const a = points[i - 1];
        if (a === undefined) return false;
        const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
        return meets({ x, y, width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) }, seen);
      }),
    );
    expect(crossing.length).toBeGreaterThan(10);
    expect(crossing.filter(({ id }) => !drawn.has(id))).toEqual([]);
  });
  it('has the frames around what it shows and the texts of both', () => {
    const owners = new Set(part.labels.map(({ owner }) => owner));
    const texts = geometry.labels.filter(({ owner }) => part.boxes.some(({ id }) => id === owner));
    expect(texts.filter(({ owner }) => !owners.has(owner))).toEqual([]);
    expect(part.frames.map(({ path }) => path)).toContain('conv3_x');
  });
  it('keeps what is pinned, and is the drawing itself where there is no region', () => {
    expect(withPinned(part, geometry, new Set(['fc'])).map(({ id }) => id)).toContain('fc');
    expect(withPinned(part, geometry, new Set([part.boxes[0]!.id]))).toBe(part.boxes);
    expect(part.boxes.map(({ id }) => id)).not.toContain('fc');
    expect(partIn(geometry, null)).toBe(geometry);
  });
  it('serves short pans without a change, and both ends of a motion', () => {
    expect(holdsView(region, { ...view, x: view.x - 800 }, room)).toBe(true);
    expect(holdsView(region, { ...view, x: view.x - 1000 }, room)).toBe(false);
    const far = { ...view, x: view.x - 2500 };
    const both = regionAround([view, far], room);
    expect(holdsView(both, view, room) && holdsView(both, far, room)).toBe(true);
  });
});
