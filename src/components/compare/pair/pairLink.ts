import type { GraphDifference } from '../../../models/difference.ts';
import type { DiagramGeometry } from '../../../viz/diagram.ts';
import type { Side } from '../../../viz/differenceMarks.ts';
import { anchorsOf, counterpart, followingView, sharedHome } from '../../../viz/differenceView.ts';
import { fitView, type Room } from '../../../viz/diagramView.ts';
import type { Anchors } from '../../../viz/differenceView.ts';
import type { LinkedView, ViewLink } from '../../diagram/viewLink.ts';

export interface PairLink {
  readonly first: ViewLink;
  readonly second: ViewLink;
  readonly zoomBy: (factor: number) => void;
  readonly fit: () => void;
  /** What both draw at the moment; null until both are there. */
  readonly drawings: () => readonly [DiagramGeometry, DiagramGeometry] | null;
}

/** On anything but a phone a pair is seen whole at first: what differs, and where, comes before the names of layers. */
const whole = ({ width }: Room): boolean => width >= 420;

/**
 * Two diagrams that zoom and pan as one: at the same scale, and with layers that stand for each other in the middle of both,
 * however far apart the drawings put them.
 */
export function pairLink(difference: GraphDifference): PairLink {
  const members = new Map<Side, LinkedView>();
  let leader: Side = 'first';
  let following = false;
  const known = new WeakMap<DiagramGeometry, WeakMap<DiagramGeometry, Anchors>>();

  const anchors = (): Anchors => {
    const [first, second] = [members.get('first')?.geometry(), members.get('second')?.geometry()];
    if (!first || !second) return [];
    const inner = known.get(first) ?? new WeakMap<DiagramGeometry, Anchors>();
    const made = inner.get(second) ?? anchorsOf(first, second, difference);
    known.set(first, inner.set(second, made));
    return made;
  };
  const place = (from: Side) => {
    const found = anchors();
    return (x: number) => counterpart(found, x, from === 'first' ? 'forwards' : 'backwards');
  };
  const other = (side: Side): Side => (side === 'first' ? 'second' : 'first');
  const bring = (from: Side): void => {
    const [lead, follower] = [members.get(from), members.get(other(from))];
    if (following || !lead || !follower || follower.room().width === 0) return;
    following = true;
    try {
      follower.follow(followingView(lead.current(), lead.room(), place(from), follower.room()));
    } finally {
      following = false;
    }
  };
  const viewOf = (side: Side): ViewLink => ({
    join: (member) => {
      members.set(side, member);
      return () => members.delete(side);
    },
    moved: () => bring(side),
    redrawn: () => bring(other(side)),
    lead: () => {
      leader = side;
    },
    leads: () => leader === side,
    home: (member, own) => {
      const partner = members.get(other(side));
      const shown = { geometry: member.geometry(), room: member.room() };
      if (!partner || partner.room().width === 0) return own(shown.geometry, shown.room);
      return sharedHome(
        shown,
        { geometry: partner.geometry(), room: partner.room() },
        place(side),
        whole(shown.room) ? fitView : own,
      );
    },
  });
  return {
    first: viewOf('first'),
    second: viewOf('second'),
    zoomBy: (factor) => members.get(leader)?.zoomBy(factor),
    fit: () => members.get(leader)?.fit(),
    drawings: () => {
      const [first, second] = [members.get('first'), members.get('second')];
      return first && second ? [first.geometry(), second.geometry()] : null;
    },
  };
}
