import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { loadSource, type SourceName } from '../../src/sources/live.ts';
import { setsOf } from '../../src/sources/live-arxiv-oai.ts';
import { type LiveContext, serviceUrls, WaitError } from '../../src/sources/live-source.ts';
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

/** A server that answers by what the address holds, and remembers what was asked. */
const answering = async (
  answer: (url: URL, request: IncomingMessage, response: ServerResponse) => string | undefined,
) => {
  const asked: string[] = [];
  const base = await serve((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    asked.push(decodeURIComponent(request.url ?? ''));
    const body = answer(url, request, response);
    if (!response.writableEnded) response.end(body ?? '');
  });
  return { base, asked };
};

const notesOf = (records: readonly LiveRecord[]) =>
  records.flatMap((record) => (record.kind === 'note' ? [[record.key, record.value]] : []));

const fetchFrom = async (
  name: SourceName,
  context: LiveContext,
  into: LiveRecord[] = [],
): Promise<readonly LiveRecord[]> => {
  for await (const record of (await loadSource(name)).fetch(context)) into.push(record);
  return into;
};

const work = (fields: Partial<LiveContext['work']>): LiveContext['work'] => ({
  ...{ missingPapers: () => [], starsDue: () => [], citationsDue: () => [] },
  ...fields,
});

describe('the address of a service', () => {
  test.each([
    ['http://h:1', ['http://h:1/api/daily_papers', 'http://h:1/daily_papers']],
    ['http://h:1/', ['http://h:1/api/daily_papers', 'http://h:1/daily_papers']],
    ['http://h:1/api', ['http://h:1/api/daily_papers']],
    ['http://h:1/mirror', ['http://h:1/mirror/daily_papers']],
    ['http://h:1/api/daily_papers/', ['http://h:1/api/daily_papers']],
  ])('%s may be a host, a base or the whole', (setting, urls) => {
    expect(serviceUrls(setting, '/api', '/daily_papers')).toEqual(urls);
  });

  test('that is a bare host is tried under the usual base, then without', async () => {
    const { base, asked } = await answering((url, _request, response) => {
      if (url.pathname !== '/daily_papers') response.writeHead(404);
      return '[]';
    });
    const urls = { ...liveContext(base).config.urls, hfApi: base };
    await fetchFrom('huggingface', liveContext(base, { urls }));
    expect(asked.slice(0, 2).map((url) => url.split('?')[0])).toEqual([
      '/api/daily_papers',
      '/daily_papers',
    ]);
  });
});

describe('Hugging Face', () => {
  const entry = (id: string) => ({ paper: { id, title: `Sheep ${id}`, upvotes: 1 } });
  const ids = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => entry(`2603.${10000 + from + n}`));

  test('lists longer than a page are read to their end', async () => {
    const { base, asked } = await answering((url) =>
      JSON.stringify(url.searchParams.get('p') === '1' ? ids(100, 7) : ids(0, 100)),
    );
    const range = { from: '2026-03-02', to: '2026-03-02' };
    const records = await fetchFrom('huggingface', liveContext(base, {}, { range }));
    expect(papersOf(records)).toHaveLength(107);
    expect(asked).toHaveLength(2);
  });

  test('a server that knows no pages is not asked for ever', async () => {
    const { base, asked } = await answering(() => JSON.stringify(ids(0, 100)));
    const range = { from: '2026-03-02', to: '2026-03-02' };
    const records = await fetchFrom('huggingface', liveContext(base, {}, { range }));
    expect(papersOf(records)).toHaveLength(100);
    expect(asked).toHaveLength(2);
  });

  test('a list in which the votes have moved says which field is missing', async () => {
    const bare = ids(0, 6).map(({ paper: { upvotes: _, ...paper } }) => ({ paper }));
    const { base } = await answering(() => JSON.stringify(bare));
    const records = await fetchFrom('huggingface', liveContext(base));
    expect(rejectsOf(records)[0]).toContain('the field upvotes');
    expect(records.find(({ kind }) => kind === 'batch')).toMatchObject({
      batch: { complete: false },
    });
  });

  test('a backfill goes on behind the day it stood at', async () => {
    const { base, asked } = await answering(() => '[]');
    const range = { from: '2026-03-01', to: '2026-03-04' };
    const find = (key: string) =>
      key === 'backfill:2026-03-01:2026-03-04' ? '2026-03-02' : undefined;
    const context = liveContext(base, {}, { range, notes: { find } });
    const records = await fetchFrom('huggingface', context);
    expect(asked.map((url) => url.slice(-20, -10))).toHaveLength(2);
    expect(asked[0]).toContain('date=2026-03-03');
    expect(notesOf(records).map(([, value]) => value)).toEqual([
      '2026-03-03',
      '2026-03-04',
      undefined,
    ]);
  });
});

describe("arXiv's query API", () => {
  const entry = (id: string) => `<entry><id>http://arxiv.org/abs/${id}v1</id><title>Sheep</title>
<summary>They graze.</summary><published>2026-03-01T00:00:00Z</published></entry>`;
  const page = (total: number, entries: string) => `<?xml version="1.0"?>
<feed xmlns:opensearch="o"><opensearch:totalResults>${total}</opensearch:totalResults>${entries}</feed>`;
  const range = { from: '2026-03-01', to: '2026-03-02' };

  test('the past is read day by day and page by page, with a note after each', async () => {
    const { base, asked } = await answering((url) => {
      const start = Number(url.searchParams.get('start'));
      const isFirst = url.searchParams.get('search_query')?.includes('[202603010000');
      return isFirst ? page(2, entry(`2603.0000${start + 1}`)) : page(0, '');
    });
    const context = liveContext(base, { categories: ['cs.CL', 'math', 'hep-th'] }, { range });
    const records = await fetchFrom('arxiv', context);
    expect(papersOf(records).map(({ id }) => id)).toEqual(['2603.00001', '2603.00002']);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toContain(
      '(cat:cs.CL OR cat:math.* OR cat:hep-th) AND submittedDate:[202603010000 TO 202603012359]',
    );
    expect(notesOf(records).map(([, value]) => value)).toEqual([
      ...['2026-03-01 1', '2026-03-02 0', '2026-03-03 0', undefined],
    ]);
  });

  test('goes on at the page where it was interrupted', async () => {
    const { base, asked } = await answering(() => page(0, ''));
    const notes = { find: () => '2026-03-02 40' };
    await fetchFrom('arxiv', liveContext(base, {}, { range, notes }));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('&start=40&');
  });

  test('an empty page in the middle, an error entry and a cut answer stop it where it stands', async () => {
    const bodies = [
      page(5, ''),
      `<feed><entry><id>https://arxiv.org/api/errors#x</id><title>Error</title><summary>bad</summary></entry></feed>`,
      page(1, entry('2603.00001')).slice(0, -20),
    ];
    for (const [index, says] of [
      'is empty though',
      'reports an error: bad',
      'cut short',
    ].entries()) {
      const { base } = await answering(() => bodies[index]);
      const asked = fetchFrom('arxiv', liveContext(base, {}, { range }));
      await expect(asked).rejects.toThrow(says);
    }
  });

  test('papers others speak of are looked up, and ids it does not know noted as asked', async () => {
    const { base, asked } = await answering((url) =>
      url.pathname === '/api/query' ? page(1, entry('2603.00001')) : page(0, ''),
    );
    const missingPapers = () => ['2603.00001', 'cs/0112017'];
    const context = liveContext(base, {}, { work: work({ missingPapers }) });
    const records = await fetchFrom('arxiv', context);
    expect(asked[1]).toBe('/api/query?id_list=2603.00001,cs/0112017&max_results=100');
    expect(papersOf(records)[0]).toMatchObject({ id: '2603.00001', version: 1 });
    expect(notesOf(records)).toEqual([
      ['asked:2603.00001', '2026-03-20'],
      ['asked:cs/0112017', '2026-03-20'],
    ]);
  });
});

describe('OAI-PMH', () => {
  const oai = (content: string) =>
    `<?xml version="1.0"?><OAI-PMH><responseDate>2026-03-20T00:00:10Z</responseDate>${content}</OAI-PMH>`;
  const record = (id: string, categories = 'cs.CL') =>
    `<record><header><identifier>oai:arXiv.org:${id}</identifier></header><metadata><arXiv><id>${id}</id>
<title>Sheep</title><categories>${categories}</categories></arXiv></metadata></record>`;
  const list = (content: string) => oai(`<ListRecords>${content}</ListRecords>`);
  const deleted = `<record><header status="deleted"><identifier>oai:arXiv.org:2603.00009</identifier></header></record>`;

  test('the sets of the followed categories', () => {
    expect(setsOf(['cs.CL', 'cs.AI', 'math', 'hep-th', 'astro-ph.GA', 'stat.ML'])).toEqual([
      ...['cs', 'math', 'physics:hep-th', 'physics:astro-ph', 'stat'],
    ]);
  });

  test('a harvest follows its tokens, tells deletions, and starts next where it began', async () => {
    const { base, asked } = await answering((url) =>
      url.searchParams.get('resumptionToken') === null
        ? list(`${record('2603.00001')}<resumptionToken cursor="0">a|2</resumptionToken>`)
        : list(`${record('2603.00002', 'cs.DB')}${deleted}<resumptionToken/>`),
    );
    const records = await fetchFrom('arxiv-oai', liveContext(base));
    expect(asked).toEqual([
      '/oai?verb=ListRecords&metadataPrefix=arXiv&from=2026-03-19&set=cs',
      '/oai?verb=ListRecords&resumptionToken=a|2',
    ]);
    expect(papersOf(records).map(({ id }) => id)).toEqual(['2603.00001']);
    expect(records).toContainEqual({ kind: 'deleted', line: 2, id: '2603.00009' });
    const notes = notesOf(records).map(([, value]) => JSON.parse(value ?? ''));
    expect(notes).toEqual([
      { from: '2026-03-19', beganOn: '2026-03-20', token: 'a|2', tokenOn: '2026-03-20' },
      { from: '2026-03-20' },
    ]);
  });

  test.each([
    ['of today is used again', '2026-03-20', 'resumptionToken=t'],
    ['of yesterday has expired, and its days are harvested again', '2026-03-19', 'from=2026-03-01'],
  ])('a token %s', async (_what, tokenOn, query) => {
    const { base, asked } = await answering(() => oai('<error code="noRecordsMatch"/>'));
    const place = { from: '2026-03-01', beganOn: '2026-03-18', token: 't', tokenOn };
    const notes = { find: () => JSON.stringify(place) };
    const records = await fetchFrom('arxiv-oai', liveContext(base, {}, { notes }));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain(query);
    expect(notesOf(records)).toEqual([['harvest:cs', '{"from":"2026-03-18"}']]);
  });

  test('a token refused early makes it begin again, once', async () => {
    const refusing = (url: URL) =>
      url.searchParams.has('resumptionToken')
        ? oai('<error code="badResumptionToken">expired</error>')
        : list(`${record('2603.00001')}<resumptionToken>t</resumptionToken>`);
    const { base, asked } = await answering(refusing);
    const asking = fetchFrom('arxiv-oai', liveContext(base));
    await expect(asking).rejects.toThrow('refuses its own resumption token');
    expect(asked).toHaveLength(4);
  });

  test('a token that leads to itself is not followed for ever', async () => {
    const { base } = await answering(() =>
      list(`${record('2603.00001')}<resumptionToken>t</resumptionToken>`),
    );
    const asking = fetchFrom('arxiv-oai', liveContext(base));
    await expect(asking).rejects.toThrow('the same resumption token again');
  });

  test.each([
    ...['badArgument', 'badVerb', 'cannotDisseminateFormat', 'idDoesNotExist'],
    ...['noMetadataFormats', 'noSetHierarchy', 'undefinedError'],
  ])('the error %s is told by its name', async (code) => {
    const { base } = await answering(() => oai(`<error code="${code}">so it is</error>`));
    const asking = fetchFrom('arxiv-oai', liveContext(base));
    await expect(asking).rejects.toThrow(`the repository reports ${code}: so it is`);
  });
});

describe('GitHub', () => {
  const due = [
    { paperId: '2603.00001', codeUrl: 'https://github.com/example/herd' },
    { paperId: '2603.00002', codeUrl: 'https://github.com/Example/Herd/tree/main' },
    { paperId: '2603.00003', codeUrl: 'https://github.com/example/gone' },
    { paperId: '2603.00004', codeUrl: 'https://github.com/example' },
  ];
  const starsDue = () => due;

  test('is asked once for a repository, whose papers all have its stars', async () => {
    const { base, asked } = await answering((url, _request, response) => {
      if (url.pathname.endsWith('gone')) response.writeHead(404);
      return '{"stargazers_count": 42}';
    });
    const records = await fetchFrom('github', liveContext(base, {}, { work: work({ starsDue }) }));
    expect(asked).toEqual(['/repos/example/herd', '/repos/example/gone']);
    expect(signalsOf(records).map(({ paperId, value }) => [paperId, value])).toEqual([
      ['2603.00001', 42],
      ['2603.00002', 42],
    ]);
    expect(notesOf(records)).toEqual([['gone:example/gone', '2026-04-19T12:00:00.000Z']]);
  });

  test('that has no more requests for us is left until it has', async () => {
    const { base, asked } = await answering((_url, _request, response) => {
      response.writeHead(200, {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(now.getTime() / 1000 + 900),
      });
      return '{"stargazers_count": 42}';
    });
    const records: LiveRecord[] = [];
    const context = liveContext(base, {}, { work: work({ starsDue }) });
    const error = await fetchFrom('github', context, records).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WaitError);
    expect(error).toMatchObject({ until: new Date('2026-03-20T12:15:00Z') });
    expect(asked).toHaveLength(1);
    expect(signalsOf(records)).toHaveLength(2);
  });

  test('with a token is asked for many at once', async () => {
    let body = '';
    let authorization: string | undefined;
    const base = await serve((request, response) => {
      authorization = request.headers.authorization;
      request.on('data', (chunk: Buffer) => {
        body += chunk;
      });
      request.on('end', () =>
        response.end(
          '{"data":{"r0":{"stargazerCount":42},"r1":null},"errors":[{"type":"NOT_FOUND"}]}',
        ),
      );
    });
    const context = liveContext(base, { githubToken: 'secret' }, { work: work({ starsDue }) });
    const records = await fetchFrom('github', context);
    expect(authorization).toBe('Bearer secret');
    expect(JSON.parse(body).query).toBe(
      'query { r0: repository(owner: "example", name: "herd") { stargazerCount } ' +
        'r1: repository(owner: "example", name: "gone") { stargazerCount } }',
    );
    expect(signalsOf(records)).toHaveLength(2);
    expect(notesOf(records)).toHaveLength(1);
    expect(JSON.stringify(records)).not.toContain('secret');
  });

  test('whose answer has lost a field says which', async () => {
    const { base } = await answering(() => '{"stars": 42}');
    const records = await fetchFrom('github', liveContext(base, {}, { work: work({ starsDue }) }));
    expect(rejectsOf(records)[0]).toContain('stargazers_count of example/herd is missing');
  });
});

describe('Hacker News', () => {
  test('gives points and comments of the best story about a paper', async () => {
    const { base, asked } = await answering(() =>
      JSON.stringify({
        hits: [
          { url: 'https://arxiv.org/abs/2603.00001v2', points: 5, num_comments: 9 },
          { url: 'https://arxiv.org/pdf/2603.00001.pdf', points: 90, num_comments: 31 },
          { url: 'https://arxiv.org/list/cs/new', points: 7 },
          { url: 'https://arxiv.org/abs/2603.00002', points: 'many' },
        ],
        nbPages: 1,
      }),
    );
    const records = await fetchFrom('hackernews', liveContext(base));
    expect(asked[0]).toContain('/api/v1/search_by_date?query=arxiv.org&');
    expect(asked[0]).toContain(`created_at_i>=${now.getTime() / 1000 - 7 * 86_400},`);
    expect(signalsOf(records)).toMatchObject([
      { paperId: '2603.00001', kind: 'points', value: 90 },
      { paperId: '2603.00001', kind: 'comments', value: 31 },
    ]);
    expect(rejectsOf(records)).toEqual(['line 1: points is text, not a number']);
  });

  test('whose answer has lost its hits says so', async () => {
    const { base } = await answering(() => '{"results": []}');
    await expect(fetchFrom('hackernews', liveContext(base))).rejects.toThrow('the field hits');
  });
});

describe('OpenAlex', () => {
  test('is asked by DOI for many papers, and what it does not know is noted', async () => {
    const { base, asked } = await answering(() =>
      JSON.stringify({
        results: [{ doi: 'https://doi.org/10.48550/arXiv.2603.00001', cited_by_count: 12 }],
      }),
    );
    const citationsDue = () => ['2603.00001', '2603.00002'];
    const context = liveContext(base, { openAlexKey: 'k' }, { work: work({ citationsDue }) });
    const records = await fetchFrom('openalex', context);
    expect(asked[0]).toContain(
      '/works?filter=doi:10.48550/arxiv.2603.00001|10.48550/arxiv.2603.00002&',
    );
    expect(asked[0]).toContain('&api_key=k');
    expect(signalsOf(records)).toMatchObject([
      { paperId: '2603.00001', source: 'openalex', kind: 'citations', value: 12 },
    ]);
    expect(notesOf(records)).toEqual([['asked:2603.00002', '2026-03-20']]);
  });
});
