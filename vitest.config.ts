import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Vitest would leave a processor for itself, which on two is half of them.
const maxWorkers = availableParallelism();

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.{ts,tsx}',
            'tests/unit/**/*.test.ts',
            'tests/checkpoints/**/*.test.ts',
            'tests/readers/**/*.test.ts',
          ],
          exclude: ['**/*.numerics.test.ts'],
          environment: 'node',
          maxWorkers,
          // Limits against hanging, not against slow machines.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          setupFiles: ['tests/unit/patience.ts'],
        },
      },
      {
        test: {
          name: 'numerics',
          include: ['{src,tests/checkpoints}/**/*.numerics.test.ts', 'tests/numerics/**/*.test.ts'],
          environment: 'node',
          maxWorkers,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'browser',
          // A page gets ready when the machine has time for it.
          expect: { poll: { timeout: 60_000 } },
          include: ['tests/browser/**/*.test.ts'],
          environment: 'node',
          // A browser each; more of them would want more memory than a small machine has.
          maxWorkers: Math.min(maxWorkers, 4),
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
