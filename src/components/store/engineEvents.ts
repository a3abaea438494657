import type { StoreApi } from 'zustand/vanilla';
import { ConvScopeError } from '../../models/errors.ts';
import type { OnEvent } from '../../workers/contract.ts';
import type { Pipeline } from './pipeline.ts';
import { toFailure } from './requests.ts';
import type { Store } from './types.ts';

/** Tells what happens to the engine unasked, and computes everything anew after a crash. */
export function createEventListener(store: StoreApi<Store>, pipeline: Pipeline): OnEvent {
  let crashedWithoutAnswer = false;
  store.subscribe(({ answer }, before) => {
    if (answer.state === 'done' && before.answer !== answer) crashedWithoutAnswer = false;
  });

  /** Where nothing was answered since the last crash, the same would crash again. */
  function restart(message: string) {
    const again = crashedWithoutAnswer;
    crashedWithoutAnswer = true;
    if (!again) {
      void pipeline.run('backend');
      return;
    }
    pipeline.cancel();
    const failure = toFailure(new ConvScopeError('internal', message, { message }));
    store.setState({
      backend: { state: 'failed', failure, previous: null },
      notice: { key: 'crashed-again', details: {} },
    });
  }

  return (event) => {
    store.setState({ notice: { key: event.kind, details: { reason: event.message } } });
    if (event.kind === 'device-lost') store.setState({ backend: { state: 'done', value: event.report } });
    if (event.kind === 'crashed') restart(event.message);
  };
}
