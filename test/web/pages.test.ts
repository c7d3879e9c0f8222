import { describe, expect, it } from 'vitest';
import { themes } from '../../src/domain/catalogue.ts';
import { categories } from '../../src/domain/taxonomy.ts';
import type { TopicRow, WebDeps } from '../../src/web/deps.ts';
import { createWeb } from '../../src/web/routes.ts';
import { fake, paper, rank, signals } from './fakes.ts';

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>'&amp;`;

const get = async (path: string, over: Parameters<typeof fake>[0] = {}) => {
  const response = await createWeb(fake(over).deps).request(path);
  return { response, status: response.status, text: await response.text() };
};

describe('pages for reading', () => {
  it.each([
    ['/', 'Papers worth your coffee'],
    ['/subscribe', 'Send me papers'],
    ['/topics', 'Model gardens'],
    ['/topics/gardens', 'Get it by mail'],
    ['/topics/cs.CL', 'Computation and Language'],
    ['/papers', 'How to ask'],
    ['/papers?q=tides', 'A Map of the Tides'],
    ['/papers?q=tides&sort=trending', 'aria-current="true">Trending'],
    ['/papers?cat=cs.CL&from=2026-03-01&to=2026-03-31', '4 papers'],
    ['/papers?q=xyzzy', 'No paper answers this'],
    ['/authors/Ada%20Example', 'Follow by mail'],
    ['/editions/2026-W12', 'Week 12 of 2026'],
    ['/editions/2026-03', '1 day on the front page, at best number 2'],
    ['/papers/2603.10001', 'Why it trends'],
    ['/papers/cs/0112017', 'Letters of an Older Kind'],
    ['/papers/title:a-paper-known-by-its-title', 'Not on arXiv'],
    ['/editions', 'March 2026'],
    ['/editions/2026-03-19', 'Model gardens'],
    ['/editions/2026-03-19?topic=gardens', 'all topics'],
    ['/robots.txt', 'Disallow: /manage/'],
    ['/healthz', 'ok'],
    ['/readyz', 'database'],
    ['/metrics', 'paperboy_papers 4'],
    ['/feeds.opml', '<opml'],
  ])('%s is there and says "%s"', async (path, words) => {
    const { status, text } = await get(path);
    expect(status).toBe(200);
    expect(text).toContain(words);
  });

  it.each([
    '/nothing',
    '/topics/nowhere',
    '/topics/own-7',
    '/topics/own-7/feed.xml',
    '/papers/2603.99999',
    '/papers/%E0%A4%A',
    '/editions/2026-02-31',
    '/editions/2026-01-01',
    '/editions/__proto__',
    '/editions/2026-W13',
    '/editions/2026-W54',
    '/editions/2026-04',
    '/authors/Nobody',
    '/authors/(',
    '/outbox',
    '/feeds/f33d',
    '/feeds/f33d.exe',
  ])('%s is a page that says it is not there', async (path) => {
    const { status, text } = await get(path);
    expect(status).toBe(404);
    expect(text).toContain('Not in this paper');
  });

  it('shows every paper with its link to arXiv, and none where there is none', async () => {
    const { text } = await get('/');
    expect(text).toContain('href="https://arxiv.org/abs/2603.10001"');
    expect(text).toContain('href="https://arxiv.org/abs/cs/0112017"');
    expect(text).toContain('href="/papers/cs/0112017"');
    expect(text).not.toContain('arxiv.org/abs/title');
  });

  it('gives everybody the same front page, whatever language a browser asks for', async () => {
    const { response, text } = await get('/');
    expect(response.headers.get('vary') ?? '').not.toMatch(/language/i);
    expect(text).toContain('<option value="">As this browser asks');
  });

  it('says so when the bundled sample is shown', async () => {
    const status = () => ({ papers: 4, signals: 4, sample: true });
    expect((await get('/', { status })).text).toContain('bundled sample');
    expect((await get('/')).text).not.toContain('bundled sample');
  });

  it('points at the place where a query goes wrong', async () => {
    const { status, text } = await get('/papers?q=moss+(fern');
    expect(status).toBe(400);
    expect(text).toContain('This parenthesis is never closed.');
    expect(text).toMatch(/>moss \(fern\n {5}<span aria-hidden="true">\^</);
  });

  it.each([
    ['from=2026-02-30', '“2026-02-30” is no day'],
    ['from=2026-03-02&to=2026-03-01', 'The first day comes after the last'],
    ['cat=cs.XX', 'arXiv has no category “cs.XX”'],
  ])('says what is wrong with the filter %s', async (filter, words) => {
    const { status, text } = await get(`/papers?q=moss&${filter}`);
    expect(status).toBe(400);
    expect(text).toContain(words);
  });

  it('pages through what was found and keeps what was asked', async () => {
    const many = Array.from({ length: 45 }, (_, index) => paper({ id: `2603.2${1000 + index}` }));
    const browsePapers: WebDeps['browsePapers'] = ({ offset, limit }) => ({
      kind: 'ok',
      papers: many.slice(offset, offset + limit).map((each) => ({ paper: each })),
      total: many.length,
    });
    const path = '/papers?q=moss&cat=cs.CL&sort=newest';
    const { text } = await get(`${path}&page=2`, { browsePapers });
    expect(text).toContain('<span class="rank">21</span>');
    expect(text).toContain('Page 2 of 3');
    const asked = path.replaceAll('&', '&amp;');
    expect(text).toContain(`rel="prev" href="${asked}"`);
    expect(text).toContain(`rel="next" href="${asked}&amp;page=3"`);
    for (const page of ['0', '-1', 'x', '51', '1.5'])
      expect((await get(`${path}&page=${page}`, { browsePapers })).text).toContain('Page 1 of 3');
  });

  it('leads from /search to the search, with what was asked', async () => {
    const answer = await createWeb(fake().deps).request('/search?q=moss%20%26+tides&sort=newest');
    expect(answer.status).toBe(301);
    expect(answer.headers.get('location')).toBe('/papers?q=moss%20%26+tides&sort=newest');
  });

  it('leads who searches for an id to that paper', async () => {
    for (const id of ['2603.10001', 'arXiv:2603.10001v2', 'https://arxiv.org/abs/2603.10001']) {
      const { response } = await get(`/papers?q=${encodeURIComponent(id)}`);
      expect(response.status).toBe(302);
      expect(response.headers.get('location')).toBe('/papers/2603.10001');
    }
  });

  it('links the days, weeks and months that have editions, and no others', async () => {
    const { text } = await get('/editions/2026-03-19');
    const links = [...text.matchAll(/href="\/editions\/([^"?.]+)"/g)].map(([, name]) => name);
    expect([...new Set(links)].sort()).toEqual(['2026-03', '2026-03-19', '2026-W12']);
    expect(text).toContain('aria-label="Thursday, 19 March 2026" aria-current="page"');
  });

  it('keeps the queries of readers to themselves', async () => {
    for (const path of ['/', '/topics', '/editions/2026-03-19', '/api/topics', '/subscribe']) {
      expect((await get(path)).text).not.toContain('secret wish');
    }
  });

  it('draws attention over time without inline styles, and gives the numbers as a table', async () => {
    const { text } = await get('/papers/2603.10001');
    expect(text).toMatch(/<path class="line" d="M8\.0 [\d.]+L/);
    expect(text).toContain('aria-label="Upvotes, Hugging Face: from 3 on 17 March 2026 to 31');
    expect(text.match(/<tr><td>/g)).toHaveLength(signals.length);
    expect(text).not.toMatch(/\sstyle=/);
  });

  it('starts the subscribe form with the topic or query one comes from', async () => {
    expect((await get('/subscribe?topics=tides')).text).toContain('value="tides" checked');
    expect((await get('/subscribe?queries=%22a+b%22')).text).toContain(
      '&quot;a b&quot;</textarea>',
    );
  });
});

describe('hostile data', () => {
  const evil = paper({
    id: '2603.66666',
    title: hostile,
    abstract: hostile,
    authors: [hostile],
    categories: [hostile],
    comment: hostile,
    codeUrl: 'javascript:alert(3)',
    summary: { text: hostile, by: hostile },
  });
  const deps = {
    listTrending: () => ({
      kind: 'ok' as const,
      asOf: new Date(0),
      rankedAt: new Date(0),
      papers: rank([evil]),
    }),
    browsePapers: () => ({ kind: 'ok' as const, papers: [{ paper: evil }], total: 1 }),
    findPeriod: () => ({ days: [], papers: [{ paper: evil, days: 1, best: 1 }] }),
    findPaper: () => ({
      paper: evil,
      signals: [{ ...signals[0], paperId: evil.id, source: hostile } as (typeof signals)[number]],
      similar: [evil],
      editions: [],
    }),
  };

  it.each([
    '/',
    '/topics/tides',
    `/papers?q=${encodeURIComponent(hostile)}`,
    '/papers/x',
    '/editions/2026-03',
    `/authors/${encodeURIComponent(hostile)}`,
  ])('is text and nothing else on %s', async (path) => {
    const { text } = await get(path, deps);
    expect(text).toContain('&lt;script&gt;alert(1)');
    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('<img');
    expect(text).not.toContain('javascript:');
  });
});

describe('headers', () => {
  it('allow nothing inline, no frame, no guessing of types', async () => {
    const { response } = await get('/');
    const csp = response.headers.get('content-security-policy') ?? '';
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-type')).toMatch(/charset=utf-8/i);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('ask for https for a year where the service is https, and only there', async () => {
    const secure = (await get('/', { secure: true })).response.headers;
    expect(secure.get('strict-transport-security')).toBe('max-age=31536000');
    expect((await get('/')).response.headers.get('strict-transport-security')).toBeNull();
  });

  it('let the files of the pages be kept for a year under the name of their content', async () => {
    const { text } = await get('/');
    const paths = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
    expect(paths).toHaveLength(3);
    for (const path of paths) {
      const { response } = await get(path ?? '');
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toContain('immutable');
    }
  });

  it('are on failures too, which are noted without the address asked for', async () => {
    const noted: unknown[] = [];
    const broken = fake({
      findByToken: () => {
        throw new Error('the disk is gone');
      },
      status: () => {
        throw new Error('the disk is gone');
      },
      log: { info: () => {}, warn: () => {}, error: (details) => noted.push(details) },
    });
    const response = await createWeb(broken.deps).request('/manage/s3cret');
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('Something broke');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(noted).toEqual([expect.objectContaining({ method: 'GET', route: '/manage/:token' })]);
  });

  it('keep the front page, with every topic there is, and its files under 60 KB as sent', async () => {
    const all: readonly TopicRow[] = [
      ...themes.map((theme) => ({ ...theme, kind: 'theme' as const, papers: 9 })),
      ...categories.map(({ code, name, group }) => ({
        ...{ slug: code, name, group, description: '', query: `cat:${code}` },
        ...{ kind: 'category' as const, papers: 9 },
      })),
    ];
    const web = createWeb(fake({ listTopics: () => all }).deps);
    const sent = async (path: string) => {
      const answer = await web.request(path, { headers: { 'accept-encoding': 'gzip' } });
      return (await answer.arrayBuffer()).byteLength;
    };
    const page = await (await web.request('/')).text();
    const files = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    const sizes = await Promise.all(['/', ...files].map((path) => sent(path ?? '')));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000);
  });
});
