import type { BackendName } from '../../workers/contract.ts';
import type { Row } from './types.ts';

/** Whether a backend computes what another one does: a GPU that is fast and wrong must be seen. */
export interface Agreement {
  readonly reference: BackendName;
  readonly sameTop: boolean;
  /** Largest difference of the reference's five largest logits, in units of its largest |logit|. */
  readonly logits: number;
  /** Largest difference of a projected value, in units of the largest; null where other units were projected. */
  readonly projection: number | null;
  readonly agrees: boolean;
}

/** Backends differ by rounding, some 1e-5; `npm run bench -- versus` fails at the same bound. */
export const tolerance = 1e-3;

/** Trusted in this order: the two that compute on the processor are tested on every build machine. */
const trusted: readonly BackendName[] = ['wasm', 'cpu', 'webgpu', 'webgl'];

/** The row that the others of the same network are compared with: the most trusted one that has answered. */
export function referenceRow(rows: readonly Row[], ref: string): Row | null {
  const answered = rows.filter(({ bench, figures }) => bench.ref === ref && figures.logits);
  return trusted.flatMap((name) => answered.filter(({ backend }) => backend === name))[0] ?? null;
}

/** How a row differs from its network's reference; null for the reference itself and for a row without an answer. */
export function agreementOf(row: Row, rows: readonly Row[]): Agreement | null {
  const reference = referenceRow(rows, row.bench.ref);
  const { logits, top, projection } = row.figures;
  if (!reference || !logits || !top || reference.backend === row.backend) return null;
  const wanted = reference.figures;
  const places = wanted.top!.map(({ index }) => index);
  const logitsDiffer = difference(
    places.map((i) => logits[i]!),
    places.map((i) => wanted.logits![i]!),
    largest(wanted.logits!),
  );
  const sameTop = top[0]?.index === wanted.top![0]?.index;
  const projectionDiffers =
    projection && wanted.projection && sameUnit(projection, wanted.projection)
      ? difference(
          projection.image.values,
          wanted.projection.image.values,
          largest(wanted.projection.image.values),
        )
      : null;
  return {
    reference: reference.backend,
    sameTop,
    logits: logitsDiffer,
    projection: projectionDiffers,
    // Written so that NaN does not agree.
    agrees:
      sameTop &&
      logitsDiffer < tolerance &&
      !(projectionDiffers !== null && !(projectionDiffers < tolerance)),
  };
}

type Projected = NonNullable<Row['figures']['projection']>;
const sameUnit = (a: Projected, b: Projected): boolean =>
  a.request.channel === b.request.channel && a.unit?.y === b.unit?.y && a.unit?.x === b.unit?.x;

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}

/** The largest |a - b| / unit; NaN as soon as one value is. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>, unit: number): number {
  let most = a.length === b.length ? 0 : NaN;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most === 0 ? 0 : most / unit;
}
