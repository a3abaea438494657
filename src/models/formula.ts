import { dispatch } from './graph.ts';
import type { Graph, Node, OpOf, OpTable, Shape } from './graph.ts';
import { inputShapes } from './lookup.ts';
import { elements, windowCount } from './shape.ts';

/**
 * What a formula computes: 'params' the trained parameters, 'fixed' stored values that are not trained, 'macs',
 * 'connections' (as LeCun counts them), 'height' and 'width' of the output.
 */
export type Quantity = 'params' | 'fixed' | 'macs' | 'connections' | 'height' | 'width';

/** A calculation with a layer's own numbers; `expression` is plain arithmetic with `+ - * /`, brackets and `floor`. */
export interface Formula {
  readonly quantity: Quantity;
  readonly expression: string;
  readonly value: number;
}

const none = (): readonly Formula[] => [];

/** `5*5*96/2`: the weights that one unit of a convolution reads. */
function perUnit({ kernel, groups }: OpOf<'conv'>, channels: number): string {
  return `${kernel[0]}*${kernel[1]}*${channels}${groups === 1 ? '' : `/${groups}`}`;
}

/** `6*14*14*...`: the values of a shape as a product, without the axes that a vector does not have. */
function product([height, width, channels]: Shape): string {
  return height === 1 && width === 1 ? `${channels}` : `${height}*${width}*${channels}`;
}

function pooled(
  op: { kernel: readonly [number, number]; stride: readonly [number, number] },
  pad: readonly [number, number, number, number],
  input: Shape,
  dilation: readonly [number, number] = [1, 1],
): readonly Formula[] {
  const axis = (i: 0 | 1): Formula => {
    const [before, after] = i === 0 ? [pad[0], pad[1]] : [pad[2], pad[3]];
    const padding = before + after === 0 ? '' : ` + ${before} + ${after}`;
    const reach = dilation[i] === 1 ? `${op.kernel[i]}` : `(${dilation[i]}*(${op.kernel[i]} - 1) + 1)`;
    return {
      quantity: i === 0 ? 'height' : 'width',
      expression: `floor((${input[i]}${padding} - ${reach}) / ${op.stride[i]}) + 1`,
      value: windowCount(input[i], op.kernel[i], op.stride[i], before + after, dilation[i]),
    };
  };
  return [axis(0), axis(1)];
}

/** How many maps of a connection table read how many channels: `[[6, 3], [9, 4], [1, 6]]` for LeNet-5's C3. */
function tableRows(
  table: readonly (readonly number[])[],
): readonly (readonly [maps: number, reads: number])[] {
  const counts = new Map<number, number>();
  for (const row of table) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([reads, maps]) => [maps, reads]);
}

function convByTable(
  op: OpOf<'conv'>,
  output: Shape,
  rows: ReturnType<typeof tableRows>,
): readonly Formula[] {
  const kernel = `${op.kernel[0]}*${op.kernel[1]}`;
  const positions = `${output[0]}*${output[1]}`;
  const sum = (bias: boolean): string =>
    rows.map(([maps, reads]) => `${maps}*(${kernel}*${reads}${bias ? ' + 1' : ''})`).join(' + ');
  const weights =
    rows.reduce((total, [maps, reads]) => total + maps * reads, 0) * op.kernel[0] * op.kernel[1];
  const params = weights + (op.bias ? op.filters : 0);
  const places = output[0] * output[1];
  return [
    { quantity: 'params', expression: sum(op.bias), value: params },
    { quantity: 'macs', expression: `(${sum(false)}) * ${positions}`, value: weights * places },
    { quantity: 'connections', expression: `(${sum(op.bias)}) * ${positions}`, value: params * places },
  ];
}

const formulas: OpTable<[output: Shape, input: Shape], readonly Formula[]> = {
  input: none,
  conv: (op, output, input) => {
    const size = pooled(op, op.pad, input, op.dilation);
    if (op.table) return [...convByTable(op, output, tableRows(op.table)), ...size];
    const reads = (op.kernel[0] * op.kernel[1] * input[2]) / op.groups;
    const unit = perUnit(op, input[2]);
    const withBias = op.bias ? `(${unit} + 1)` : unit;
    const places = output[0] * output[1];
    const params = (reads + (op.bias ? 1 : 0)) * op.filters;
    const positions = `${output[0]}*${output[1]}`;
    return [
      { quantity: 'params', expression: `${withBias} * ${op.filters}`, value: params },
      {
        quantity: 'macs',
        expression: `${unit} * ${op.filters} * ${positions}`,
        value: reads * op.filters * places,
      },
      {
        quantity: 'connections',
        expression: `${withBias} * ${op.filters} * ${positions}`,
        value: params * places,
      },
      ...size,
    ];
  },
  dense: (op, _output, input) => {
    const reads = elements(input);
    const unit = product(input);
    const params = (reads + (op.bias ? 1 : 0)) * op.units;
    const withBias = `${op.bias ? `(${unit} + 1)` : unit} * ${op.units}`;
    return [
      { quantity: 'params', expression: withBias, value: params },
      { quantity: 'macs', expression: `${unit} * ${op.units}`, value: reads * op.units },
      { quantity: 'connections', expression: withBias, value: params },
    ];
  },
  maxPool: (op, _output, input) => pooled(op, op.pad, input),
  avgPool: (op, _output, input) => pooled(op, op.pad, input),
  globalAvgPool: none,
  batchNorm: (_op, output) => [
    { quantity: 'params', expression: `2 * ${output[2]}`, value: 2 * output[2] },
    { quantity: 'fixed', expression: `2 * ${output[2]}`, value: 2 * output[2] },
  ],
  lrn: none,
  relu: none,
  sigmoid: none,
  tanh: none,
  subsample: (op, output, input) => {
    const window = `(${op.kernel[0]}*${op.kernel[1]} + 1)`;
    return [
      { quantity: 'params', expression: `(1 + 1) * ${output[2]}`, value: 2 * output[2] },
      {
        quantity: 'connections',
        expression: `${window} * ${output[2]} * ${output[0]}*${output[1]}`,
        value: (op.kernel[0] * op.kernel[1] + 1) * elements(output),
      },
      ...pooled(op, [0, 0, 0, 0], input),
    ];
  },
  rbf: (op, _output, input) => {
    const expression = `${product(input)} * ${op.units}`;
    const value = elements(input) * op.units;
    return [
      { quantity: 'fixed', expression, value },
      { quantity: 'connections', expression, value },
    ];
  },
  dropout: none,
  add: none,
  mean: none,
  concat: none,
  channelPad: none,
  softmax: none,
};

/**
 * The calculations behind a node's numbers, with its own numbers in them: `(11*11*3 + 1) * 96` with value 34,944.
 * Only what is not zero is listed. A node's `fixed` counts BN statistics and RBF prototypes.
 */
export function nodeFormulas(graph: Graph, node: Node): readonly Formula[] {
  return dispatch(formulas, node.op, node.shape, inputShapes(graph, node)[0] ?? node.shape);
}

/** Made once: each `toLocaleString` would make one anew, which takes milliseconds. */
const grouped = new Intl.NumberFormat('en-US');

/** `(11*11*3 + 1) * 96 = 34,944`. */
export function formulaText({ expression, value }: Formula): string {
  return `${expression} = ${grouped.format(value)}`;
}
