import type { Plugin, Rolldown } from 'vite';

/**
 * What the page awaits before its first drawing is asked for with the page itself, and not when its code has run: a round
 * trip less for each. Beside the zoo these are the words of the language that the visit is in, as a script in the page finds.
 */
export function preloads(): Plugin {
  return {
    name: 'convscope:preloads',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {}, path }) {
        // The bench page has no use for it.
        if (path !== '/index.html') return html;
        const zoo = filesOf(bundle, '/models/zoo/index.ts').filter((file) => !html.includes(file));
        const words = Object.fromEntries(
          ['en', 'ko'].map((language) => [language, filesOf(bundle, `/i18n/${language}.ts`).at(-1)]),
        );
        return {
          // Nothing that is painted first waits for code, and what does not wait should not be in the way.
          html: html.replace(/(<script type="module"|<link rel="modulepreload")/g, '$1 fetchpriority="low"'),
          tags: [
            ...zoo.map((file) => ({
              tag: 'link',
              attrs: { rel: 'modulepreload', fetchpriority: 'low', crossorigin: true, href: `./${file}` },
              injectTo: 'head' as const,
            })),
            { tag: 'script', children: wordsScript(words), injectTo: 'head' as const },
          ],
        };
      },
    },
  };
}

/** Finds the language as `startingState` in src/components/store does: the address before what the browser speaks. */
const wordsScript = (files: Readonly<Record<string, string | undefined>>): string => `{
  const files = ${JSON.stringify(files)};
  const spoken = navigator.languages.map((tag) => tag.toLowerCase().split('-')[0]);
  const found = [new URLSearchParams(location.search).get('lang'), ...spoken, 'en'].find((tag) => Object.hasOwn(files, tag));
  const link = Object.assign(document.createElement('link'), { rel: 'modulepreload', crossOrigin: '', fetchPriority: 'low' });
  link.href = './' + files[found];
  document.head.append(link);
}`;

/** The file that a dynamic import of this module loads, after all that it imports itself. */
function filesOf(bundle: Rolldown.OutputBundle, module: string): readonly string[] {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const file = bundle[name];
    if (file?.type !== 'chunk' || seen.has(name)) return;
    file.imports.forEach(visit);
    seen.add(name);
  };
  const entry = Object.values(bundle).find(
    (file) => file.type === 'chunk' && file.isDynamicEntry && file.facadeModuleId?.endsWith(module),
  );
  if (!entry) throw new Error(`No file of the build is what an import of ${module} loads.`);
  visit(entry.fileName);
  return [...seen];
}
