import { isJoin, leafSize, SIZE } from './diagramSizes.ts';
import type { Heights } from './diagramSizes.ts';
import type { Element, Hang, Parallel, Seq, Track } from './diagramTree.ts';

/** Sizes of a layout tree from the leaves up, then places from the root down. Tracks must be known before. */
export function measureSeq(seq: Seq, scale: Heights, base = deepest(seq, scale)): void {
  seq.base = base;
  for (const element of seq.elements) measureElement(element, scale, seq);
  for (const hang of seq.hangs) measureSeq(hang.content, scale);
  let x = leadIn(seq);
  seq.up = 0;
  seq.down = 0;
  seq.elements.forEach((element, index) => {
    element.x = x;
    x += element.width + (index < seq.elements.length - 1 ? gapAfter(seq, index) : 0);
    seq.up = Math.max(seq.up, element.up);
    seq.down = Math.max(seq.down, element.down);
  });
  seq.width = x + (hasTrackTo(seq, seq.elements.length) ? SIZE.lead : 0);
  raiseTracks(seq);
  lowerHangs(seq);
}

/** How far the boxes of a line, frames on it included, reach below it. */
function deepest(seq: Seq, scale: Heights): number {
  return seq.elements.reduce((down, element) => {
    if (element.kind === 'leaf') return Math.max(down, leafSize(element, scale).down);
    return element.kind === 'frame' ? Math.max(down, deepest(element.content, scale)) : down;
  }, 0);
}

function leadIn(seq: Seq): number {
  return seq.tracks.has(-1) ? SIZE.lead : 0;
}

function hasTrackTo(seq: Seq, index: number): boolean {
  return [...seq.tracks.values()].some((track) => track.to === index);
}

function gapAfter(seq: Seq, index: number): number {
  const turns = (seq.tracks.has(index) ? 1 : 0) + (hasTrackTo(seq, index + 1) ? 1 : 0);
  const besideLanes =
    seq.elements[index]?.kind === 'parallel' || seq.elements[index + 1]?.kind === 'parallel';
  if (besideLanes) return SIZE.gap / 2;
  const [before, after] = [seq.elements[index], seq.elements[index + 1]];
  return SIZE.gap + 4 * turns + sideNeed(before) + sideNeed(after);
}

/** Narrow boxes stand farther from their neighbours, so that their labels have room: what one asks for on each side. */
export function sideNeed(element: Element | undefined): number {
  return element?.kind === 'leaf' && !isJoin(element)
    ? Math.max(0, SIZE.slot - element.width - SIZE.gap) / 2
    : 0;
}

/** Nothing lies under the main line: its labels keep their size on screen there, outside the bounds. */
function isRoot(seq: Seq): boolean {
  return seq.owner === null && seq.hangs.length === 0;
}

/** Room for labels under the boxes of a line. */
export function labelRoom(seq: Seq, { frameLabels }: Heights): number {
  if (seq.owner?.kind === 'hang') return SIZE.hangLabels;
  return seq.owner === null || seq.owner.kind === 'frame' ? frameLabels : SIZE.laneLabels;
}

function measureElement(element: Element, scale: Heights, seq: Seq): void {
  if (element.kind === 'leaf') {
    const { width, up, down } = leafSize(element, scale);
    element.width = width;
    const isNode = isJoin(element);
    element.up = up + (isNode ? 0 : SIZE.labelsAbove);
    element.down = isNode || isRoot(seq) ? down : seq.base + labelRoom(seq, scale);
  } else if (element.kind === 'frame') {
    measureSeq(element.content, scale, seq.base);
    element.width = element.content.width + 2 * SIZE.frameSide;
    element.up = element.content.up + SIZE.frameTop;
    element.down = element.content.down + SIZE.frameBottom;
  } else measureParallel(element, scale);
}

/** Lanes: around the line, or the trunk on it and the others arching above. Lane offsets go into `branch.y`. */
function measureParallel(element: Parallel, scale: Heights): void {
  const { branches, trunk } = element;
  for (const branch of branches) measureSeq(branch, scale);
  const inner = Math.max(...branches.map((branch) => branch.width));
  element.width = inner + 2 * SIZE.lead;
  for (const branch of branches) justify(branch, inner, element.justify);
  if (trunk !== null) {
    trunk.y = 0;
    let top = -trunk.up;
    for (const branch of [...branches].reverse()) {
      if (branch === trunk) continue;
      branch.y = top - SIZE.laneGap - branch.down;
      top = branch.y - branch.up;
    }
    element.up = -top;
    element.down = trunk.down;
    return;
  }
  const total = branches.reduce((sum, branch) => sum + branch.up + branch.down, 0);
  const height = total + SIZE.laneGap * (branches.length - 1);
  let y = -height / 2;
  for (const branch of branches) {
    branch.y = y + branch.up;
    y += branch.up + branch.down + SIZE.laneGap;
  }
  element.up = height / 2;
  element.down = height / 2;
}

/** Moves a short lane's boxes: its last one beside the concat, or all of them to the middle. */
function justify(branch: Seq, width: number, how: Parallel['justify']): void {
  const spare = width - branch.width;
  if (spare <= 0 || branch.tracks.size > 0) return;
  const moved = how === 'end' ? branch.elements.slice(-1) : branch.elements;
  for (const element of moved) element.x += how === 'end' ? spare : spare / 2;
  branch.width = width;
}

/** Gives each track the lowest height at which it clears what it passes: short ones first, so that arches nest. */
function raiseTracks(seq: Seq): void {
  const tracks = [...seq.tracks.values()].sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from);
  const placed: Track[] = [];
  for (const track of tracks) {
    let height: number = SIZE.node;
    seq.elements.forEach((element, index) => {
      if (index > track.from && index < track.to) height = Math.max(height, element.up + SIZE.trackGap);
    });
    for (const other of placed)
      if (other.from < track.to && track.from < other.to) height = Math.max(height, -other.y + SIZE.trackGap);
    track.y = -height;
    placed.push(track);
    seq.up = Math.max(seq.up, height + 4);
  }
}

/**
 * Puts components that lead nowhere below all that they pass, from the right: side by side where they fit, else the left one
 * under the right one, so that no line falls through another component.
 */
function lowerHangs(seq: Seq): void {
  let top = seq.down + SIZE.laneGap;
  let next = Infinity;
  let row: Hang[] = [];
  for (const hang of seq.hangs.toSorted((one, other) => other.index - one.index)) {
    const from = seq.elements[hang.index];
    const start = from === undefined ? 0 : from.x + from.width;
    const { content } = hang;
    content.x = start + SIZE.lead;
    if (content.x + content.width + SIZE.hangSide > next) {
      top = seq.down + SIZE.laneGap;
      row = [];
    }
    row.push(hang);
    next = start;
    // One line for the row: its texts then stand at one height too.
    const up = Math.max(...row.map((one) => one.content.up));
    for (const one of row) {
      one.content.y = top + up;
      seq.down = Math.max(seq.down, one.content.y + one.content.down);
    }
    seq.width = Math.max(seq.width, content.x + content.width);
  }
}

/** Turns offsets into places: the sequence's line starts at (x, y). */
export function placeSeq(seq: Seq, x: number, y: number): void {
  seq.x = x;
  seq.y = y;
  for (const track of seq.tracks.values()) track.y += y;
  for (const element of seq.elements) {
    element.x += x;
    if (element.kind === 'frame') placeSeq(element.content, element.x + SIZE.frameSide, y);
    if (element.kind === 'parallel')
      for (const branch of element.branches) placeSeq(branch, element.x + SIZE.lead, y + branch.y);
  }
  for (const hang of seq.hangs) placeSeq(hang.content, x + hang.content.x, y + hang.content.y);
}
