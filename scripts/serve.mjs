// Serves a built folder on this machine, cross-origin isolated, so that wasm may use threads.
import { createServer } from 'node:http';
import sirv from 'sirv';
import { compressed } from './compress.mjs';
import { hostHeaders } from './hostHeaders.mjs';

/**
 * Serves `folder` on `port` or, where that is taken, on the next free one; resolves to `{ url, close }`. It sends the headers that
 * the folder asks for; with `isolated: false` none, as hosts do that know of none.
 */
export async function serve(folder, { port = 4173, host = 'localhost', isolated = true } = {}) {
  const asked = hostHeaders(folder);
  const headersOf = (request) => ({
    ...(isolated && {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      ...asked(request.url.split(/[?#]/)[0]),
    }),
    'Cache-Control': 'no-cache',
  });
  const packed = compressed(folder);
  const files = sirv(folder, {
    dev: true,
    etag: true,
    setHeaders: (response) =>
      Object.entries(headersOf(response.req)).forEach(([name, value]) => response.setHeader(name, value)),
  });
  const answer = async (request, response) => {
    if (await packed(request, response, headersOf(request)).catch(() => false)) return;
    files(request, response, () => {
      response.writeHead(404, { 'Content-Type': 'text/plain' });
      response.end('Not found');
    });
  };
  const server = createServer((request, response) => void answer(request, response));
  const taken = await listen(server, port, host);
  return {
    url: `http://${host}:${taken}/`,
    close: () => new Promise((done) => server.close(done).closeAllConnections()),
  };
}

function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE' && port !== 0) resolve(listen(server, port + 1, host));
      else reject(error);
    });
    server.listen(port, host, () => resolve(server.address().port));
  });
}
