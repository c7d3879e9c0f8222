/** What every answer carries and every form post must pass. */
import type { MiddlewareHandler } from 'hono';
import type { WebContext, WebEnv } from './client.ts';
import type { WebDeps } from './deps.ts';

const policy = (directives: Readonly<Record<string, string>>): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`.trim())
    .join('; ');

const pageDirectives = {
  'default-src': "'none'",
  'style-src': "'self'",
  'script-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

/** Our own pages: nothing inline, nothing from elsewhere, no frame around them. */
export const pagePolicy = policy(pageDirectives);

/** A page of ours that shows one of our documents in a frame. */
export const framingPolicy = policy({ ...pageDirectives, 'frame-src': "'self'" });

/**
 * A mail shown in a browser. Mail has to carry its styles in attributes, so inline styles are
 * allowed for this one document, which in turn may run no script, post no form and load nothing
 * from elsewhere. The sandbox lets its links out: into a new window, or into the whole window on a
 * person's click, where the page that follows is free of the sandbox.
 */
export const mailPolicy = (ancestors: "'none'" | "'self'"): string =>
  policy({
    'default-src': "'none'",
    'style-src': "'unsafe-inline'",
    'img-src': "'self' data:",
    'form-action': "'none'",
    'base-uri': "'none'",
    'frame-ancestors': ancestors,
    sandbox: 'allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation',
  });

/** Sets what the route itself has not set. */
export const securityHeaders =
  (secure: boolean): MiddlewareHandler<WebEnv> =>
  async (c, next) => {
    await next();
    const headers = c.res.headers;
    const preset: Readonly<Record<string, string>> = {
      'Content-Security-Policy': pagePolicy,
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'same-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
      ...(secure ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
    };
    for (const [name, value] of Object.entries(preset)) {
      if (!headers.has(name)) headers.set(name, value);
    }
  };

/** For addresses that hold a secret: kept by no cache, told to no other site, in no index. */
export const secretPage: MiddlewareHandler<WebEnv> = async (c, next) => {
  await next();
  c.res.headers.set('Cache-Control', 'no-store');
  c.res.headers.set('Referrer-Policy', 'no-referrer');
  c.res.headers.set('X-Robots-Tag', 'noindex, nofollow');
};

/**
 * Whether a form post comes from a page of ours. Browsers that send `Sec-Fetch-Site` say so
 * themselves; older ones, and all of them over plain http, send `Origin`. A request with neither
 * comes from no browser, and there are no cookies it could misuse.
 *
 * `Origin: null` is what a page with `no-referrer` sends, as our pages with a token in their
 * address do; the token is then the proof, since another site cannot know it.
 */
export const isOwnPost = (c: WebContext, deps: WebDeps, holdsToken: boolean): boolean => {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = c.req.header('origin');
  if (origin === undefined) return true;
  if (origin === 'null') return holdsToken;
  if (!URL.canParse(origin)) return false;
  const asked = new URL(origin);
  return asked.host === c.req.header('host') || asked.origin === new URL(deps.baseUrl).origin;
};
