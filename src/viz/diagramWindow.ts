import type {
  DiagramBox,
  DiagramEdge,
  DiagramFrame,
  DiagramGeometry,
  LabelStack,
  Rect,
} from './diagramTypes.ts';
import type { DrawingView, Room } from './diagramView.ts';

/** A drawing of more boxes than this is drawn in parts: only what is on screen, and around it, is in the page. */
export const MOST_AT_ONCE = 100;

export function isLarge({ boxes }: Pick<DiagramGeometry, 'boxes'>): boolean {
  return boxes.length > MOST_AT_ONCE;
}

/** What a room shows at a view, in diagram units. */
export function visibleRect({ k, x, y }: DrawingView, { width, height }: Room): Rect {
  return { x: -x / k, y: -y / k, width: width / k, height: height / k };
}

/** Rooms more on each side that are drawn in advance: one, or less where the picture is so small that it holds many boxes. */
const ahead = (k: number): number => (k > 0.2 ? 1 : 0.25);

/** The part of a large drawing to draw so that all of these views find what they show, and a little farther. */
export function regionAround(views: readonly [DrawingView, ...DrawingView[]], room: Room): Rect {
  const rects = views.map((view) => {
    const { x, y, width, height } = visibleRect(view, room);
    const [aside, above] = [width * ahead(view.k), height * ahead(view.k)];
    return { left: x - aside, right: x + width + aside, top: y - above, bottom: y + height + above };
  });
  const x = Math.min(...rects.map(({ left }) => left));
  const y = Math.min(...rects.map(({ top }) => top));
  return {
    x,
    y,
    width: Math.max(...rects.map(({ right }) => right)) - x,
    height: Math.max(...rects.map(({ bottom }) => bottom)) - y,
  };
}

/** Whether all that a view shows lies in a region. */
export function holdsView(region: Rect, view: DrawingView, room: Room): boolean {
  const seen = visibleRect(view, room);
  return (
    seen.x >= region.x &&
    seen.y >= region.y &&
    seen.x + seen.width <= region.x + region.width &&
    seen.y + seen.height <= region.y + region.height
  );
}

export function meets(a: Rect, b: Rect): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

/** What of a drawing is in the page. */
export interface Part {
  readonly boxes: readonly DiagramBox[];
  readonly edges: readonly DiagramEdge[];
  readonly frames: readonly DiagramFrame[];
  readonly labels: readonly LabelStack[];
}

/** What of a drawing lies in a region (null: everywhere), in the drawing's order. */
export function partIn(geometry: DiagramGeometry, region: Rect | null): Part {
  if (region === null) return geometry;
  const boxes = geometry.boxes.filter((box) => meets(box.room, region));
  const frames = geometry.frames.filter((frame) => meets(frame, region));
  const owners = new Set([...boxes.map(({ id }) => id), ...frames.map(({ path }) => `block:${path}`)]);
  const extents = extentsOf(geometry);
  return {
    boxes,
    frames,
    edges: geometry.edges.filter((_, i) => {
      const extent = extents[i];
      return extent !== undefined && meets(extent, region);
    }),
    labels: geometry.labels.filter(({ owner }) => owners.has(owner)),
  };
}

/** The part's boxes and some more, wherever they lie, in the drawing's order. */
export function withPinned(
  { boxes }: Part,
  geometry: DiagramGeometry,
  pinned: ReadonlySet<string>,
): readonly DiagramBox[] {
  const there = new Set(boxes.filter(({ id }) => pinned.has(id)).map(({ id }) => id));
  if (there.size === pinned.size) return boxes;
  const wanted = new Set(boxes);
  return geometry.boxes.filter((box) => wanted.has(box) || pinned.has(box.id));
}

const known = new WeakMap<DiagramGeometry, readonly Rect[]>();

/** The rectangle around each line. */
function extentsOf(geometry: DiagramGeometry): readonly Rect[] {
  let extents = known.get(geometry);
  if (extents === undefined) {
    extents = geometry.edges.map(({ points }) => {
      let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
      for (const { x, y } of points) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
      return { x: left, y: top, width: right - left, height: bottom - top };
    });
    known.set(geometry, extents);
  }
  return extents;
}
