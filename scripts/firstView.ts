import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type InlineConfig, type Plugin, type Rolldown } from 'vite';
import { codeMark, codeSettled } from './preloads.ts';
import type * as Prerender from '../src/first/prerender.tsx';

type Output = Rolldown.RolldownOutput;

/**
 * Puts the first view of the default network into the built `index.html`: the page's own frame as templates, the scripts
 * that show it and draw the diagram into it (src/first), and the style that both need. It is seen with the page itself, one
 * round trip after the address was entered; the page's code is asked for above it, as soon as the page begins to arrive, and
 * takes its place. What phones show comes first and is seen while the rest is on its way.
 */
export function firstView(): Plugin {
  let root = '';
  return {
    name: 'convscope:first-view',
    apply: 'build',
    configResolved: (config) => void (root = config.root),
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle = {}, path }) {
        if (path !== '/index.html') return html;
        const { scene, frames } = await prerendered(root);
        const { name, heights, phone } = scene;
        const outline = { name, heights, phone, korean: koreanStyle(bundle) };
        const show = await inlineScript(root, 'show', { __OUTLINE__: outline });
        const draw = await inlineScript(root, 'draw', { __SCENE__: { ...scene, ...outline } });
        const styles = [...html.matchAll(/<link rel="stylesheet"[^>]* href="\.\/([^"]+)">\s*/g)];
        const { css, faces } = withoutFaces(styles.map(([, file = '']) => styleOf(bundle, file)).join(''));
        let page = html;
        for (const [tag] of styles) page = page.replace(tag, '');
        const templates = (those: (id: string) => boolean) =>
          Object.entries(frames)
            .filter(([id]) => those(id))
            .map(([id, frame]) => `<template id="${id}">${frame}</template>`);
        const onPhones = (id: string) => id.includes('narrow');
        const parts = [
          ...templates(onPhones),
          `<script>${show}</script>`,
          ...templates((id) => !onPhones(id)),
          `<script>${draw}</script>`,
        ];
        return page
          .replace(
            codeMark,
            () =>
              `<style id="faces" media="not all">${faces}</style>\n    <script>${facesScript}</script>\n    `,
          )
          .replace('</head>', () => `<style>${css}</style>\n  </head>`)
          .replace('</body>', () => `  ${parts.join('\n')}\n  </body>`);
      },
    },
  };
}

/** Of a style sheet among the assets, with addresses as they are from the page. */
function styleOf(bundle: Rolldown.OutputBundle, file: string): string {
  const asset = bundle[file];
  if (asset?.type !== 'asset') throw new Error(`The page asks for ${file}, which is not built.`);
  return String(asset.source).replaceAll('url(./', 'url(./assets/').trim();
}

/** The fonts' files apart from the rest. */
function withoutFaces(style: string): { readonly css: string; readonly faces: string } {
  const face = /@font-face\s*{[^}]*url\([^}]*}/g;
  return { css: style.replace(face, ''), faces: (style.match(face) ?? []).join('') };
}

/**
 * Fonts wait until the page's code is here: on a slow link they would keep the page from answering for as long as they take,
 * and what stands in for them is as wide. At the latest they come when the code has run or failed: not every browser says
 * that a preloaded file has arrived. Then the script lets go of all that it saw arrive: pictures of layers arrive as long as
 * somebody looks.
 */
const facesScript = `{
  const here = new Set();
  const show = () => {
    document.removeEventListener('load', count, true);
    document.getElementById('faces').removeAttribute('media');
  };
  const count = ({ target }) => {
    here.add(target);
    const code = [...document.querySelectorAll('link[rel=modulepreload]')];
    if (code.length > 0 && code.every((link) => here.has(link))) show();
  };
  document.addEventListener('load', count, true);
  addEventListener('${codeSettled}', show, { once: true });
}`;

/** The style sheet that comes with `src/components/i18n/korean.ts`. */
function koreanStyle(bundle: Rolldown.OutputBundle): string {
  const file = Object.keys(bundle).find((name) => /korean-[\w-]+\.css$/.test(name));
  if (file === undefined) throw new Error('The Korean fonts have no style sheet of their own.');
  return `./${file}`;
}

const quiet: InlineConfig = { configFile: false, logLevel: 'error', publicDir: false };

/** Draws the page in Node, as it is before anybody has done anything. */
async function prerendered(root: string): Promise<Prerender.FirstView> {
  const output = (await build({
    ...quiet,
    root,
    ssr: { noExternal: true },
    plugins: [withoutTheRest],
    build: {
      ssr: 'src/first/prerender.tsx',
      write: false,
      minify: false,
      rollupOptions: { output: { codeSplitting: false } },
    },
  })) as Output;
  const folder = await mkdtemp(join(root, 'node_modules/.first-view-'));
  try {
    const file = join(folder, 'prerender.mjs');
    await writeFile(file, output.output[0].code);
    const { firstView: draw } = (await import(pathToFileURL(file).href)) as typeof Prerender;
    return await draw(JSON.parse(readFileSync(join(root, 'public/weights/manifest.json'), 'utf8')));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Workers and what is loaded later are not drawn: they need not be built for it. */
const withoutTheRest: Plugin = {
  name: 'convscope:without-the-rest',
  enforce: 'pre',
  resolveDynamicImport: (specifier) =>
    typeof specifier === 'string' && specifier.endsWith('.tsx')
      ? { id: 'convscope:later', external: true }
      : null,
  load: (id) =>
    /workers\/(?:shelf\.)?connect\.ts$/.test(id)
      ? `const none = () => { throw new Error('There are no workers while the page is built.'); };
         export { none as connectEngine, none as connectShelf };`
      : null,
};

/** A script that stands in the page itself: of src/first, with the diagram's components over src/first/elements.ts. */
async function inlineScript(
  root: string,
  name: string,
  facts: Readonly<Record<string, unknown>>,
): Promise<string> {
  const elements = join(root, 'src/first/elements.ts');
  const output = (await build({
    ...quiet,
    root,
    define: Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, JSON.stringify(value)])),
    resolve: { alias: [{ find: /^(?:react|react\/jsx-runtime|react-i18next)$/, replacement: elements }] },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: {
        input: join(root, `src/first/${name}.ts`),
        // Of most modules nothing is used, and none does anything by being there.
        treeshake: { moduleSideEffects: false },
        output: { format: 'iife', codeSplitting: false },
      },
    },
  })) as Output;
  const { code } = output.output[0];
  if (code.includes('</script')) throw new Error(`The script ${name} would end itself.`);
  return code.trim();
}
