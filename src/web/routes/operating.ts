/** For operators, robots and browsers: health, numbers, static files. */
import type { Web } from '../client.ts';
import { renderStatusPage } from '../pages/status.ts';
import type { RouteTools } from '../tools.ts';

const robots = `User-agent: *
Disallow: /confirm/
Disallow: /manage/
Disallow: /unsubscribe/
Disallow: /digests/
Disallow: /feeds/
Disallow: /outbox
Disallow: /status/
Disallow: /api/
`;

export const addOperatingRoutes = (app: Web, tools: RouteTools): void => {
  const { deps, assets, chrome } = tools;
  app.get('/healthz', (c) => {
    c.header('Cache-Control', 'no-store');
    c.header('Paperboy-Instance', deps.instance);
    return c.text('ok\n');
  });
  app.get('/readyz', (c) => {
    c.header('Cache-Control', 'no-store');
    const readiness = deps.readiness();
    return c.json(readiness, readiness.ready ? 200 : 503);
  });
  app.get('/metrics', async (c) => {
    c.header('Cache-Control', 'no-store');
    // https://prometheus.io/docs/instrumenting/exposition_formats/
    return c.body(await deps.metrics(), 200, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
    });
  });
  app.get('/status/:token', async (c) => {
    const view = await deps.report(c.req.param('token'));
    return view ? c.html(renderStatusPage(chrome(), view)) : c.notFound();
  });
  app.post('/status/:token', (c) =>
    deps.askDoctor(c.req.param('token')) ? c.redirect(c.req.path, 303) : c.notFound(),
  );
  app.get('/robots.txt', (c) => c.text(robots));
  for (const asset of Object.values(assets)) {
    app.get(asset.path, (c) => {
      c.header('Cache-Control', 'public, max-age=31536000, immutable');
      return c.body(asset.body, 200, { 'Content-Type': asset.contentType });
    });
  }
};
