import { lastValue } from '../store/requests.ts';
import type { Failure, Request } from '../store/types.ts';

/** What a view shows of a request: its value, whether that lags, and what failed. */
export interface RequestView<T> {
  readonly value: T | null;
  readonly stale: boolean;
  readonly failure: Failure | null;
}

export function viewRequest<T>(request: Request<T>): RequestView<T> {
  return {
    value: lastValue(request),
    stale: request.state !== 'done' && request.state !== 'idle',
    failure: request.state === 'failed' ? request.failure : null,
  };
}
