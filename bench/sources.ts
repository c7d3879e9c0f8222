/**
 * How fast are live answers taken in? Parses and upserts announcement feeds of arXiv and lists of
 * Hugging Face, made up at the sizes real ones have, as new papers and as repeats, beside two
 * references of the same run: what the XML parser alone takes, and bare inserts of the same texts
 * into a table without an index.
 *
 *   node --import tsx bench/sources.ts [PAPERS]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { emptyTally, importRecords } from '../src/app/import.ts';
import { type Db, inTransaction, openDatabase } from '../src/db/open.ts';
import { parseJsonDocument } from '../src/sources/json-document.ts';
import type { LiveRecord } from '../src/sources/records.ts';
import { parseXmlDocument } from '../src/sources/xml-document.ts';

const papers = Number(process.argv[2] ?? 4_000);
const rounds = 3;
// An announcement of the default categories has some hundreds of entries, a day's list some dozens.
const aFeed = 500;
const aList = 50;

const words = Array.from(
  { length: 5_000 },
  (_, n) => `w${((n * 2_654_435_761) % 99_991).toString(36)}`,
);
let seed = 1;
const word = (): string => {
  seed = (seed * 48_271) % 2_147_483_647;
  // Frequent words are far more frequent than rare ones, as in any text.
  return words[Math.floor(words.length * (seed / 2_147_483_647) ** 3)] ?? 'w';
};
const text = (count: number): string => Array.from({ length: count }, word).join(' ');

type Made = { readonly id: string; readonly title: string; readonly abstract: string };
const made: readonly Made[] = Array.from({ length: papers }, (_, n) => ({
  id: `26${String(1 + Math.floor(n / 90_000)).padStart(2, '0')}.${String(n % 90_000).padStart(5, '0')}`,
  title: text(11),
  abstract: text(180),
}));

const groupsOf = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) =>
    all.slice(n * size, (n + 1) * size),
  );

const feeds = groupsOf(made, aFeed).map(
  (group) =>
    `<?xml version='1.0' encoding='UTF-8'?><feed xmlns:arxiv="a" xmlns:dc="d">${group
      .map(
        ({ id, title, abstract }) => `<entry><id>oai:arXiv.org:${id}v1</id><title>${title}</title>
<updated>2026-03-20T04:00:19+00:00</updated><link href="https://arxiv.org/abs/${id}" rel="alternate"/>
<summary>arXiv:${id}v1 Announce Type: new \nAbstract: ${abstract}</summary><category term="cs.CL"/>
<category term="cs.AI"/><published>2026-03-20T00:00:00-04:00</published>
<arxiv:announce_type>new</arxiv:announce_type><dc:rights>r</dc:rights>
<dc:creator>Ann One, Bo Two, Cy Three, Di Four</dc:creator></entry>`,
      )
      .join('')}</feed>`,
);
const lists = groupsOf(made, aList).map((group) =>
  JSON.stringify(
    group.map(({ id, title, abstract }, n) => ({
      paper: {
        ...{ id, title, summary: abstract, upvotes: n, githubStars: n, ai_keywords: ['a', 'b'] },
        authors: ['Ann One', 'Bo Two', 'Cy Three', 'Di Four'].map((name) => ({
          name,
          hidden: false,
        })),
        ...{
          publishedAt: '2026-03-19T10:00:00.000Z',
          submittedOnDailyAt: '2026-03-20T01:00:00.000Z',
        },
      },
      ...{ title, summary: abstract, numComments: 1 },
    })),
  ),
);

const folder = mkdtempSync(join(tmpdir(), 'paperboy-bench-'));
let opened = 0;
const open = (): Db => openDatabase(join(folder, `${opened++}.db`), 'migrations');

/** Papers a second by the clock, and a second of the processor: they part on a busy machine. */
type Rate = { readonly wall: number; readonly cpu: number };

const rate = async (work: () => Promise<void> | void): Promise<Rate> => {
  const start = process.hrtime.bigint();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return {
    wall: papers / (Number(process.hrtime.bigint() - start) / 1e9),
    cpu: papers / ((user + system) / 1e6),
  };
};

const take = async (
  db: Db,
  answers: readonly string[],
  parse: (answer: string) => Iterable<LiveRecord>,
): Promise<void> => {
  const tally = emptyTally();
  const now = new Date('2026-03-20T12:00:00Z');
  for (const answer of answers) {
    async function* records() {
      yield* parse(answer);
    }
    await importRecords(db, records(), { file: 'bench', by: 'arxiv', now }, tally);
  }
  const { papers: counts } = tally;
  if (counts.new + counts.unchanged + counts.updated !== papers || tally.rejected.length > 0)
    throw new Error(`not all papers were taken: ${JSON.stringify(counts)}`);
};

const parseList = (answer: string) => parseJsonDocument(answer, new Date('2026-03-20T12:00:00Z'));
const parser = new XMLParser({ ignoreAttributes: false });

const cases: Readonly<Record<string, () => Promise<Rate>>> = {
  'reference: fast-xml-parser alone': () =>
    rate(() => {
      for (const feed of feeds) parser.parse(feed);
    }),
  'reference: bare inserts, a transaction an answer': () => {
    const db = open();
    db.$client.exec('create table bare (id text primary key, title text, abstract text) strict');
    const insert = db.$client.prepare('insert into bare values (?, ?, ?)');
    return rate(() => {
      for (const group of groupsOf(made, aFeed))
        inTransaction(db, () => {
          for (const { id, title, abstract } of group) insert.run(id, title, abstract);
        });
    });
  },
};

const results = new Map<string, Rate[]>();
const note = (name: string, value: Rate): void => {
  results.set(name, [...(results.get(name) ?? []), value]);
};

try {
  // Interleaved, so that whatever else the machine does falls on all alike.
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, measure] of Object.entries(cases)) note(name, await measure());
    const db = open();
    note('arXiv feeds, all papers new', await rate(() => take(db, feeds, parseXmlDocument)));
    note('arXiv feeds, read again', await rate(() => take(db, feeds, parseXmlDocument)));
    const other = open();
    note('Hugging Face lists, all papers new', await rate(() => take(other, lists, parseList)));
    note('Hugging Face lists, read again', await rate(() => take(other, lists, parseList)));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const median = (rates: readonly Rate[], by: keyof Rate): number =>
  rates.map((one) => one[by]).sort((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;
const shown = (value: number): string => Math.round(value).toLocaleString('en').padStart(8);
const reference = median(results.get('reference: fast-xml-parser alone') ?? [], 'cpu');
console.log(`${papers} papers, median of ${rounds} rounds; papers a second by the clock, papers a`);
console.log('second of the processor, and the latter as a part of what the parser alone reads');
for (const [name, rates] of results)
  console.log(
    `${name.padEnd(50)}${shown(median(rates, 'wall'))}${shown(median(rates, 'cpu'))}  ${(median(rates, 'cpu') / reference).toFixed(2)}`,
  );
