import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { dispatch, type Op, type OpTable, type Pad, type Pair } from '../../models/graph.ts';

/** The terms of hyper-parameters; the catalogue has a word for each under `op`. */
export type Setting =
  | 'kernel'
  | 'stride'
  | 'pad'
  | 'dilation'
  | 'groups'
  | 'filters'
  | 'units'
  | 'bias'
  | 'table'
  | 'epsilon'
  | 'lrn'
  | 'cap'
  | 'rate'
  | 'survival'
  | 'divisor'
  | 'scale'
  | 'channels';

export interface OpText {
  readonly name: string;
  readonly settings: readonly (readonly [Setting, string])[];
}

const pair = ([a, b]: Pair): string => `${a}×${b}`;
/** A step is the same both ways nearly always: then one number says it. */
const step = ([a, b]: Pair): string => (a === b ? String(a) : `${a}×${b}`);

function padding([top, bottom, left, right]: Pad): string {
  if (top === bottom && left === right) return top === left ? String(top) : `${top}×${left}`;
  return `${top}, ${bottom}, ${left}, ${right}`;
}

function window(op: { kernel: Pair; stride: Pair; pad: Pad }): readonly (readonly [Setting, string])[] {
  return [
    ['kernel', pair(op.kernel)],
    ['stride', step(op.stride)],
    ['pad', padding(op.pad)],
  ];
}

/** 1 - rate: how often a path that is dropped whole is there in training. */
export const survivalText = ({ rate }: { readonly rate: number }): string =>
  String(Number((1 - rate).toFixed(4)));

const nothing = (): OpText['settings'] => [];

const settings: OpTable<[t: (key: string) => string], OpText['settings']> = {
  input: nothing,
  conv: (op, t) => [
    ['filters', String(op.filters)],
    ...window(op),
    ...(op.dilation[0] > 1 || op.dilation[1] > 1 ? ([['dilation', step(op.dilation)]] as const) : []),
    ...(op.groups > 1 ? ([['groups', String(op.groups)]] as const) : []),
    ...(op.table ? ([['table', t('op.tableValue')]] as const) : []),
    ['bias', t(op.bias ? 'yes' : 'no')],
  ],
  dense: (op, t) => [
    ['units', String(op.units)],
    ['bias', t(op.bias ? 'yes' : 'no')],
  ],
  maxPool: window,
  avgPool: (op, t) => [
    ...window(op),
    ['divisor', t(op.counted.some((n) => n > 0) ? 'op.countsPadding' : 'op.skipsPadding')],
  ],
  globalAvgPool: nothing,
  batchNorm: (op) => [['epsilon', String(op.epsilon)]],
  lrn: (op) => [
    ['lrn', `n=${op.size}, k=${op.k}, α=${op.alpha}${op.alphaOverSize ? '/n' : ''}, β=${op.beta}`],
  ],
  relu: (op) => (op.cap === undefined ? [] : [['cap', String(op.cap)]]),
  sigmoid: nothing,
  tanh: (op) => [['scale', `${op.amplitude} · tanh(${Number(op.slope.toFixed(4))} x)`]],
  subsample: (op) => [
    ['kernel', pair(op.kernel)],
    ['stride', step(op.stride)],
  ],
  rbf: (op) => [['units', String(op.units)]],
  dropout: (op) => [op.wholePath ? ['survival', survivalText(op)] : ['rate', String(op.rate)]],
  add: nothing,
  mean: nothing,
  concat: nothing,
  channelPad: (op) => [['channels', `+${op.before} / +${op.after}`]],
  softmax: nothing,
};

/** Gives an op's name and hyper-parameters in the page's language. */
export function useOpText(): (op: Op) => OpText {
  const { t } = useTranslation('app');
  return useCallback(
    (op: Op) => {
      const depthwise = op.kind === 'conv' && op.groups > 1 && op.groups === op.filters;
      const wholePath = op.kind === 'dropout' && op.wholePath === true;
      return {
        name: t(depthwise ? 'opName.depthwise' : wholePath ? 'opName.dropPath' : `opName.${op.kind}`),
        settings: dispatch(settings, op, t),
      };
    },
    [t],
  );
}
