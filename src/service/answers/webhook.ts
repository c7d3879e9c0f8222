/** What the webhooks need of the rest, from the settings. */
import { takeWebhook } from '../../app/webhook.ts';
import type { CommandContext } from '../../cli/command.ts';
import { fetchText } from '../../lib/http.ts';
import type { WebDeps } from '../../web/deps.ts';

/** Amazon uses one a region and year. */
const mostCertificates = 20;

/** Tells the log what was done, and never of whom. */
export const createWebhook = (
  { openDb, clock, config, log }: CommandContext,
  secret: string,
): NonNullable<WebDeps['takeWebhook']> => {
  const keys = config.bounces.webhooks;
  const certificates = new Map<string, Promise<string>>();
  const get = (url: string): Promise<string> =>
    fetchText(url, { timeoutMs: 10_000, maxBytes: 64 * 1024, userAgent: 'Paperboy' });
  const deps = {
    ...{ db: openDb(), secret, clock, keys, bounceAddress: config.mail.bounceAddress },
    fetchText: (url: string): Promise<string> => {
      if (!url.endsWith('.pem')) return get(url);
      const known = certificates.get(url) ?? get(url);
      if (certificates.size > mostCertificates) certificates.clear();
      certificates.set(url, known);
      known.catch(() => certificates.delete(url));
      return known;
    },
  };
  return async (provider, post) => {
    const outcome = await takeWebhook(deps, provider, post);
    const effects = outcome.kind === 'taken' ? outcome.bounces.map(({ effect }) => effect) : [];
    log.info({ provider, outcome: outcome.kind, effects }, 'webhook');
    return outcome;
  };
};
