import type { Op, OpTable } from '../models/graph.ts';
import { dispatch } from '../models/graph.ts';

/**
 * How an op is drawn: one of seven groups, each with a colour of the page's tokens and a pattern for print.
 * Seven, because nobody tells more hues apart in a thin joint; the exact kind is in the label and the card.
 */
export const OP_GROUPS = ['conv', 'dense', 'pool', 'norm', 'activation', 'join', 'output'] as const;
export type OpGroup = (typeof OP_GROUPS)[number];

const groups: OpTable<[], OpGroup> = {
  input: () => 'output',
  conv: () => 'conv',
  dense: () => 'dense',
  maxPool: () => 'pool',
  avgPool: () => 'pool',
  globalAvgPool: () => 'pool',
  subsample: () => 'pool',
  batchNorm: () => 'norm',
  lrn: () => 'norm',
  relu: () => 'activation',
  sigmoid: () => 'activation',
  tanh: () => 'activation',
  dropout: () => 'activation',
  add: () => 'join',
  mean: () => 'join',
  concat: () => 'join',
  channelPad: () => 'join',
  softmax: () => 'output',
  rbf: () => 'output',
};

/** The group that an op is drawn as. */
export function opGroup(op: Op): OpGroup {
  return dispatch(groups, op);
}

/** Ops that keep their input's shape and can work in its place: they attach to its box instead of making one. */
const inPlace: OpTable<[], boolean> = {
  input: () => false,
  conv: () => false,
  dense: () => false,
  maxPool: () => false,
  avgPool: () => false,
  globalAvgPool: () => false,
  subsample: () => false,
  batchNorm: () => true,
  lrn: () => true,
  relu: () => true,
  sigmoid: () => true,
  tanh: () => true,
  dropout: () => true,
  add: () => false,
  mean: () => false,
  concat: () => false,
  channelPad: () => false,
  softmax: () => true,
  rbf: () => false,
};

/** Whether an op is drawn as a band on its tensor. */
export function isInPlace(op: Op): boolean {
  return dispatch(inPlace, op);
}

/** The sign in a joining op's node, '' for every op that has no such node. */
export function joinSign(op: Op): '' | '+' | '‖' | 'µ' {
  if (op.kind === 'add') return '+';
  if (op.kind === 'concat') return '‖';
  return op.kind === 'mean' ? 'µ' : '';
}

/** The op's own numbers as papers write them above an arrow: `11×11 /4`, `3×3 dw`, `5×5 2 groups` as `5×5 g2`. */
export function opFigures(op: Op, inputChannels: number): string {
  if (op.kind === 'conv') {
    const parts = [`${op.kernel[0]}×${op.kernel[1]}`];
    if (op.stride[0] > 1 || op.stride[1] > 1) parts.push(strideText(op.stride));
    if (op.groups > 1) parts.push(op.groups === inputChannels ? 'dw' : `g${op.groups}`);
    if (op.dilation[0] > 1 || op.dilation[1] > 1) parts.push(`d${op.dilation[0]}`);
    return parts.join(' ');
  }
  if (op.kind === 'maxPool' || op.kind === 'avgPool' || op.kind === 'subsample') {
    const stride = op.stride[0] > 1 || op.stride[1] > 1 ? ` ${strideText(op.stride)}` : '';
    return `${op.kernel[0]}×${op.kernel[1]}${stride}`;
  }
  return '';
}

function strideText([vertical, horizontal]: readonly [number, number]): string {
  return vertical === horizontal ? `/${vertical}` : `/${vertical},${horizontal}`;
}

export type ThemeName = 'light' | 'dark';

/** The colours that a picture needs when it leaves the page and its CSS variables; equal to tokens.css (tested). */
export interface Palette {
  readonly paper: string;
  readonly raised: string;
  readonly sunk: string;
  readonly ink: string;
  readonly soft: string;
  readonly faint: string;
  readonly line: string;
  readonly strong: string;
  readonly accent: string;
  readonly warning: string;
  readonly op: Readonly<Record<OpGroup, string>>;
}

export const PALETTES: Readonly<Record<ThemeName, Palette>> = {
  light: {
    paper: '#fbfaf7',
    raised: '#ffffff',
    sunk: '#f1efe9',
    ink: '#1c1b19',
    soft: '#57534c',
    faint: '#6f6a61',
    line: '#dedad1',
    strong: '#b9b3a7',
    accent: '#2f6f6b',
    warning: '#7d5a00',
    op: {
      conv: '#2c669d',
      dense: '#623363',
      pool: '#9e5e21',
      norm: '#8e8c35',
      activation: '#338a7b',
      join: '#373430',
      output: '#952d31',
    },
  },
  dark: {
    paper: '#141416',
    raised: '#1c1c1f',
    sunk: '#0e0e10',
    ink: '#e9e7e2',
    soft: '#b4b0a8',
    faint: '#98948c',
    line: '#2e2e32',
    strong: '#55555b',
    accent: '#6fb5ae',
    warning: '#e0bd66',
    op: {
      conv: '#79aee4',
      dense: '#ebc2e9',
      pool: '#c7864e',
      norm: '#79752c',
      activation: '#3d9281',
      join: '#e5e2dd',
      output: '#f9a49e',
    },
  },
};

/** The CSS variable of a group's colour on the page. */
export function opVariable(group: OpGroup): string {
  return `var(--op-${group})`;
}
