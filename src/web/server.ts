import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Web } from './client.ts';
import { withFront } from './front.ts';
import type { PublicCache } from './public-cache.ts';

export type RunningServer = {
  /** The port listened on, also when 0 was asked for. */
  readonly port: number;
  /** Takes no new request, lets those under way finish, and cuts what is left after `drainMs`. */
  readonly close: () => Promise<void>;
};

const drainMs = 10_000;
const idleCheckMs = 50;

/**
 * Listens; throws an Error in plain words when the address cannot be had. `front` holds answers that
 * need not be made again.
 */
export const startServer = async (
  app: Web,
  at: { readonly host: string; readonly port: number },
  front?: { readonly cache: PublicCache; readonly clock: () => Date },
): Promise<RunningServer> => {
  const routes = getRequestListener(app.fetch, { hostname: at.host });
  const listener = (...[request, response]: Parameters<typeof routes>): void =>
    void routes(request, response);
  const server = createServer(front ? withFront(front.cache, front.clock, listener) : listener);
  // Slow callers may not hold a connection for ever.
  server.headersTimeout = 15_000;
  server.requestTimeout = 30_000;
  await listen(server, at);
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
};

const listen = (server: Server, at: { readonly host: string; readonly port: number }) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(explain(error, at.host, at.port), { cause: error })),
    );
    server.listen(at.port, at.host, resolve);
  });

const explain = (error: NodeJS.ErrnoException, host: string, port: number): string => {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} on ${host} is taken by another program; set PORT to a free one`,
    EACCES: `port ${port} on ${host} may not be opened by this user; set PORT to 1024 or more`,
    EADDRNOTAVAIL: `this machine has no address ${host}; set HOST to one it has, or to 0.0.0.0`,
    ENOTFOUND: `HOST ${host} has no address`,
  };
  return reasons[error.code ?? ''] ?? `cannot listen on ${host}:${port}: ${error.message}`;
};

const close = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    // A kept-alive connection falls idle only after its last answer, and would then stay open
    // until the caller tires of it.
    const sweep = setInterval(() => server.closeIdleConnections(), idleCheckMs);
    server.close((error) => {
      clearTimeout(cut);
      clearInterval(sweep);
      if (error) reject(error);
      else resolve();
    });
  });
