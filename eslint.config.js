import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Packages that a folder must not touch: `models` and `viz` run without GPU, DOM or network. */
const forbid = (patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

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
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': [
        { type: 'models', pattern: 'src/models/**', mode: 'full' },
        { type: 'viz', pattern: 'src/viz/**', mode: 'full' },
        { type: 'contract', pattern: 'src/workers/{contract,connect}.ts', mode: 'full' },
        { type: 'workers', pattern: 'src/workers/**', mode: 'full' },
        { type: 'components', pattern: 'src/components/**', mode: 'full' },
        { type: 'cli', pattern: 'src/cli/**', mode: 'full' },
        { type: 'entry', pattern: 'src/*', mode: 'full' },
      ],
    },
    rules: {
      'boundaries/element-types': [
        'error',
        {
          default: 'disallow',
          rules: [
            { from: 'models', allow: ['models'] },
            { from: 'viz', allow: ['models', 'viz'] },
            { from: 'contract', allow: ['models', 'contract', 'workers'] },
            { from: 'workers', allow: ['models', 'workers', 'contract'] },
            { from: 'components', allow: ['models', 'viz', 'contract', 'components'] },
            { from: 'cli', allow: ['models', 'workers', 'contract', 'cli', 'viz'] },
            { from: 'entry', allow: ['components', 'contract'] },
          ],
        },
      ],
    },
  },
  {
    files: ['src/models/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: forbid(['react*', '@tensorflow/*', 'd3*', 'zustand*', 'node:*', 'comlink']),
  },
  {
    files: ['src/viz/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: forbid(['react*', '@tensorflow/*', 'd3-selection', 'd3-zoom', 'd3', 'zustand*', 'node:*', 'comlink']),
  },
  {
    files: ['src/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks, 'jsx-a11y': jsxA11y },
    rules: { ...reactHooks.configs.recommended.rules, ...jsxA11y.configs.recommended.rules },
    languageOptions: { globals: globals.browser },
  },
  { files: ['scripts/**', '*.{js,ts}'], languageOptions: { globals: globals.node } },
);
