import { expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { fake } from './fakes.ts';

it('a post reaches its provider with body and headers, and the answer tells the outcome', async () => {
  const seen: unknown[] = [];
  const web = createWeb(
    fake({
      takeWebhook: async (provider, { body, header }) => {
        seen.push([provider, body, header('authorization')]);
        return { kind: 'refused' };
      },
    }).deps,
  );
  const answer = await web.request('/webhooks/postmark', {
    method: 'POST',
    body: 'x'.repeat(100_000),
    headers: { authorization: 'Basic x' },
  });
  expect(answer.status).toBe(403);
  expect(seen).toEqual([['postmark', 'x'.repeat(100_000), 'Basic x']]);
});

it('a post of more than a megabyte is refused', async () => {
  const web = createWeb(fake({ takeWebhook: async () => ({ kind: 'taken' }) }).deps);
  const body = 'x'.repeat(1024 * 1024 + 1);
  expect((await web.request('/webhooks/ses', { method: 'POST', body })).status).toBe(413);
});
