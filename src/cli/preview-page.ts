/**
 * A page that shows one mail while its templates are being edited. It answers this machine alone,
 * reads the templates anew for each look, and says where a mistake is when there is one.
 */
import { readdir, stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PreviewMail } from '../app/preview-mail.ts';
import { escapeHtml } from '../lib/html.ts';
import { TemplateError } from '../mail/template-source.ts';

export type PreviewPage = { readonly url: string; readonly close: () => Promise<void> };

/** Serves the page. `render` is called for each look; `folder` holds the templates. */
export const servePreview = async (
  render: () => Promise<PreviewMail>,
  folder: string,
): Promise<PreviewPage> => {
  const server = createServer((request, response) => {
    // A page elsewhere may make its name lead here (DNS rebinding); the mail may hold a reader's links.
    if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? ''))
      return send(response, 403, 'text/plain', 'this page answers 127.0.0.1 alone');
    answer(request.url ?? '/', response, render, folder).catch((error: unknown) => {
      send(response, 500, 'text/plain', error instanceof Error ? error.message : String(error));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
};

const answer = async (
  url: string,
  response: ServerResponse,
  render: () => Promise<PreviewMail>,
  folder: string,
): Promise<void> => {
  switch (url) {
    case '/':
      return send(response, 200, 'text/html', await framePage(render));
    case '/mail':
      return send(response, 200, 'text/html', (await render()).html);
    case '/stamp':
      return send(response, 200, 'text/plain', String(await newestChange(folder)));
    default:
      return send(response, 404, 'text/plain', 'nothing here');
  }
};

const send = (response: ServerResponse, status: number, type: string, body: string): void => {
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Cache-Control': 'no-store',
  });
  response.end(body);
};

/** When anything in a folder was last changed, in milliseconds. */
const newestChange = async (folder: string): Promise<number> => {
  const entries = await readdir(folder, { recursive: true });
  const times = await Promise.all(
    entries.map(async (name) => (await stat(join(folder, name))).mtimeMs),
  );
  return Math.max(0, ...times);
};

/** The mail as a phone and a wide window show it, and its text part; or the mistake. */
const framePage = async (render: () => Promise<PreviewMail>): Promise<string> => {
  try {
    const { subject, text } = await render();
    return page(
      subject,
      `<iframe title="800 pixels wide" src="/mail" width="800"></iframe>
<iframe title="375 pixels wide" src="/mail" width="375"></iframe>
<pre>${escapeHtml(text)}</pre>`,
    );
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return page('A mistake in a template', `<pre role="alert">${escapeHtml(error.message)}</pre>`);
  }
};

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>
body { margin: 1rem; font: 1rem/1.5 system-ui, sans-serif; background: #ddd; color: #222 }
iframe { height: 85vh; border: 0; background: #fff; margin-right: 1rem; vertical-align: top }
pre { display: inline-block; vertical-align: top; max-height: 85vh; overflow: auto; margin: 0; padding: 1rem; background: #fff }
</style></head><body><h1>${escapeHtml(title)}</h1>
${body}
<script>
let seen;
setInterval(async () => {
  const stamp = await (await fetch('/stamp')).text();
  if (seen !== undefined && stamp !== seen) location.reload();
  seen = stamp;
}, 700);
</script></body></html>
`;
