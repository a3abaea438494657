import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/**
 * The Content-Security-Policy of a built page, as a `<meta>` so that any static host serves it. No script runs that
 * is not of the page's own files: no `unsafe-inline` (the inline scripts are named by their hashes), no `unsafe-eval`
 * (WebAssembly has a permission of its own). SECURITY.md says what each line is for.
 */
const policy = (inlineScripts: readonly string[]): string =>
  [
    `default-src 'none'`,
    `script-src 'self' 'wasm-unsafe-eval' ${inlineScripts.map(hashOf).join(' ')}`,
    // tfjs starts the threads of its WebAssembly from blobs.
    `worker-src 'self' blob:`,
    // The popovers' library sets styles through an element; styles run nothing.
    `style-src 'self' 'unsafe-inline'`,
    `font-src 'self'`,
    `img-src 'self' blob: data:`,
    `media-src 'self' blob:`,
    // Weights and pictures that the user asks for by address come from other hosts; the page asks by itself for nothing.
    `connect-src 'self' https: blob: data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types default`,
  ].join('; ');

/**
 * The policy of the page's workers: a browser takes it from the headers of a worker's own file, a `<meta>` cannot give it. They
 * show nothing; tfjs starts the threads of its WebAssembly from blobs, and they their script.
 */
const workerPolicy = [
  `default-src 'none'`,
  `script-src 'self' blob: 'wasm-unsafe-eval'`,
  `worker-src blob:`,
  `connect-src 'self' https: blob: data:`,
].join('; ');

/** Headers for hosts that read them from a file beside the page (Netlify, Cloudflare Pages); `scripts/serve.mjs` does too. */
const hostHeaders = `/*
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Embedder-Policy: require-corp
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Content-Security-Policy: frame-ancestors 'none'
/assets/*
  Content-Security-Policy: ${workerPolicy}
`;

const hashOf = (script: string): string => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** Adds the policy to every built page, before anything that it governs. */
export function contentPolicy(): Plugin {
  return {
    name: 'content-policy',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: hostHeaders });
    },
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script ?? '');
        const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(inline)}" />`;
        return html.replace('<meta charset="UTF-8" />', `<meta charset="UTF-8" />\n    ${meta}`);
      },
    },
  };
}
