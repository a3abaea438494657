// The headers that a built folder asks its host for, in the file `_headers` (as Netlify and Cloudflare Pages read it).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Gives the headers of a path, by every pattern that it matches, joined by commas as those hosts do; none where there is no file. */
export function hostHeaders(folder) {
  const rules = rulesOf(read(join(folder, '_headers')));
  return (path) => {
    const headers = {};
    for (const { matches, asked } of rules) {
      if (!matches(path)) continue;
      for (const [name, value] of asked) headers[name] = headers[name] ? `${headers[name]}, ${value}` : value;
    }
    return headers;
  };
}

function rulesOf(text) {
  const rules = [];
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s+([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name) rules.at(-1).asked.push([name, value]);
    else if (line.trim()) rules.push({ matches: matcher(line.trim()), asked: [] });
  }
  return rules;
}

function matcher(pattern) {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`);
  return (path) => whole.test(path);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // A folder that is not built by this project's own config has none.
    return '';
  }
}
