import { lazy, Suspense, useState, type ComponentType, type ReactNode } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { ConvScopeError } from '../../models/errors.ts';
import { Broken } from '../app/Broken.tsx';
import { partMissing } from '../store/absence.ts';
import { useStore } from '../store/store.ts';

const missing = new Set<() => void>();

/** Lets the parts that did not come be asked for anew when they are drawn next. */
export function askAgain(): void {
  missing.forEach((renew) => renew());
  missing.clear();
}

/**
 * A component whose code travels when it is first drawn. Where it does not come, drawing it throws a ConvScopeError that says
 * why: 'page-updated', 'page-offline', 'page-incomplete'.
 */
export function part<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const ask = () =>
    lazy(async () => {
      try {
        return { default: await load() };
      } catch (error) {
        missing.add(renew);
        const { code, message, details } = await useStore.getState().explain(partMissing(error));
        throw new ConvScopeError(code, message, details);
      }
    });
  let asked = ask();
  const renew = () => {
    asked = ask();
  };
  return function Part(props) {
    // The one of the first drawing: another would forget what stands in it.
    const [Asked] = useState<ComponentType<Props>>(() => asked as unknown as ComponentType<Props>);
    return <Asked {...props} />;
  };
}

/** Where a part of the page will stand: `fallback` until its code is here, the reason where it did not come. */
export function PartPlace({
  fallback = null,
  children,
}: {
  readonly fallback?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <ErrorBoundary FallbackComponent={Broken}>
      <Suspense fallback={fallback}>{children}</Suspense>
    </ErrorBoundary>
  );
}
