import { unreadable } from './failures.ts';
import type { Known } from './onnx.fold.ts';
import type { GraphNode } from './onnx.graph.ts';
import { productScale, scaled } from './onnx.scaled.ts';
import type { Constant } from './onnx.tensor.ts';

/**
 * Layers that compute in whole numbers (ONNX Runtime's "QOperator" files): told as the float layers that they stand for,
 * whose weights and biases are the stored numbers times their scales.
 */

/** `by`: the scales' names, by which two uses of the same numbers can be told to mean the same. */
interface ScaledBy {
  readonly constant: Constant;
  readonly by: string;
}

export interface FloatLayer {
  readonly node: GraphNode;
  /** By the names under which the numbers are stored. */
  readonly constants: ReadonlyMap<string, ScaledBy>;
  /** Names of scales and zero points, which are in those constants now. */
  readonly factors: readonly string[];
}

/** Where a quantised layer has what, by input position, and along which axis its weight's scales lie. */
interface Row {
  readonly type: string;
  readonly bias: number;
  readonly axis: (weight: Constant, node: GraphNode) => number;
}

const rows: Readonly<Record<string, Row>> = {
  QLinearConv: { type: 'Conv', bias: 8, axis: () => 0 },
  QLinearMatMul: { type: 'MatMul', bias: -1, axis: ({ shape }) => shape.length - 1 },
  'com.microsoft.QGemm': {
    type: 'Gemm',
    bias: 6,
    axis: (_, node) => (node.attributes['transB'] === 1 ? 0 : 1),
  },
};

const wholeOnly: ReadonlySet<string> = new Set(['ConvInteger', 'MatMulInteger']);

/** The float layer of a quantised one with known weights; null for every other node. */
export function floatLayer(node: GraphNode, known: Known): FloatLayer | null {
  const { file } = known;
  const [x = '', xScale, xZero, w = '', wScale, wZero] = node.inputs;
  if (wholeOnly.has(node.type) && known.get(node.inputs[1])) {
    throw unreadable(
      file,
      'part',
      `has ${node.type}: weights quantised for scales that the graph computes`,
      'Take the float file, or quantise statically (QLinearConv or DequantizeLinear).',
    );
  }
  const row = Object.hasOwn(rows, node.type) ? rows[node.type]! : null;
  const weight = known.get(w);
  const scale = known.get(wScale);
  if (!row || !weight || !scale) return null;
  const zero = wZero ? (known.get(wZero) ?? null) : null;
  const float = scaled(weight, scale, zero, row.axis(weight, node), file);
  if (!float) return null;
  const constants = new Map<string, ScaledBy>([[w, { constant: float, by: `${wScale} ${wZero}` }]]);
  const bias = row.bias < 0 ? '' : (node.inputs[row.bias] ?? '');
  const [numbers, inputScale] = [known.get(bias), known.get(xScale)];
  if (bias && numbers && inputScale) {
    const alpha = node.attributes['alpha'];
    const factor = typeof alpha === 'number' ? alpha : 1;
    const scales = productScale(inputScale, scale, factor, file);
    // A float bias is used as it is.
    const constant = scaled(numbers, scales, null, numbers.shape.length - 1, file) ?? numbers;
    constants.set(bias, { constant, by: `${xScale} ${wScale}` });
  }
  const inputs = bias ? [x, w, bias] : [x, w];
  return {
    node: { ...node, type: row.type, inputs },
    constants,
    factors: [xScale, xZero, wScale, wZero, ...node.inputs.slice(6, 8)].filter((name) => name !== undefined),
  };
}
