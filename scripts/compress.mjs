// Text in gzip, as static hosts send it: packed when it is first asked for, and again where its file has changed.
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const types = new Map([
  ['.html', 'text/html;charset=utf-8'],
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
  ['.json', 'application/json'],
  ['.svg', 'image/svg+xml'],
  ['.wasm', 'application/wasm'],
]);
const pack = promisify(gzip);

/**
 * `(request, response, headers) => Promise<boolean>`: answers with a packed file of `folder` where the browser takes one;
 * false where it is for somebody else to answer.
 */
export function compressed(folder) {
  const known = new Map();
  return async (request, response, headers) => {
    if (request.method !== 'GET' || !/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return false;
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = normalize(decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    const type = types.get(extname(name));
    if (type === undefined || name.includes('..') || 'range' in request.headers) return false;
    const path = join(folder, name);
    const file = await stat(path).catch(() => null);
    if (!file?.isFile()) return false;
    const etag = `W/"${file.size}-${Math.round(file.mtimeMs)}-gzip"`;
    const all = { ...headers, 'Content-Type': type, ETag: etag, Vary: 'Accept-Encoding' };
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, all).end();
      return true;
    }
    if (known.get(path)?.etag !== etag) known.set(path, { etag, bytes: await pack(await readFile(path)) });
    const { bytes } = known.get(path);
    response
      .writeHead(200, { ...all, 'Content-Encoding': 'gzip', 'Content-Length': bytes.length })
      .end(bytes);
    return true;
  };
}
