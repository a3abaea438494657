import { useDeferredValue } from 'react';

/**
 * False in the first render of a component and true soon after: what stands beside the diagram is drawn in a task of
 * its own, which the browser can interrupt, so that the diagram is there first and nothing holds up the page.
 */
export function useSettled(): boolean {
  return useDeferredValue(true, false);
}
