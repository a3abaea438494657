import type { Rule } from '../../src/workers/contract.ts';

/** What is asked of the worker and what it answers. Times are milliseconds. */

export interface Request {
  readonly ref: string;
  /** Files beside the page: weights (safetensors), the same network as ONNX, the prepared picture (float32, HWC). */
  readonly weights: string;
  readonly onnx: string;
  readonly picture: string;
  readonly rounds: number;
  /** Passes that make one sample: a page's clock has steps of 0.1 ms. */
  readonly passes: number;
  /** What is projected: the strongest unit of the strongest channel of this layer. */
  readonly layer: string;
  readonly rule: Rule;
  /** The folder of onnxruntime-web's files. */
  readonly ortBase: string;
}

/**
 * What is timed in every round, in an order that is drawn anew each time. 'kept', 'freed' and 'folded' (on weights that are
 * folded for answers only) let messages in every 16 ms, as the page's engine does; 'bare' is 'freed' without that.
 */
export const contestants = ['kept', 'freed', 'bare', 'folded', 'plain', 'ort'] as const;
export type Contestant = (typeof contestants)[number];
export type Timed = Contestant | 'projectFirst' | 'projectAgain';

export interface LayerTime {
  readonly id: string;
  readonly kind: string;
  readonly milliseconds: number;
}

export interface Reply {
  readonly threads: number;
  readonly ortVersion: string;
  /** By contestant: the largest difference of a logit from ours that keeps everything, in units of the largest |logit|. */
  readonly difference: Readonly<Record<'folded' | 'plain' | 'ort', number>>;
  readonly samples: Readonly<Record<Timed, readonly number[]>>;
  /** Medians of our pass that keeps everything, in the order of the graph. */
  readonly layers: readonly LayerTime[];
}
