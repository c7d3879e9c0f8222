/** Mails in files, shown to whoever sits at this machine and to nobody else. */
import { isLocalPerson, type Web } from '../client.ts';
import { answerFault } from '../faults.ts';
import { framingPolicy, mailPolicy } from '../guard.ts';
import { openLinksOutside, renderOutboxMail, renderOutboxPage } from '../pages/outbox.ts';
import type { RouteTools } from '../tools.ts';

export const addOutboxRoutes = (app: Web, { deps, chrome }: RouteTools): void => {
  app.use('/outbox/*', async (c, next) => {
    if (deps.outboxDir !== undefined && isLocalPerson(c, deps)) return next();
    return answerFault(c, chrome(), 404);
  });

  app.get('/outbox', async (c) => c.html(renderOutboxPage(chrome(), await deps.listOutbox())));

  app.get('/outbox/:name', async (c) => {
    const mail = await deps.readOutbox(c.req.param('name'));
    if (mail === undefined) return answerFault(c, chrome(), 404);
    c.header('Content-Security-Policy', framingPolicy);
    return c.html(renderOutboxMail(chrome(), mail));
  });

  app.get('/outbox/:name/body', async (c) => {
    const mail = await deps.readOutbox(c.req.param('name'));
    if (mail === undefined) return answerFault(c, chrome(), 404);
    c.header('Content-Security-Policy', mailPolicy("'self'"));
    c.header('X-Frame-Options', 'SAMEORIGIN');
    return c.html(openLinksOutside(mail.html));
  });
};
