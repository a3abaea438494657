import { dependencies, version } from '../../../package.json';

/** Which program was measured: both versions are exact, and the commit is known where the page was built from git. */
export const program = {
  convscope: version,
  commit: (import.meta.env.CONVSCOPE_COMMIT as string | null | undefined) ?? null,
  tfjs: dependencies['@tensorflow/tfjs-core'],
} as const;
