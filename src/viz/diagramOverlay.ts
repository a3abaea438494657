import { hcl } from 'd3-color';
import { networkCost } from '../models/cost.ts';
import type { NodeCost } from '../models/cost.ts';
import type { Graph } from '../models/graph.ts';
import { bytesPerNumber } from '../models/memory.ts';
import type { LayerTimes } from '../workers/contract.ts';
import type { DiagramBox, DiagramGeometry, LabelStack } from './diagramTypes.ts';
import { networkTiming } from './layerTiming.ts';
import { formatBytes, formatMilliseconds, formatPercent, formatSi } from './numbers.ts';
import { PALETTES, type ThemeName } from './opStyle.ts';
import { sequentialColour } from './ramps.ts';

/**
 * What can be laid over the boxes in place of their pictures: where the time goes, and where the work, the parameters and
 * the memory of the activations are. Each adds up over the nodes, so that a folded block has the sum of what it holds.
 */
export const OVERLAY_QUANTITIES = ['time', 'macs', 'parameters', 'memory'] as const;
export type OverlayQuantity = (typeof OVERLAY_QUANTITIES)[number];

/** One number for every node of a graph. */
export interface NodeValues {
  readonly quantity: OverlayQuantity;
  /** Milliseconds, MACs, parameters or bytes; 0 where a node has none. */
  readonly of: (node: string) => number;
  readonly total: number;
}

const costs: Readonly<Record<Exclude<OverlayQuantity, 'time'>, (cost: NodeCost) => number>> = {
  macs: ({ macs }) => macs,
  parameters: ({ params }) => params,
  memory: ({ inPlace, outputElements }) => (inPlace ? 0 : outputElements * bytesPerNumber.fp32),
};

/** A quantity of every node; null for the time of layers that have not been measured. */
export function nodeValues(
  graph: Graph,
  quantity: OverlayQuantity,
  times: LayerTimes | null,
): NodeValues | null {
  if (quantity === 'time') {
    if (!times) return null;
    const { nodes, totalMilliseconds } = networkTiming(graph, times);
    const of = (id: string): number => nodes.get(id)?.milliseconds?.median ?? 0;
    return { quantity, of, total: totalMilliseconds };
  }
  const { nodes } = networkCost(graph);
  const valueOf = costs[quantity];
  const of = (id: string): number => {
    const cost = nodes.get(id);
    return cost ? valueOf(cost) : 0;
  };
  return { quantity, of, total: graph.nodes.reduce((sum, { id }) => sum + of(id), 0) };
}

/** What a box has of a quantity. */
export interface BoxValue {
  readonly value: number;
  /** Of the network's total, 0..1. */
  readonly share: number;
  /** Of the largest box in the drawing, 0..1: how strongly it is coloured. */
  readonly heat: number;
}

export interface DiagramOverlay {
  readonly quantity: OverlayQuantity;
  readonly total: number;
  /** The share at the strong end of the scale. */
  readonly mostShare: number;
  readonly boxes: ReadonlyMap<string, BoxValue>;
}

/** A quantity of the boxes of a drawing; every node is counted in exactly one box. */
export function diagramOverlay(
  { boxes }: Pick<DiagramGeometry, 'boxes'>,
  { quantity, of, total }: NodeValues,
): DiagramOverlay {
  const values = boxes.map(({ nodes }) => nodes.reduce((sum, id) => sum + of(id), 0));
  const most = values.reduce((largest, value) => Math.max(largest, value), 0);
  const part = (value: number, whole: number): number => (whole > 0 ? value / whole : 0);
  return {
    quantity,
    total,
    mostShare: part(most, total),
    boxes: new Map(
      boxes.map(({ id }, i) => {
        const value = values[i]!;
        return [id, { value, share: part(value, total), heat: part(value, most) }];
      }),
    ),
  };
}

const formats: Readonly<Record<OverlayQuantity, (value: number) => string>> = {
  time: formatMilliseconds,
  macs: formatSi,
  parameters: formatSi,
  memory: formatBytes,
};

/** A value of a quantity with its unit, where the unit is not the quantity's own name. */
export function formatQuantity(quantity: OverlayQuantity, value: number): string {
  return formats[quantity](value);
}

/** A share as the boxes and the legend write it. */
export const formatShare = (share: number): string => (share === 0 ? '0' : formatPercent(share));

/** The labels with each box's share under its name. */
export function withShares(stacks: readonly LabelStack[], { boxes }: DiagramOverlay): readonly LabelStack[] {
  return stacks.map((stack) => {
    const box = boxes.get(stack.owner);
    const name = stack.rows.findIndex(({ kind }) => kind === 'name');
    if (!box || name < 0) return stack;
    const row = { kind: 'share', font: 'mono', alternatives: [[formatShare(box.share)]] } as const;
    return { ...stack, rows: [...stack.rows.slice(0, name + 1), row, ...stack.rows.slice(name + 1)] };
  });
}

/** The colours of a box: its front in the ramp, its light edge around it, and a sign that can be read on the front. */
export interface HeatShades {
  readonly front: string;
  readonly top: string;
  readonly side: string;
  readonly sign: string;
}

const STEPS = 128;
const shades: Readonly<Record<ThemeName, Map<number, HeatShades>>> = { light: new Map(), dark: new Map() };

/** `heat` from 0 (nothing: the page's own colour) to 1; the ramp is that of activations, linear in lightness. */
export function heatShades(heat: number, theme: ThemeName): HeatShades {
  const step = Math.round(heat * STEPS);
  const found = shades[theme].get(step) ?? shadesAt(step / STEPS, theme);
  shades[theme].set(step, found);
  return found;
}

function shadesAt(heat: number, theme: ThemeName): HeatShades {
  const { op, paper } = PALETTES[theme];
  const front = hcl(sequentialColour(heat, theme));
  const lighter = (by: number): string => hcl(front.h, front.c, front.l + by).formatHex();
  return {
    front: front.formatHex(),
    top: lighter(theme === 'light' ? 7 : 5),
    side: lighter(-9),
    sign: heat > 0.4 ? paper : op.join,
  };
}

/** Colours along the scale, for a legend. */
export function heatScale(theme: ThemeName, steps = 24): readonly string[] {
  return Array.from({ length: steps }, (_, i) => heatShades(i / (steps - 1), theme).front);
}

/** A box's colours in an overlay. */
export function boxShades(overlay: DiagramOverlay, box: DiagramBox, theme: ThemeName): HeatShades {
  return heatShades(overlay.boxes.get(box.id)?.heat ?? 0, theme);
}
