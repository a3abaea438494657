import type { Node, Volume } from '../../models/graph.ts';
import type { Network } from '../../models/network.ts';
import type { LrnRule, Projection, Rule, SeenImage } from '../../workers/contract.ts';
import type { RampTheme } from '../../viz/ramps.ts';
import type { ValueRange } from '../../viz/scale.ts';
import type { Choices, Request } from '../store/types.ts';

/** A place in a map. */
export interface Unit {
  readonly y: number;
  readonly x: number;
}

/** What the projection panel and its parts show and call: choices, answers and the ways to change them. */
export interface ProjectionPanelProps {
  readonly network: Network;
  readonly node: Node;
  readonly channel: number;
  readonly seed: Choices['seed'];
  /** Where the chosen map is largest: what the seed 'strongest' means. */
  readonly strongest: Unit;
  readonly rule: Rule;
  readonly lrn: LrnRule | null;
  readonly seen: SeenImage | null;
  readonly projection: Request<Projection>;
  readonly channelMap: Request<Volume>;
  readonly range: ValueRange;
  readonly theme: RampTheme;
  readonly onSeed: (seed: Choices['seed']) => void;
  readonly onRule: (rule: Rule) => void;
  readonly onLrn: (lrn: LrnRule | null) => void;
  readonly onHoverUnit: (unit: Unit | null) => void;
  readonly onCancel: () => void;
  readonly onRetry: () => void;
}
