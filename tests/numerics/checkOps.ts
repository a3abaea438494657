import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { dispatch } from '../../src/models/graph.ts';
import { adjointTable } from '../../src/workers/adjoint.ts';
import { wholeRegion } from '../../src/workers/adjointRegion.ts';
import { Activations } from '../../src/workers/forward.ts';
import { loadPrograms } from '../../src/workers/forwardPrograms.ts';
import { forwardTable } from '../../src/workers/forwardTable.ts';
import { prepareWeights } from '../../src/workers/weightsLayout.ts';
import { relativeError } from './compare.ts';
import { randomNumbers } from './cases.ts';
import type { OpCase } from './cases.ts';
import { referenceForward } from './reference.ts';
import type { Field } from './reference.ts';

export interface OpErrors {
  readonly forward: number;
  /** The largest over all inputs; null for softmax, which is never projected. */
  readonly adjoint: number | null;
}

const tensorOf = (field: Field): Tensor4D => tensor4d(Float32Array.from(field.values), [1, ...field.shape]);

/** Values a ReLU or a maximum can be differentiated at: away from every kink, distinct. */
function inputField(shape: Field['shape'], random: () => number): Field {
  const length = shape[0] * shape[1] * shape[2];
  const values = Float64Array.from({ length }, (_, i) => {
    const value = Math.fround(random() * 4 + (i % 7) * 0.013);
    return [0, 0.5, 6].some((kink) => Math.abs(value - kink) < 0.02) ? value + 0.05 : value;
  });
  return { shape, values: Float64Array.from(Float32Array.from(values)) };
}

/**
 * Runs one op forward and backward on the current backend. Forward is compared with the definition; the adjoint, value
 * by value, with the derivative of <f(x), y>, which central differences of the double-precision definition give: for a
 * linear op this is <Ax, y> = <x, A'y> for every basis vector x at once.
 */
export async function checkOp(test: OpCase): Promise<OpErrors> {
  const random = randomNumbers(77);
  const inputs = test.inputShapes.map((shape) => inputField(shape, random));
  const parameter = (name: string): ArrayLike<number> => test.raw.get(`op/${name}`)?.values ?? [];
  const reference = (fields: readonly Field[]): Field =>
    referenceForward(test.node.op, fields, test.node.shape, parameter);

  const weights = await prepareWeights(test.graph, test.raw, test);
  const programs = await loadPrograms();
  const activations = new Activations(new Map(test.graph.nodes.map((node) => [node.id, node])));
  inputs.forEach((field, i) => activations.keep(`x${i}`, tensorOf(field)));
  const tensors = inputs.map((_, i) => activations.get(`x${i}`));
  const context = { node: test.node, inputs: tensors, weights, programs };
  activations.keep(
    'op',
    tidy(() => dispatch(forwardTable, test.node.op, context)),
  );
  const wanted = reference(inputs);
  const forward = relativeError(await activations.get('op').data(), wanted.values);

  let adjoint: number | null = null;
  if (test.node.op.kind !== 'softmax') {
    const direction: Field = { shape: wanted.shape, values: wanted.values.map(() => Math.fround(random())) };
    const signal = tensorOf(direction);
    const results = await dispatch(adjointTable, test.node.op, {
      node: test.node,
      inputShapes: test.inputShapes,
      activations,
      weights,
      programs,
      signal,
      from: wholeRegion(test.node.shape, 1),
      to: test.inputShapes.map((shape) => wholeRegion(shape, 1)),
      rule: 'gradient',
      lrn: 'vjp',
    });
    const score = (fields: readonly Field[]): number =>
      reference(fields).values.reduce((sum, v, i) => sum + v * (direction.values[i] ?? 0), 0);
    adjoint = 0;
    for (const [which, result] of results.entries()) {
      const slopes = derivatives(inputs, which, score);
      adjoint = Math.max(adjoint, relativeError(await result.data(), slopes));
      result.dispose();
    }
    if (results.length !== inputs.length) adjoint = Infinity;
    signal.dispose();
  }
  activations.dispose();
  weights.dispose();
  return { forward, adjoint };
}

function derivatives(
  inputs: readonly Field[],
  which: number,
  score: (fields: readonly Field[]) => number,
): Float64Array {
  const step = 1e-4;
  const { shape, values } = inputs[which] as Field;
  return values.map((_, i) => {
    const moved = (by: number): number => {
      const shifted = values.slice();
      shifted[i] = (shifted[i] ?? 0) + by;
      return score(inputs.map((field, at) => (at === which ? { shape, values: shifted } : field)));
    };
    return (moved(step) - moved(-step)) / (2 * step);
  });
}
