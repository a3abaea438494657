import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const place = '<!-- theme -->';

/** Light or dark before the first paint, in the head of every page: the same few lines, which wait for no file. */
export function themeScript(): Plugin {
  return {
    name: 'convscope:theme',
    transformIndexHtml: {
      order: 'pre',
      handler(html, { path }) {
        if (!html.includes(place)) throw new Error(`${path} has no ${place}`);
        const script = readFileSync(new URL('theme.inline.js', import.meta.url), 'utf8');
        return html.replace(place, () => `<script>\n${script}</script>`);
      },
    },
  };
}
