import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toJsonl, tuesday } from '../invented-days.ts';
import { documentOf, freePort, logged, makePlace, type Place } from './paperboy.ts';

describe('several services on one database', { timeout: 120_000 }, () => {
  let place: Place;
  beforeEach(() => {
    place = makePlace();
  });
  afterEach(() => place.remove());

  const start = async (args: readonly string[] = ['serve']) => {
    const port = await freePort();
    const child = place.start(args, { PORT: String(port), LOG_LEVEL: 'info', SOURCES: ',' });
    return { child, port, url: `http://127.0.0.1:${port}` };
  };
  const importTuesday = async () => {
    const input = toJsonl(tuesday);
    documentOf(await place.run(['import', '--json', '-'], { input }));
  };

  it('one is on duty, the other serves pages and takes over within seconds of its death', async () => {
    await importTuesday();
    const first = await start();
    await logged(first.child, 'on duty');
    const second = await start();
    await logged(second.child, 'standing by: another service is on duty');
    expect((await fetch(`${second.url}/`)).status).toBe(200);
    const metricsOf = async ({ url }: { url: string }) => (await fetch(`${url}/metrics`)).text();
    expect(await metricsOf(first)).toContain('\npaperboy_on_duty 1\n');
    expect(await metricsOf(second)).toContain('\npaperboy_on_duty 0\n');

    const took = logged(second.child, 'on duty');
    first.child.kill('SIGKILL');
    const killedAt = performance.now();
    await took;
    // A beat is five seconds; the rest is what a busy machine may need.
    expect(performance.now() - killedAt).toBeLessThan(15_000);

    const third = await start();
    await logged(third.child, 'standing by: another service is on duty');
    const follows = logged(third.child, 'on duty');
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'close')).toEqual([0, null]);
    await follows;
    third.child.kill('SIGTERM');
    expect(await once(third.child, 'close')).toEqual([0, null]);
  });

  it('a read-only one shows everything, takes no form, and changes nothing', async () => {
    await importTuesday();
    const file = join(place.folder, 'data', 'paperboy.db');
    const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex');
    const before = hash();
    const { child, url } = await start(['serve', '--read-only']);
    await logged(child, 'Paperboy is up, and writes nothing');
    const paths = [
      ...['/', '/topics', '/topics/cs.CL', '/papers?q=ferns', '/papers/2603.10001', '/editions'],
      ...['/feed.xml', '/feed.atom', '/feed.json', '/topics/cs.CL/feed.xml', '/feeds.opml'],
      ...['/api/trending', '/api/search?q=ferns', '/api/topics', '/api/papers/2603.10001'],
      ...['/healthz', '/readyz', '/metrics'],
    ];
    for (const path of paths) {
      const answer = await fetch(url + path);
      expect([path, answer.status]).toEqual([path, 200]);
      await answer.arrayBuffer();
    }
    for (const path of ['/subscribe', '/unsubscribe/x', '/webhooks/ses']) {
      const answer = await fetch(url + path, { method: 'POST', body: 'email=a@b.example' });
      expect([path, answer.status]).toEqual([path, 503]);
      expect(await answer.text()).toContain('shows papers and feeds and takes no forms');
    }
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(hash()).toBe(before);
  });

  it('a read-only one says what is missing when there is no database', async () => {
    const { code, stderr } = await place.run(['serve'], { env: { READ_ONLY: 'true' } });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/cannot be opened for reading/)]);
  });

  it('a backup of a database that is not there is none', async () => {
    const { code, stderr } = await place.run(['backup', 'copy.db']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/there is no database at .*DATABASE_URL/),
    ]);
  });

  it.each([
    [['digest', 'send']],
    [['suppressions', 'add', 'ada@reader.example']],
    [['import', 'src/sample/recent-papers.jsonl']],
  ])('under READ_ONLY, %j says that nothing can be written', async (command) => {
    await place.run(['topics']);
    const { code, stderr } = await place.run(command, { env: { READ_ONLY: 'true' } });
    expect([code, stderr]).toEqual([1, expect.stringContaining('READ_ONLY is set')]);
  });
});
