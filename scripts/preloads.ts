import type { Plugin, Rolldown } from 'vite';

/** Where the page asks for its code; what is to happen before stands before it. */
export const codeMark = '<!-- code -->';
/** What the window is told when the code has run, or has failed. */
export const codeSettled = 'code-settled';

/**
 * Asks for the page's code, and for all that it awaits before its first drawing: its own files, the zoo, and the words of the
 * visit's language, at once and not when the code has run. That saves a round trip for each. Nothing that is painted first
 * waits for any of it; on a phone, whose link and processor it would take from the first paint, it is asked for after that.
 * The page names its code in a `meta` element too: a page that was updated is known by it (components/store/absence.ts).
 */
export function preloads(): Plugin {
  return {
    name: 'convscope:preloads',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {}, path }) {
        const tags =
          /\s*<(?:script type="module"|link rel="modulepreload")[^>]*?(?:src|href)="([^"]+)">(?:<\/script>)?/g;
        const [entry, ...imports] = [...html.matchAll(tags)].map(([, file]) => file);
        if (entry === undefined) throw new Error('The built page asks for no code.');
        const named = `<meta name="code" content="${entry}">`;
        // The bench page shows nothing before its code.
        if (path !== '/index.html') return html.replace('</head>', () => `  ${named}\n  </head>`);
        const zoo = filesOf(bundle, '/models/zoo/index.ts').map((file) => `./${file}`);
        const words = Object.fromEntries(
          ['en', 'ko'].map((language) => [language, `./${filesOf(bundle, `/i18n/${language}.ts`).at(-1)}`]),
        );
        const script = codeScript(entry, [...new Set([entry, ...imports, ...zoo])], words);
        return html
          .replace(tags, '')
          .replace('</head>', () => `  ${named}\n    ${codeMark}<script>${script}</script>\n  </head>`);
      },
    },
  };
}

/**
 * Finds the language as `startingState` in src/components/store does: the address before what the browser speaks. An address that
 * asks for more than a language has no first view (see `showFrame`), and a page that is not seen has no paint: nothing is
 * waited for there. The code runs as a module of the page would, when all of the page is there.
 */
const codeScript = (
  entry: string,
  files: readonly string[],
  words: Readonly<Record<string, string>>,
): string => `{
  const words = ${JSON.stringify(words)};
  const query = new URLSearchParams(location.search);
  const spoken = navigator.languages.map((tag) => tag.toLowerCase().split('-')[0]);
  const language = [query.get('lang'), ...spoken, 'en'].find((tag) => Object.hasOwn(words, tag));
  query.delete('lang');
  const run = () => import('${entry}').catch(reportError).finally(() => dispatchEvent(new Event('${codeSettled}')));
  let asked = false;
  const ask = () => {
    if (asked) return;
    asked = true;
    for (const href of [...${JSON.stringify(files)}, words[language]])
      document.head.append(
        Object.assign(document.createElement('link'), { rel: 'modulepreload', crossOrigin: '', fetchPriority: 'low', href }),
      );
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', run);
    else run();
  };
  if (query.size > 0 || document.hidden || matchMedia('(min-width: 700px)').matches) ask();
  else {
    // First, and for browsers that tell nothing of paints or have no observer of them.
    addEventListener('load', ask);
    new PerformanceObserver((list) => {
      if (list.getEntriesByName('first-contentful-paint').length > 0) ask();
    }).observe({ type: 'paint', buffered: true });
  }
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
