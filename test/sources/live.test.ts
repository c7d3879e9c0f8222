import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { HttpStatusError, UnreachableError } from '../../src/lib/http.ts';
import { isSourceName, loadSource, type SourceName, sourceNames } from '../../src/sources/live.ts';
import type { LiveRecord } from '../../src/sources/records.ts';
import { liveContext } from './live-context.ts';
import { now, papersOf, rejectsOf, signalsOf } from './read.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const ask = async (name: SourceName, base: string): Promise<readonly LiveRecord[]> => {
  const records: LiveRecord[] = [];
  await collect(name, base, records);
  return records;
};

const collect = async (name: SourceName, base: string, into: LiveRecord[]): Promise<void> => {
  const context = liveContext(base, { categories: ['cs.CL', 'math'] });
  for await (const record of (await loadSource(name)).fetch(context)) into.push(record);
};

const entry = (id: string): object => ({
  paper: { id, title: 'Sheep', upvotes: 3, submittedOnDailyAt: '2026-03-20T01:00:00Z' },
});

describe('the live sources', () => {
  test('are known by their names', () => {
    expect(sourceNames.slice(0, 2)).toEqual(['huggingface', 'arxiv']);
    expect(isSourceName('nowhere')).toBe(false);
    expect(isSourceName('constructor')).toBe(false);
  });

  test('Hugging Face is asked for today and the seven days before', async () => {
    const urls: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      urls.push(request.url);
      response.end(urls.length === 1 ? JSON.stringify([entry('2603.00001')]) : '[]');
    });
    const records = await ask('huggingface', base);
    expect(urls).toHaveLength(8);
    expect(urls[0]).toBe('/api/daily_papers?date=2026-03-20&limit=100');
    expect(urls[7]).toBe('/api/daily_papers?date=2026-03-13&limit=100');
    expect(papersOf(records)).toHaveLength(1);
    expect(signalsOf(records)[0]).toMatchObject({
      value: 3,
      observedAt: now,
      listedOn: '2026-03-20',
    });
  });

  test('a day that fails, is a page or is cut short is reported, the other days count', async () => {
    const answers = [
      { status: 500, body: 'oops' },
      { status: 200, body: '<!doctype html><title>Busy</title>' },
      {
        status: 200,
        body: JSON.stringify([entry('2603.00001'), entry('2603.00002')]).slice(0, -9),
      },
    ];
    const base = await serve((_request, response) => {
      const { status, body } = answers.shift() ?? { status: 200, body: '[]' };
      response.writeHead(status).end(body);
    });
    const records = await ask('huggingface', base);
    expect(papersOf(records).map(({ id }) => id)).toEqual(['2603.00001']);
    expect(rejectsOf(records)).toEqual([
      expect.stringMatching(/^line 1: 2026-03-20: .*answered HTTP 500$/),
      'line 1: 2026-03-19: the answer is not a JSON list',
      'line 1: 2026-03-18: the JSON list is cut short, after entry 1',
    ]);
  });

  test('a source that fails every day throws, one that breaks off throws after what it gave', async () => {
    const failing = await serve((_request, response) => response.writeHead(503).end());
    await expect(ask('huggingface', failing)).rejects.toBeInstanceOf(HttpStatusError);

    let answers = 0;
    const breaking = await serve((request, response) => {
      answers += 1;
      if (answers === 1) response.end(JSON.stringify([entry('2603.00001')]));
      else request.socket.destroy();
    });
    const records: LiveRecord[] = [];
    await expect(collect('huggingface', breaking, records)).rejects.toBeInstanceOf(
      UnreachableError,
    );
    expect(papersOf(records)).toHaveLength(1);
  });

  test('arXiv is asked once for all categories', async () => {
    const urls: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      urls.push(request.url);
      response.end(`<feed xmlns:arxiv="a"><entry><id>oai:arXiv.org:2603.00001v1</id><title>Sheep</title>
<summary>arXiv:2603.00001v1 Announce Type: new \nAbstract: They graze.</summary>
<published>2026-03-20T00:00:00-04:00</published><arxiv:announce_type>new</arxiv:announce_type>
</entry></feed>`);
    });
    const records = await ask('arxiv', base);
    expect(urls).toEqual(['/atom/cs.CL+math']);
    expect(papersOf(records)[0]).toMatchObject({ id: '2603.00001', listedOn: '2026-03-20' });
  });

  test('arXiv in maintenance answers with a page, which is reported', async () => {
    const base = await serve((_request, response) => response.end('<html>Back soon</html>'));
    expect(rejectsOf(await ask('arxiv', base))).toEqual([
      'line 1: this is a web page (HTML), not data',
    ]);
  });
});
