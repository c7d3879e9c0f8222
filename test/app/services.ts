/**
 * All services Paperboy asks, on one local server, with a week of their own time: lists that fill,
 * counts that rise, a weekend and a holiday. Each may be told to fail.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { arxivCalendar } from '../../src/domain/batch.ts';

export const faults = [
  ...['drop', 'delay', '429', '503', 'truncated', 'garbage', 'redirect', 'bad gzip', 'bad charset'],
] as const;
export type Fault = string;

export type Asked = { readonly url: string; readonly headers: IncomingMessage['headers'] };

export type Services = {
  readonly base: string;
  readonly asked: Asked[];
  /** The services' time: that of the run, however long the run takes. */
  at: Date;
  /** What is to go wrong with a request; called once a request, in order. */
  fault: (asked: Asked) => Fault | undefined;
  readonly close: () => Promise<void>;
};

const dayMs = 86_400_000;
const isoDay = (at: Date): string => at.toISOString().slice(0, 10);
const daysSince = (day: string, at: Date): number =>
  Math.max(0, Math.floor((at.getTime() - Date.parse(day)) / dayMs));

/** The arXiv ids announced under a day, or featured on it. */
const idsOf = (day: string): readonly string[] =>
  [1, 2, 3].map((n) => `2601.${day.slice(8, 10)}00${n}`);

/** The day of the newest announcement at a time: no weekend, no morrow of a holiday. */
const announcedOn = (at: Date): string => {
  for (let day = at; ; day = new Date(day.getTime() - dayMs))
    if (arxivCalendar.dayOff(isoDay(day)) === undefined) return isoDay(day);
};

const feed = (at: Date): string => {
  const day = announcedOn(at);
  const entries = idsOf(day).map(
    (id) => `<entry><id>oai:arXiv.org:${id}v1</id><title>Sheep ${id}</title>
<summary>arXiv:${id}v1 Announce Type: new \nAbstract: They graze on ${day}.</summary>
<category term="cs.CL"/><published>${day}T00:00:00-05:00</published>
<arxiv:announce_type>new</arxiv:announce_type><dc:creator>Ann One</dc:creator></entry>`,
  );
  return `<feed xmlns:arxiv="a" xmlns:dc="d"><updated>${at.toISOString()}</updated>${entries.join('')}</feed>`;
};

// What Hugging Face features the day after: one of arXiv's, and one nobody has told of.
const dailyPapers = (day: string, at: Date): string => {
  if (Date.parse(day) > at.getTime() || day < '2026-01-08') return '[]';
  const ids = [`2601.${day.slice(8, 10)}001`, `2601.${day.slice(8, 10)}900`];
  return JSON.stringify(
    ids.map((id, index) => ({
      paper: {
        ...{ id, title: `Sheep ${id}`, summary: 'Told elsewhere.', authors: [{ name: 'Bo' }] },
        upvotes: 3 + index + 5 * daysSince(day, at),
        githubRepo: `https://github.com/example/herd-${index}-${day}`,
        ai_keywords: ['sheep'],
        submittedOnDailyAt: `${day}T01:00:00Z`,
      },
      numComments: daysSince(day, at),
    })),
  );
};

const lookUp = (ids: readonly string[]): string =>
  `<feed xmlns:opensearch="o"><opensearch:totalResults>${ids.length}</opensearch:totalResults>${ids
    .filter((id) => !id.endsWith('404'))
    .map(
      (id) => `<entry><id>http://arxiv.org/abs/${id}v2</id><title>Sheep ${id}</title>
<summary>Looked up.</summary><author><name>Cy</name></author>
<published>2026-01-02T00:00:00Z</published></entry>`,
    )
    .join('')}</feed>`;

const stories = (at: Date): string =>
  JSON.stringify({
    hits: [
      { url: 'https://arxiv.org/abs/2601.77777', points: 10 + at.getUTCDate(), num_comments: 4 },
      { url: 'https://arxiv.org/pdf/2601.77404v1', points: 2, num_comments: null },
      { url: 'https://arxiv.org/list/cs/new', points: 5, num_comments: 1 },
    ],
    nbPages: 1,
  });

const works = (filter: string, at: Date): string =>
  JSON.stringify({
    results: decodeURIComponent(filter)
      .replace('doi:', '')
      .split('|')
      .map((doi) => ({ doi: `https://doi.org/${doi}`, cited_by_count: at.getUTCDate() })),
  });

const oai = (query: URLSearchParams, at: Date): string => {
  const token = query.get('resumptionToken');
  const day = announcedOn(at);
  const header = (id: string, status = ''): string =>
    `<header${status}><identifier>oai:arXiv.org:${id}</identifier></header>`;
  const [first = '', second = ''] = idsOf(day);
  const record = (id: string): string => `<record>${header(id)}<metadata><arXiv>
<id>${id}</id><created>${day}</created><title>Sheep ${id}</title><categories>cs.CL</categories>
<authors><author><keyname>One</keyname><forenames>Ann</forenames></author></authors>
<abstract>They graze on ${day}.</abstract></arXiv></metadata></record>`;
  const content =
    token === null
      ? `${record(first)}<resumptionToken cursor="0">part-2</resumptionToken>`
      : `${record(second)}<record>${header('2601.15003', ' status="deleted"')}</record><resumptionToken/>`;
  return `<OAI-PMH><responseDate>${at.toISOString()}</responseDate><ListRecords>${content}</ListRecords></OAI-PMH>`;
};

const answerOf = (url: URL, at: Date): string => {
  const { pathname, searchParams } = url;
  if (pathname.endsWith('/daily_papers')) return dailyPapers(searchParams.get('date') ?? '', at);
  if (pathname.startsWith('/atom/')) return feed(at);
  if (pathname === '/api/query') return lookUp((searchParams.get('id_list') ?? '').split(','));
  if (pathname === '/oai') return oai(searchParams, at);
  if (pathname.startsWith('/repos/'))
    return JSON.stringify({ stargazers_count: 100 + at.getUTCDate() });
  if (pathname === '/works') return works(searchParams.get('filter') ?? '', at);
  return stories(at);
};

const fail = (fault: Fault, body: string, response: ServerResponse): void => {
  const half = Buffer.from(body).subarray(0, Math.ceil(body.length / 2));
  if (fault === 'drop') response.destroy();
  else if (fault === '429') response.writeHead(429, { 'retry-after': '1' }).end('later');
  else if (fault === '429-long') response.writeHead(429, { 'retry-after': '1200' }).end();
  else if (fault === '503') response.writeHead(503).end('busy');
  else if (fault === 'truncated') response.setHeader('etag', '"half"').end(half);
  else if (fault === 'garbage') response.end('<!doctype html><title>Maintenance</title>');
  else if (fault === 'redirect')
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
  else if (fault === 'bad gzip')
    response.setHeader('content-encoding', 'gzip').end(gzipSync(body).subarray(0, 30));
  else if (fault === 'bad charset') response.end(Buffer.concat([half, Buffer.from([0xe9, 0x20])]));
  // 'delay': no answer at all, for as long as anyone waits.
};

export const startServices = async (): Promise<Services> => {
  const server = createServer((request, response) => {
    const asked: Asked = { url: request.url ?? '', headers: request.headers };
    services.asked.push(asked);
    const body = answerOf(new URL(asked.url, services.base), services.at);
    const fault = services.fault(asked);
    if (fault !== undefined) {
      fail(fault, body, response);
      return;
    }
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    response.setHeader('etag', etag);
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const services: Services = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    at: new Date('2026-01-15T07:00:00Z'),
    fault: () => undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return services;
};
