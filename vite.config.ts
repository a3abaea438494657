import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { buildCommit } from './scripts/buildCommit.ts';
import { contentPolicy } from './scripts/contentPolicy.ts';

/** The zoo is awaited before the first drawing: it is asked for with the page itself, not when the page's code has run. */
const preloadZoo: Plugin = {
  name: 'convscope:preload-zoo',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    // The bench page has no use for it.
    handler: (_, { bundle = {}, path }) =>
      Object.values(path === '/index.html' ? bundle : {})
        .filter(
          (file) =>
            file.type === 'chunk' && file.moduleIds.some((id) => id.endsWith('/models/zoo/families.ts')),
        )
        .map(({ fileName }) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `./${fileName}` },
          injectTo: 'head',
        })),
  },
};

const root = fileURLToPath(new URL('.', import.meta.url));

// Relative base: the built folder works at any path of any static host.
export default defineConfig({
  base: './',
  plugins: [react(), preloadZoo, contentPolicy()],
  worker: { format: 'es' },
  // The bench page says which program it measured.
  define: { 'import.meta.env.CONVSCOPE_COMMIT': JSON.stringify(buildCommit(root)) },
  // Files stay files: fonts in the style sheet would be carried by those who need none of them.
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
    rolldownOptions: { input: ['index.html', 'bench.html'].map((page) => root + page) },
  },
  server: { port: 5173 },
});
