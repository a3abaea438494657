import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A server on this machine that behaves like the hubs of published weights, and misbehaves as they do: ranges, ETags,
 * redirects to another origin, dropped connections, missing CORS headers, pages in place of files.
 */

export interface HubFile {
  body: Uint8Array;
  etag?: string | null;
  type?: string;
  /** False: a range is answered with the whole file. */
  ranges?: boolean;
  /** False: no CORS header, so that pages of other origins may not read the answer. */
  cors?: boolean;
  /** True: pages may see ETag and Content-Range too. */
  exposes?: boolean;
  /** False: the body's length is not told (chunked). */
  length?: boolean;
  /** An answer with this status and no file. */
  status?: number;
  /** The file lies at the other origin, where the hub sends the client. */
  redirect?: boolean;
  /** For each connection in turn: the bytes after which it is cut. Connections beyond the list are not cut. */
  drops?: number[];
  /**
   * The bytes of the file that the client has taken. A client throws away what it has not read yet when its connection
   * is cut; with this the cut comes when it has read all, so that a test knows where it goes on.
   */
  taken?: () => number;
  /** The byte of the file at which the first connection that comes so far waits until `release` is called. */
  holdAt?: number;
}

export interface HubRequest {
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  readonly ifRange: string | null;
  readonly origin: string | null;
}

export interface Hub {
  readonly url: string;
  /** By path, with the slash before it. A test changes an entry as a publisher changes a file. */
  readonly files: Map<string, HubFile>;
  readonly requests: HubRequest[];
  /** Resolves when a connection waits at its `holdAt`. */
  held(path: string): Promise<void>;
  /** Lets the connections that wait go on. */
  release(): void;
  /** Cuts the connections that wait. */
  cut(): void;
  close(): Promise<void>;
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );

export async function startHub(): Promise<Hub> {
  const files = new Map<string, HubFile>();
  const requests: HubRequest[] = [];
  const gates = new Gates();
  const answer = (request: IncomingMessage, response: ServerResponse, redirectTo: string | null): void => {
    const path = new URL(request.url!, 'http://hub').pathname;
    requests.push(entryOf(request, path));
    const file = files.get(path);
    if (file) serve({ request, response, path, file, redirectTo, gates });
    else response.writeHead(404, { 'access-control-allow-origin': '*' }).end('Not found');
  };
  // The store to which the hub sends its clients: the same files behind another origin.
  const store = createServer((request, response) => answer(request, response, null));
  const storeUrl = `http://localhost:${await listen(store)}`;
  const hub = createServer((request, response) => answer(request, response, storeUrl));
  const url = `http://localhost:${await listen(hub)}`;
  return {
    url,
    files,
    requests,
    held: (path) => gates.held(path),
    release: () => gates.open(true),
    cut: () => gates.open(false),
    async close() {
      gates.open(false);
      for (const server of [hub, store]) {
        await new Promise((done) => server.close(done).closeAllConnections());
      }
    },
  };
}

const entryOf = ({ method, headers }: IncomingMessage, path: string): HubRequest => ({
  method: method ?? '',
  path,
  range: headers.range ?? null,
  ifRange: (headers['if-range'] as string | undefined) ?? null,
  origin: headers.origin ?? null,
});

/** Connections that wait, and tests that wait for them to wait. */
class Gates {
  private readonly waiting = new Map<string, (goOn: boolean) => void>();
  private readonly watchers = new Map<string, () => void>();

  /** Whether to go on. */
  async wait(path: string): Promise<boolean> {
    const opened = new Promise<boolean>((resolve) => this.waiting.set(path, resolve));
    this.watchers.get(path)?.();
    return opened;
  }
  async held(path: string): Promise<void> {
    if (!this.waiting.has(path)) await new Promise<void>((resolve) => this.watchers.set(path, resolve));
  }
  open(goOn: boolean): void {
    this.waiting.forEach((open) => open(goOn));
    this.waiting.clear();
    this.watchers.clear();
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly file: HubFile;
  readonly redirectTo: string | null;
  readonly gates: Gates;
}

function serve(exchange: Exchange): void {
  const { request, response, path, file, redirectTo } = exchange;
  if (file.cors !== false) response.setHeader('access-control-allow-origin', '*');
  if (file.exposes) response.setHeader('access-control-expose-headers', 'ETag, Content-Range');
  // The real hubs answer a browser's question for leave in different ways; this one gives none.
  if (request.method === 'OPTIONS') return void response.writeHead(403).end();
  if (file.redirect && redirectTo) {
    return void response.writeHead(302, { location: `${redirectTo}${path}` }).end();
  }
  if (file.status !== undefined) return void response.writeHead(file.status).end('no file');
  const etag = file.etag === undefined ? '"first"' : file.etag;
  if (etag !== null) response.setHeader('etag', etag);
  response.setHeader('content-type', file.type ?? 'application/octet-stream');
  const start = startOf(exchange, etag);
  if (start >= file.body.length) {
    return void response.writeHead(416, { 'content-range': `bytes */${file.body.length}` }).end();
  }
  const { length } = file.body;
  if (start > 0) response.setHeader('content-range', `bytes ${start}-${length - 1}/${length}`);
  if (file.length !== false) response.setHeader('content-length', length - start);
  response.writeHead(start > 0 ? 206 : 200);
  void send(exchange, start);
}

function startOf({ request, file }: Exchange, etag: string | null): number {
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  if (!range || file.ranges === false) return 0;
  const wanted = request.headers['if-range'];
  return wanted === undefined || wanted === etag ? Number(range[1]) : 0;
}

const pieceBytes = 16_384;

async function send({ response, path, file, gates }: Exchange, start: number): Promise<void> {
  const drop = file.drops?.shift() ?? Infinity;
  const cut = Math.min(file.body.length, start + drop);
  const hold = file.holdAt ?? Infinity;
  const holds = hold >= start && hold < cut;
  if (holds) delete file.holdAt;
  const stops = holds ? [hold, cut] : [cut];
  let at = start;
  for (const stop of stops) {
    for (; at < stop; at = Math.min(stop, at + pieceBytes)) {
      await written(response, file.body.subarray(at, Math.min(stop, at + pieceBytes)));
    }
    if (stop < cut && !(await gates.wait(path))) return void response.destroy();
  }
  if (cut === file.body.length) return void response.end();
  while (file.taken && file.taken() < cut) await new Promise((resolve) => setImmediate(resolve));
  response.destroy();
}

/** What is destroyed at once takes unsent bytes with it: every piece leaves before the next one. */
const written = (response: ServerResponse, piece: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.write(piece, () => resolve());
  });
