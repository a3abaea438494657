import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Rolldown } from 'vite';
import { buildCommit } from './scripts/buildCommit.ts';
import { contentPolicy } from './scripts/contentPolicy.ts';
import { firstView } from './scripts/firstView.ts';
import { preloads } from './scripts/preloads.ts';
import { themeScript } from './scripts/themeScript.ts';

let first: ReadonlySet<string> | null = null;

/** What the page's own entry imports, at whatever depth: all of it runs before the first drawing. */
function firstModules(context: Rolldown.ChunkingContext): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    context.getModuleInfo(id)?.importedIds.forEach(visit);
  };
  const entry = fileURLToPath(new URL('src/main.tsx', import.meta.url));
  visit(entry);
  // It waits for the zoo, which imports of the others: in one file with them it would wait for itself.
  seen.delete(entry);
  return seen;
}

const root = fileURLToPath(new URL('.', import.meta.url));

// Relative base: the built folder works at any path of any static host.
export default defineConfig({
  base: './',
  plugins: [react(), themeScript(), preloads(), firstView(), contentPolicy()],
  worker: { format: 'es' },
  // The bench page says which program it measured.
  define: { 'import.meta.env.CONVSCOPE_COMMIT': JSON.stringify(buildCommit(root)) },
  // Files stay files: fonts in the style sheet would be carried by those who need none of them.
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ['index.html', 'bench.html'].map((page) => root + page),
      output: {
        // What every visit needs is two files, not thirty: each costs a round trip, and small ones pack badly.
        codeSplitting: {
          groups: [
            {
              name: (id, context) => {
                first ??= firstModules(context);
                // Vite's own, of which a second page would else make a file.
                if (id.includes('vite/modulepreload-polyfill')) return 'vendor';
                return first.has(id) ? (/node_modules/.test(id) ? 'vendor' : 'page') : null;
              },
            },
          ],
        },
      },
    },
  },
  server: { port: 5173 },
});
