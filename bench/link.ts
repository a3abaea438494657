import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network as a phone has it; everything that comes through it shares the way down. */
export interface LinkSpeed {
  readonly downBitsPerSecond: number;
  /** A round trip, ms: half of it each way, and one before a connection stands. */
  readonly rttMs: number;
}

/** Bytes that are let through at a time: what shares the link takes turns of this size. */
const turnBytes = 1460;

interface Waiting {
  readonly to: Socket;
  readonly from: Socket;
  readonly pieces: Buffer[];
  bytes: number;
}

/**
 * Stands between a browser and a server on this machine as a slow link does. The browser's own throttling (CDP) knows
 * nothing of the requests of workers, and weights are fetched by one; a link knows them all.
 */
export async function openLink(
  port: number,
  { downBitsPerSecond, rttMs }: LinkSpeed,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const queue: Waiting[] = [];
  const sockets = new Set<Socket>();
  let budget = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const perMs = downBitsPerSecond / 8000;
    // What a quiet moment leaves unused is lost, but for what a late timer would have let through.
    budget = queue.length === 0 ? 0 : Math.min(budget + (now - last) * perMs, 50 * perMs + turnBytes);
    last = now;
    while (budget > 0 && queue.length > 0) budget -= turn(queue);
  }, 2);

  const server = createServer((browser) => {
    const site = connect(port, 'localhost');
    const waiting: Waiting = { to: browser, from: site, pieces: [], bytes: 0 };
    const stands = performance.now() + rttMs;
    for (const socket of [browser, site]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    browser.on('data', (data) =>
      setTimeout(() => site.write(data), Math.max(0, stands - performance.now()) + rttMs / 2),
    );
    browser.on('close', () => site.destroy());
    site.on('data', (data) => {
      waiting.bytes += data.length;
      // The site waits as for any slow reader.
      if (waiting.bytes > 64 * 1024) site.pause();
      setTimeout(() => {
        if (waiting.pieces.length === 0) queue.push(waiting);
        waiting.pieces.push(data);
      }, rttMs / 2);
    });
    site.on('close', () => {
      if (waiting.bytes === 0) browser.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, 'localhost', done));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      clearInterval(timer);
      sockets.forEach((socket) => socket.destroy());
      await new Promise((done) => server.close(done));
    },
  };
}

/** Lets the first that waits send one turn and puts it behind the others; the bytes that went through. */
function turn(queue: Waiting[]): number {
  const waiting = queue.shift()!;
  const piece = waiting.pieces.shift()!;
  const now = piece.subarray(0, turnBytes);
  const rest = piece.subarray(turnBytes);
  if (rest.length > 0) waiting.pieces.unshift(rest);
  if (waiting.pieces.length > 0) queue.push(waiting);
  waiting.bytes -= now.length;
  if (waiting.bytes <= 64 * 1024) waiting.from.resume();
  if (!waiting.to.destroyed) waiting.to.write(now);
  return now.length;
}
