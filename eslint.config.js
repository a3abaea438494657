import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * Imports go one way: models <- viz <- components, models <- workers; components see of workers only the contract and
 * the connection. Each entry: the folder, what it must not import, and why.
 */
const walls = [
  [
    'models',
    [
      'react*',
      '@tensorflow/*',
      'd3*',
      'zustand*',
      'node:*',
      'comlink',
      '**/viz/**',
      '**/workers/**',
      '**/components/**',
      '**/cli/**',
    ],
  ],
  [
    'viz',
    [
      'react*',
      '@tensorflow/*',
      'd3',
      'd3-selection',
      'd3-zoom',
      'd3-drag',
      'zustand*',
      'node:*',
      'comlink',
      '**/workers/!(contract.ts)',
      '**/components/**',
      '**/cli/**',
    ],
  ],
  ['workers', ['react*', 'd3*', 'zustand*', '**/viz/**', '**/components/**', '**/cli/**']],
  [
    'components',
    [
      '@tensorflow/*',
      'node:*',
      '**/cli/**',
      '**/workers/!(contract.ts|connect.ts|shelf.contract.ts|shelf.connect.ts)',
    ],
  ],
  ['cli', ['react*', 'zustand*', '**/components/**']],
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'public', 'training', 'coverage'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  ...walls.map(([folder, patterns]) => ({
    files: [`src/${folder}/**/*.{ts,tsx}`],
    ignores: ['**/*.test.ts', '**/*.test.tsx'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: patterns,
              message: `src/${folder} must not import this; see "Layout" in docs/design.md.`,
            },
          ],
        },
      ],
    },
  })),
  {
    files: ['src/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks, 'jsx-a11y': jsxA11y },
    rules: { ...reactHooks.configs.recommended.rules, ...jsxA11y.configs.recommended.rules },
    languageOptions: { globals: globals.browser },
  },
  { files: ['scripts/**', '*.{js,ts}'], languageOptions: { globals: globals.node } },
);
