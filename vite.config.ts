import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The zoo is awaited before the first drawing: it is asked for with the page itself, not when the page's code has run. */
const preloadZoo: Plugin = {
  name: 'convscope:preload-zoo',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle = {} }) =>
      Object.values(bundle)
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

// Relative base: the built folder works at any path of any static host.
export default defineConfig({
  base: './',
  plugins: [react(), preloadZoo],
  worker: { format: 'es' },
  build: { target: 'es2022', chunkSizeWarningLimit: 1500 },
  server: { port: 5173 },
});
