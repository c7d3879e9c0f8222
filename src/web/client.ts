/** Who is calling: the address a request came from, as far as it can be believed. */
import type { IncomingMessage } from 'node:http';
import type { Context, Hono } from 'hono';
import ipaddr from 'ipaddr.js';
import type { WebDeps } from './deps.ts';

/** `incoming` is node's own request; a request made in process has none. */
export type WebEnv = { Bindings: { incoming?: IncomingMessage } };
export type Web = Hono<WebEnv>;
export type WebContext = Context<WebEnv>;

/**
 * A key that stands for one caller: the IPv4 address, or the /64 of an IPv6 one, since a single
 * household holds a whole /64. Behind our proxy it is the last entry of `X-Forwarded-For`, the only
 * one the proxy wrote itself: whatever stands before it came from the caller.
 */
export const callerKey = (c: WebContext, trustProxy: boolean): string => {
  const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : '';
  return addressKey(forwarded || remoteAddress(c) || '');
};

// In process there is no environment at all, whatever the type says.
const remoteAddress = (c: WebContext): string | undefined => c.env?.incoming?.socket.remoteAddress;

const addressKey = (address: string): string => {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${parsed.toByteArray().slice(0, 8).join('.')}/64`;
};

const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * Whether a person on this very machine is asking, so that mails lying in files may be shown. A
 * loopback connection alone does not say so: a proxy on the same machine makes one for everybody,
 * and a hostile page can point its own name at 127.0.0.1 (DNS rebinding). So the service's own
 * address and the `Host` asked for must be loopback too, and no proxy may have left its mark.
 */
export const isLocalPerson = (c: WebContext, deps: WebDeps): boolean =>
  isLoopbackAddress(remoteAddress(c) ?? '') &&
  isLoopbackUrl(deps.baseUrl) &&
  isLoopbackUrl(`http://${c.req.header('host') ?? ''}`) &&
  proxyHeaders.every((name) => c.req.header(name) === undefined);

const isLoopbackAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';

const isLoopbackUrl = (url: string): boolean => {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host.endsWith('.localhost') || isLoopbackAddress(host);
};
