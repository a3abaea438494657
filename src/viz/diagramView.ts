import type { DiagramBox, DiagramGeometry } from './diagramTypes.ts';

/** Where a drawing stands on screen: `screen = drawing * k + (x, y)`. */
export interface DrawingView {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** What is needed of a diagram to know where it stands. */
type Bounded = Pick<DiagramGeometry, 'bounds'>;
/** And of those of its boxes that are looked for. */
type Placed = Bounded & { readonly boxes: readonly Pick<DiagramBox, 'id' | 'room'>[] };

/** Screen px kept free for the answer at the end of the line. */
export const ANSWER_PX = 108;
const MARGIN = 24;
/** Lines of text under the main line. */
const LABELS_PX = 60;
/** The same where the whole network has to fit. */
const FIT_LABELS_PX = 76;

/** The zoom at which a diagram fits a room (CSS px), labels and answer included; never larger than 140 %. */
export function fitZoom({ bounds }: Bounded, width: number, height: number, answerPx = 96): number {
  const across = (width - 2 * MARGIN - answerPx) / bounds.width;
  const down = (height - MARGIN - FIT_LABELS_PX) / bounds.height;
  return Math.max(0.02, Math.min(1.4, across, down));
}

/** The whole network in the room. */
export function fitView(geometry: Bounded, room: Room): DrawingView {
  return centred(geometry, room, fitZoom(geometry, room.width, room.height, ANSWER_PX));
}

/** At first sight: the whole network where it is readable so, else its beginning, large enough to read (one swipes on). */
export function firstView(geometry: Bounded, room: Room): DrawingView {
  const whole = fitZoom(geometry, room.width, room.height, ANSWER_PX);
  const down = (room.height - MARGIN - LABELS_PX) / geometry.bounds.height;
  const readable = room.width < 640 ? 0.7 : 0.36;
  return centred(geometry, room, Math.max(whole, Math.min(readable, down)));
}

/** Where a diagram opens: as at first sight, moved by no more than it takes to see the box that is chosen. */
export function openingView(geometry: Placed, chosen: string | null, room: Room): DrawingView {
  const first = firstView(geometry, room);
  return (chosen === null ? null : revealView(geometry, chosen, first, room)) ?? first;
}

/** The tallest that a diagram is drawn; beyond that its boxes would be poles. */
export const MOST_TALLNESS = 2.2;

/**
 * How much taller than its own proportion a diagram should be, so that it fills a room (CSS px) that its width leaves
 * empty above and below: 1 to `MOST_TALLNESS`, in steps, so that a dragged border does not lay it out anew at every pixel.
 * Text and frames' edges do not stretch, so that two layouts say how the height grows; between them it never grows faster.
 */
export function tallnessFor(own: Bounded, tallest: Bounded, room: Room): number {
  if (room.width === 0) return 1;
  const { k } = firstView(own, room);
  const free = (room.height - MARGIN - LABELS_PX) / k - own.bounds.height;
  const grows = (tallest.bounds.height - own.bounds.height) / (MOST_TALLNESS - 1);
  if (grows <= 0) return 1;
  return Math.min(MOST_TALLNESS, 1 + Math.max(0, Math.floor((free / grows) * 10) / 10));
}

/** A drawing at zoom `k` in the middle of its room, or from its beginning where it is longer. */
export function centred({ bounds }: Bounded, room: Room, k: number): DrawingView {
  const spare = room.width - ANSWER_PX - bounds.width * k;
  const x = Math.max(MARGIN / 2, spare / 2 + MARGIN / 4) - bounds.x * k;
  const content = bounds.height * k + LABELS_PX;
  return { k, x, y: Math.max(MARGIN / 2, (room.height - content) / 2) - bounds.y * k };
}

/**
 * A freshly unfolded block: large enough to read what is in it where it is not already, in the middle of the room, or from its
 * beginning where it is longer than the room.
 */
export function frameView(
  geometry: DiagramGeometry,
  path: string,
  k: number,
  room: Room,
): DrawingView | null {
  const frame = geometry.frames.find((candidate) => candidate.path === path);
  if (frame === undefined || room.width === 0) return null;
  const across = (room.width - 4 * MARGIN) / frame.width;
  const down = (room.height - 2 * MARGIN) / frame.height;
  const zoom = Math.max(Math.min(k, down), Math.min(1, down, Math.max(across, READABLE)));
  const wide = frame.width * zoom;
  const x = wide > room.width - 2 * MARGIN ? 2 * MARGIN : (room.width - wide) / 2;
  const y = (room.height - frame.height * zoom) / 2;
  return { k: zoom, x: x - frame.x * zoom, y: y - frame.y * zoom };
}
/** At this zoom a box of an unfolded block has its name and shape. */
const READABLE = 0.8;

/** The innermost block that is open now and was not before, unless so many are that none is meant. */
export function openedBlock(before: DiagramGeometry, now: DiagramGeometry): string | null {
  const old = new Set(before.frames.map((frame) => frame.path));
  const fresh = now.frames.filter((frame) => !old.has(frame.path));
  const nested = fresh.every((frame, i) => i === 0 || frame.path.startsWith(`${fresh[i - 1]?.path}/`));
  return nested ? (fresh.at(-1)?.path ?? null) : null;
}

/** Keeps the left edge of a block at `screenX` after its folding has changed. */
export function holdView(
  geometry: DiagramGeometry,
  id: string,
  screenX: number,
  { k, x, y }: DrawingView,
): DrawingView {
  const frame = geometry.frames.find(({ path }) => `block:${path}` === id);
  const place = frame ?? geometry.boxes.find((box) => box.id === id)?.room;
  return place === undefined ? { k, x, y } : { k, x: screenX - place.x * k, y };
}

/** The least move that brings a box into the room, or null where it is there already. */
export function revealView(
  geometry: Placed,
  id: string,
  { k, x, y }: DrawingView,
  room: Room,
): DrawingView | null {
  const box = geometry.boxes.find((candidate) => candidate.id === id);
  if (box === undefined || room.width === 0) return null;
  const shift = (start: number, length: number, space: number): number => {
    if (start < MARGIN) return MARGIN * 2 - start;
    return start + length > space - MARGIN ? space - MARGIN * 2 - start - length : 0;
  };
  const dx = shift(box.room.x * k + x, box.room.width * k, room.width);
  const dy = shift(box.room.y * k + y, box.room.height * k, room.height);
  return dx === 0 && dy === 0 ? null : { k, x: x + dx, y: y + dy };
}
