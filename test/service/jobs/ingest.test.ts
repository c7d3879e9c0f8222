/** A new service's first look at its sources, and the sample that stands in for them. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseConfig } from '../../../src/config.ts';
import { countInUse } from '../../../src/db/meanings.ts';
import type { Db } from '../../../src/db/open.ts';
import { ingestJob } from '../../../src/service/jobs/ingest.ts';
import { tempDb } from '../../db/temp-db.ts';
import { noon, silentLog } from '../../invent.ts';

let db: Db;
let folder: string;
let server: Server | undefined;
beforeEach(() => {
  db = tempDb();
  folder = mkdtempSync(join(tmpdir(), 'paperboy-ingest-'));
});
afterEach(() => {
  vi.useRealTimers();
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A source that takes the question and says nothing until it is let go. */
const silentSource = async (): Promise<{ readonly url: string; readonly asked: Promise<void> }> => {
  const made = createServer();
  server = made;
  const asked = new Promise<void>((heard) => made.once('request', () => heard()));
  await new Promise<void>((ready) => made.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}`, asked };
};

const openJob = (sampleFolder: string, env: Record<string, string>) => {
  const parsed = parseConfig({ SOURCES: 'huggingface', ...env });
  if (parsed.kind !== 'ok') throw new Error('wrong settings');
  const context = { config: parsed.config, clock: () => noon, log: silentLog, openDb: () => db };
  return ingestJob(context as never, sampleFolder);
};

it('shows the sample when no source has answered for eight seconds, and still waits for them', async () => {
  const { url, asked } = await silentSource();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const stopping = new AbortController();
  const run = openJob(resolve('src/sample'), { HF_API_URL: url }).run(stopping.signal);
  await asked;
  expect(countInUse(db)).toBe(0);
  vi.advanceTimersByTime(8_000);
  vi.useRealTimers();
  await expect.poll(() => countInUse(db), { timeout: 20_000 }).toBeGreaterThan(100);
  stopping.abort();
  await run;
});

it('a sample that cannot be read is the failure of the job and not of the service', async () => {
  const { url, asked } = await silentSource();
  mkdirSync(join(folder, 'papers.jsonl'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const stopping = new AbortController();
  const run = openJob(folder, { HF_API_URL: url }).run(stopping.signal);
  const outcome = expect(run).rejects.toThrow('EISDIR');
  await asked;
  vi.advanceTimersByTime(8_000);
  vi.useRealTimers();
  // Time enough for a rejection nobody minds to end this process.
  await new Promise((turn) => setTimeout(turn, 200));
  stopping.abort();
  await outcome;
});
