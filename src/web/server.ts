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

/** How long a caller may take, in milliseconds. */
export type Timeouts = {
  /** For the head of a request. */
  readonly headersMs: number;
  /** For all of it. */
  readonly requestMs: number;
  /** Without a byte in either direction. */
  readonly idleMs: number;
  /** How often that is looked at. */
  readonly checkMs: number;
};

// Slow callers may not hold a connection for ever.
const patience: Timeouts = { headersMs: 15_000, requestMs: 30_000, idleMs: 70_000, checkMs: 5_000 };

const drainMs = 10_000;
const idleCheckMs = 50;

/**
 * Listens; throws an Error in plain words when the address cannot be had. `front` holds answers that
 * need not be made again.
 */
export const startServer = async (
  app: Web,
  at: { readonly host: string; readonly port: number },
  {
    front,
    timeouts = patience,
  }: {
    readonly front?: { readonly cache: PublicCache; readonly clock: () => Date };
    readonly timeouts?: Timeouts;
  } = {},
): Promise<RunningServer> => {
  const routes = getRequestListener(app.fetch, { hostname: at.host });
  const listener = (...[request, response]: Parameters<typeof routes>): void =>
    void routes(request, response);
  const server = createServer(
    {
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      connectionsCheckingInterval: timeouts.checkMs,
    },
    front ? withFront(front.cache, front.clock, listener) : listener,
  );
  server.timeout = timeouts.idleMs;
  // A proxy keeps its connections for a minute: closed sooner, one dies under its next request.
  server.keepAliveTimeout = timeouts.idleMs;
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
    ENOTFOUND: `HOST ${host} is no address and no name that has one; set it to an address of this machine, or to 0.0.0.0`,
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
