import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isToldToHub, tellHub } from '../../src/app/hub.ts';
import { ensureEdition } from '../../src/app/publish.ts';
import type { Db } from '../../src/db/open.ts';
import { tempDb } from '../db/temp-db.ts';
import {
  addReader,
  hourMs,
  inventPaper,
  inventSettings,
  inventSignal,
  later,
  noon,
  silentLog,
  takeIn,
} from '../invent.ts';

/** A hub that notes what it is told, and answers as it is bidden. */
const hub = { status: 204, told: [] as URLSearchParams[], types: [] as (string | undefined)[] };
let server: Server;
let db: Db;
let now: Date;

beforeEach(async () => {
  Object.assign(hub, { status: 204, told: [], types: [] });
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    hub.told.push(new URLSearchParams(body));
    hub.types.push(request.headers['content-type']);
    response.writeHead(hub.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  db = tempDb();
  now = noon;
  await takeIn(
    db,
    [0, 1, 2].map((n) => inventPaper(n)),
  );
  addReader(db, 'mira@example.org', inventSettings({ topics: ['cs.RO', 'query:robots'] }));
});
afterEach(() => {
  server.close();
});

const tell = (signal = new AbortController().signal): Promise<number> =>
  tellHub(
    {
      db,
      clock: () => now,
      log: silentLog,
      hubUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      baseUrl: 'https://papers.example',
    },
    signal,
  );
const publish = () => ensureEdition(db, now, now, 0);
const toldUrls = (): string[] => hub.told.flatMap((each) => each.getAll('hub.url'));

describe('the hub', () => {
  it('is told of every feed of the topics in use, and of no reader’s own query', async () => {
    expect(await tell()).toBe(0);
    publish();
    expect(await tell()).toBe(2);
    expect(hub.told.map((each) => each.get('hub.mode'))).toEqual(['publish', 'publish']);
    expect(hub.types[0]).toBe('application/x-www-form-urlencoded');
    expect(toldUrls()).toEqual(
      expect.arrayContaining([
        'https://papers.example/feed.xml',
        'https://papers.example/feed.json?by=day',
        'https://papers.example/editions/feed.atom',
        'https://papers.example/topics/cs.RO/feed.atom',
      ]),
    );
    expect(toldUrls().join()).not.toContain('robots');
    expect(toldUrls().join()).not.toContain('cs.CL');
  });

  it('is told once, and again only of what has a paper it did not have', async () => {
    publish();
    await tell();
    hub.told = [];
    expect(await tell()).toBe(0);
    now = later(noon, hourMs);
    publish();
    expect(await tell()).toBe(0);
    now = later(noon, 2 * hourMs);
    const other = inventPaper(9, { categories: ['cs.CL'] });
    await takeIn(db, [other], [inventSignal(other.id, 5)], { now });
    publish();
    expect(await tell()).toBe(1);
    expect(toldUrls()).toContain('https://papers.example/feed.xml');
    expect(toldUrls()).not.toContain('https://papers.example/topics/cs.RO/feed.xml');
  });

  it('that fails is told later, at growing distances, and by the next process too', async () => {
    publish();
    hub.status = 503;
    expect(await tell()).toBe(0);
    expect(hub.told).toHaveLength(2);
    expect(await tell()).toBe(0);
    expect(hub.told).toHaveLength(2);
    now = later(noon, 60_000);
    await tell();
    expect(hub.told).toHaveLength(4);
    now = later(noon, 120_000);
    await tell();
    expect(hub.told).toHaveLength(4);
    hub.status = 202;
    now = later(noon, 180_000);
    expect(await tell()).toBe(2);
    expect(await tell()).toBe(0);
  });

  it('is not waited for when the service stops', async () => {
    publish();
    const stopping = new AbortController();
    server.removeAllListeners('request');
    server.on('request', () => stopping.abort());
    expect(await tell(stopping.signal)).toBe(0);
    server.closeAllConnections();
  });
});

describe('a feed names the hub', () => {
  it('only when the hub is told of it', () => {
    const told = (slug: string): boolean => isToldToHub(db, { kind: 'topic', slug }, now);
    expect(told('cs.RO')).toBe(false);
    publish();
    expect(told('cs.RO')).toBe(true);
    expect(told('cs.CL')).toBe(false);
    expect(told('no-such')).toBe(false);
    expect(isToldToHub(db, { kind: 'editions' }, now)).toBe(true);
    expect(isToldToHub(db, { kind: 'query', query: 'robots' }, now)).toBe(false);
    expect(isToldToHub(db, { kind: 'reader', token: 'x' }, now)).toBe(false);
  });
});
