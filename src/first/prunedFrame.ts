/** What a picture of the page does not need: it is not there for assistive technology, nor for scripts. */
const unneeded =
  / (?:aria-(?!pressed|expanded|current|checked|valuemin|valuemax)[a-z]+|title|id|for|name|value|type|tabindex|href|xmlns|focusable|data-slot)="[^"]*"/g;
/** Within a diagram even less: it is to be the one that will stand in its place. */
const unneededInDiagram = / (?:aria-(?!pressed)[a-z]+|tabindex|xmlns|focusable)="[^"]*"/g;
const voids = new Set(['input', 'img', 'br', 'hr', 'link']);

/**
 * A rendered frame as small as it can be: without what is hidden, without names and addresses, and with an empty
 * `data-drawing` where the diagram will be drawn for the window as it is; or with the diagram, which then has this mark.
 */
export function prunedFrame(html: string, diagramIs: 'place' | 'ready' = 'place'): string {
  let out = '';
  let skipped = 0;
  let within = 0;
  for (const [part, close, name = '', attributes = '', self] of html.matchAll(
    /<!--.*?-->|<(\/?)([a-z][\w-]*)((?:[^>"]|"[^"]*")*?)(\/?)>|[^<]+/gi,
  )) {
    if (part.startsWith('<!')) continue;
    if (!part.startsWith('<')) {
      if (skipped === 0) out += part;
      continue;
    }
    const empty = self === '/' || voids.has(name);
    const first = skipped === 0;
    if (close === '/') {
      if (skipped > 0) skipped -= 1;
      if (within > 0) within -= 1;
      if (first) out += part;
      continue;
    }
    if (within > 0) {
      if (!empty) within += 1;
      out += `<${name}${attributes.replace(unneededInDiagram, '').replace(/ ?\/$/, '')}>`;
      continue;
    }
    const diagram = name === 'svg' && / role="group"/.test(attributes);
    if (diagram && first && diagramIs === 'ready') {
      within = 1;
      out += `<svg data-drawing${attributes.replace(unneededInDiagram, '')}>`;
      continue;
    }
    const dropped = diagram || name === 'link' || / hidden=""/.test(attributes);
    if (skipped > 0 || dropped) {
      if (!empty) skipped += 1;
      if (first && diagram) out += '<i data-drawing></i>';
      continue;
    }
    out += `<${name}${kept(attributes)}>`;
  }
  return out;
}

/** Names that scripts look for stay. */
function kept(attributes: string): string {
  const separator = /role="separator"/.test(attributes) ? ' role="separator"' : '';
  const percent = / data-percent/.test(attributes) ? ' data-percent' : '';
  const id = / id="diagram"/.test(attributes) ? ' id="diagram"' : '';
  return `${id}${separator}${percent}${attributes
    .replace(unneeded, '')
    .replace(/ (?:role|data-percent)="[^"]*"/g, '')
    .replace(/ ?\/$/, '')}`;
}
