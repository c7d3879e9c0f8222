/** The whole service over the bundled sample, at a fixed moment, its mails in an outbox folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliverDue } from '../../src/app/deliver.ts';
import { planDigests } from '../../src/app/plan.ts';
import { publishDaily } from '../../src/app/publish.ts';
import { loadSample } from '../../src/app/sample.ts';
import { deliverDeps, loadMailKit, makeTransport } from '../../src/cli/wiring.ts';
import { webDeps } from '../../src/service/answers/web-deps.ts';
import { createWeb } from '../../src/web/routes.ts';
import { startServer } from '../../src/web/server.ts';
import { root, stillContext } from './still-context.ts';

const moment = new Date('2026-03-27T09:05:00Z');
const dayMs = 86_400_000;

export type LiveService = {
  readonly url: string;
  /** Sends what is due now into the outbox; how many mails that were. */
  readonly deliver: () => Promise<number>;
  readonly close: () => Promise<void>;
};

export const startLiveService = async (): Promise<LiveService> => {
  const folder = await mkdtemp(join(tmpdir(), 'paperboy-live-'));
  const port = await freePort();
  const context = stillContext(folder, moment, { BASE_URL: `http://127.0.0.1:${port}` });
  const db = context.openDb();
  await loadSample(db, join(root, 'src', 'sample'), new Date('2026-04-01T00:00:00Z'));
  for (const ago of [9, 8, 2, 1, 0]) publishDaily(db, new Date(moment.getTime() - ago * dayMs));
  const kit = await loadMailKit(context);
  const web = createWeb(webDeps(context, kit));
  const server = await startServer(web, { host: '127.0.0.1', port });
  const delivery = deliverDeps(context, kit, makeTransport(context));
  return {
    url: context.config.baseUrl,
    deliver: async () => {
      planDigests(db, { asOf: moment, now: moment, reuseMs: 0, learning: 'at-hand' });
      return (await deliverDue(delivery)).sent;
    },
    close: async () => {
      await server.close();
      db.$client.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const freePort = async (): Promise<number> => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
};
