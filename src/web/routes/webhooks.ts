/** What mail providers post; each post proves by itself who sent it. */
import type { Web } from '../client.ts';
import type { RouteTools } from '../tools.ts';

const statuses = { taken: 200, 'not-found': 404, refused: 403, 'ill-formed': 400 } as const;

export const addWebhookRoutes = (app: Web, { deps }: RouteTools): void => {
  const { takeWebhook } = deps;
  if (!takeWebhook) return;
  app.post('/webhooks/:provider', async (c) => {
    const outcome = await takeWebhook(c.req.param('provider'), {
      body: await c.req.text(),
      header: (name) => c.req.header(name),
    });
    return c.json({ outcome: outcome.kind }, statuses[outcome.kind]);
  });
};
