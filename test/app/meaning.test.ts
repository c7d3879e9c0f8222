import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { keepMeaning } from '../../src/app/keep-meaning.ts';
import { foldNewPapers, isLearningDue, refreshMeaning } from '../../src/app/meaning-learn.ts';
import { membershipOf } from '../../src/app/membership.ts';
import { rankCorpus } from '../../src/app/ranking.ts';
import { searchPapers, similarPapers } from '../../src/app/search.ts';
import { previewWeek } from '../../src/app/topic-week.ts';
import type { Db } from '../../src/db/open.ts';
import { findPaper, hideSample } from '../../src/db/papers.ts';
import { parseQuery, type Query } from '../../src/domain/query.ts';
import { addPapers, at, fieldNames, openCorpus, paperOf } from './meaning-corpus.ts';

const opened: Db[] = [];
const corpus = (file?: string): Db => {
  const db = openCorpus(file);
  opened.push(db);
  return db;
};
const learned = (): Db => {
  const db = corpus();
  refreshMeaning(db);
  return db;
};

afterEach(() => {
  for (const db of opened.splice(0)) db.$client.close();
});

const queryOf = (text: string): Query => {
  const parsed = parseQuery(text);
  if (parsed.kind === 'fault') throw new Error(parsed.fault.message);
  return parsed.query;
};

const found = (db: Db, text: string, limit = 20) => {
  const outcome = searchPapers(db, text, limit);
  if (outcome.kind !== 'ok') throw new Error(outcome.fault.message);
  return outcome;
};

const idsOf = (db: Db, text: string, limit?: number) =>
  found(db, text, limit).papers.map((hit) => hit.paper.id);

const members = (db: Db, text: string): readonly number[] => {
  const membership = membershipOf(db, queryOf(text));
  const numbers = db.$client.prepare('select id from papers order by id').pluck().all() as number[];
  return numbers.filter((number) => membership.has(number));
};

describe('search by meaning', () => {
  it('finds papers of the field that do not hold the word, after those that do', () => {
    const db = learned();
    const hits = found(db, 'bees', 40).papers;
    const withWord = hits.filter(({ paper }) => /bees\b/.test(`${paper.title} ${paper.abstract}`));
    expect(hits.filter(({ paper }) => paper.categories.includes('q-bio.PE')).length).toBe(40);
    expect(withWord.length).toBeLessThan(25);
    expect(hits[0]?.paper.title).toContain('bees');
  });

  it('gives scores from 0 to 1, best first', () => {
    const scores = found(learned(), 'honey swarm', 100).papers.map((hit) => hit.score);
    expect(Math.max(...scores)).toBeLessThanOrEqual(1);
    expect(Math.min(...scores)).toBeGreaterThanOrEqual(0);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('goes by the words alone until something is learned', () => {
    const db = corpus();
    expect(isLearningDue(db)).toBe(true);
    const hits = found(db, 'bees', 100).papers;
    expect(hits.length).toBeGreaterThan(0);
    expect(hits.length).toBeLessThan(40);
    expect(hits[0]?.score).toBe(1);
  });

  it('holds exactly to categories, phrases, authors and exclusions', () => {
    const db = learned();
    expect(idsOf(db, 'bees cat:physics.ao-ph')).toEqual([]);
    expect(idsOf(db, 'author:"Ada Tides"', 50)).toHaveLength(3);
    const without = found(db, 'bees -bees3', 100).papers;
    expect(without.every(({ paper }) => !/bees3\b/.test(`${paper.title} ${paper.abstract}`))).toBe(
      true,
    );
    expect(without.length).toBeGreaterThan(0);
  });

  it('takes words beside OR as they stand', () => {
    const texts = found(learned(), 'nectar OR yeast', 200).papers.map(
      ({ paper }) => `${paper.title} ${paper.abstract}`,
    );
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.every((text) => /nectar|yeast/.test(text))).toBe(true);
  });

  it('knows a word that came after learning', () => {
    const db = learned();
    addPapers(db, [{ ...paperOf('bees', 50), title: 'zorbification of wax' }]);
    foldNewPapers(db, 10);
    expect(idsOf(db, 'zorbification')[0]).toBe(paperOf('bees', 50).id);
  });

  it('never shows a hidden paper, and reads a changed one anew', () => {
    const db = corpus();
    db.$client.prepare(`update papers set origin = 'sample' where key like '2601.%'`).run();
    refreshMeaning(db);
    expect(idsOf(db, 'bees').length).toBeGreaterThan(0);
    hideSample(db);
    expect(idsOf(db, 'bees', 200).filter((id) => id.startsWith('2601.'))).toEqual([]);
    const changed = paperOf('tides', 3);
    addPapers(db, [{ ...changed, title: 'bread oven', abstract: paperOf('bread', 3).abstract }]);
    foldNewPapers(db, 10);
    expect(idsOf(db, 'bread', 10)).toContain(changed.id);
  });

  it('suggests a spelling, and says what would match', () => {
    const db = learned();
    expect(found(db, 'estuery').hints.didYouMean).toBe('estuary');
    const { hints, papers } = found(db, 'cat:physics.soc-ph "lunar"');
    expect(papers).toEqual([]);
    expect(hints.wouldMatch).toContainEqual({ query: 'cat:physics.soc-ph', papers: 40 });
    expect(found(db, 'estuary').hints).toEqual({ wouldMatch: [] });
  });
});

describe('papers like one', () => {
  it('are of its field, without itself', () => {
    const db = learned();
    const { id } = paperOf('bread', 7);
    const hits = similarPapers(db, id, 10) ?? [];
    expect(hits.map((hit) => hit.paper.id)).not.toContain(id);
    expect(hits.every(({ paper }) => paper.categories.includes('physics.soc-ph'))).toBe(true);
    expect(similarPapers(db, '2405.99999', 10)).toBeUndefined();
  });

  it('are a topic of their own, with itself, and obey the rest of the query', () => {
    const db = learned();
    const { id } = paperOf('bread', 7);
    const numbers = members(db, `like:${id}`);
    expect(numbers).toContain(findPaper(db, id)?.number);
    expect(numbers.length).toBeGreaterThan(5);
    expect(members(db, `like:${id} cat:q-bio`)).toEqual([]);
    expect(members(db, `like:${id} OR cat:q-bio.PE`).length).toBe(numbers.length + 40);
    expect(members(db, 'like:2405.99999')).toEqual([]);
  });
});

describe('membership of a topic', () => {
  it('reaches papers without the word and leaves other fields out', () => {
    const db = learned();
    const ids = members(db, 'bees hive').map((number) =>
      db.$client.prepare('select key from papers where id = ?').pluck().get(number),
    );
    expect(ids.length).toBeGreaterThan(15);
    expect(ids.every((id) => String(id).startsWith('2601.'))).toBe(true);
  });

  it('does not change with the papers of other days', () => {
    const db = learned();
    const before = members(db, 'bees');
    const last = Math.max(
      ...(db.$client.prepare('select id from papers').pluck().all() as number[]),
    );
    addPapers(
      db,
      Array.from({ length: 10 }, (_, n) =>
        fieldNames.map((field) => paperOf(field, 60 + n)),
      ).flat(),
    );
    while (foldNewPapers(db, 7) > 0);
    const after = members(db, 'bees');
    expect(after.filter((number) => number <= last)).toEqual(before);
    expect(after.length).toBeGreaterThan(before.length);
  });

  it('takes a paper in by its words while it is not folded in', () => {
    const db = learned();
    addPapers(db, [{ ...paperOf('bees', 90), title: 'bees at last' }]);
    const number = findPaper(db, paperOf('bees', 90).id)?.number;
    expect(members(db, 'bees')).toContain(number);
  });

  it('tells what a topic brought in a week', () => {
    const db = learned();
    const week = previewWeek(db, rankCorpus(db, at), { query: 'cat:q-bio.PE' }, 3);
    expect(week).toMatchObject({ kind: 'ok', papers: 40 });
    expect(week.kind === 'ok' && week.best).toHaveLength(3);
    expect(previewWeek(db, rankCorpus(db, at), { topic: 'nosuch' }, 3).kind).toBe('unknown-topic');
  });
});

describe('hostile queries', () => {
  const hostile: readonly string[] = [
    'a'.repeat(10_000),
    '"'.repeat(999),
    '(((((((((((((((((((((((((((((',
    `${'('.repeat(900)}bees${')'.repeat(900)}`,
    `${'-'.repeat(1_900)}bees`,
    `"bees`,
    'OR OR AND NOT',
    '- - -',
    `${'bees OR '.repeat(500)}bees`,
    `${'bees '.repeat(190)}`,
    'title:bees NEAR(bees, 2) ^bees bees*',
    `'; drop table papers; --`,
    '🐝🐝🐝 🍯',
    '\u202Eسيب \u05D3\u05D1\u05E9',
    'like:../../etc/passwd',
    'like:2405.12345 like:2405.12346',
    'cat:nosuch',
    'author:"\u0000"',
    '\\textbf{$\\frac{1}{2}$}',
    'constructor __proto__ toString',
  ];

  it.each(hostile)('get an answer or a fault that says where: %.20s', (text) => {
    const outcome = searchPapers(learned(), text, 10);
    if (outcome.kind === 'ok') return;
    expect(outcome.fault.message).not.toBe('');
    expect(outcome.fault.position).toBeGreaterThanOrEqual(0);
    expect(outcome.fault.position).toBeLessThanOrEqual(text.length);
  });

  it('take bounded time: the longest allowed costs no more than hundreds of plain ones', () => {
    const db = learned();
    const msOf = (text: string): number => {
      const start = process.cpuUsage();
      searchPapers(db, text, 10);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1_000;
    };
    msOf('bees');
    const worst = Math.max(
      ...hostile.map(msOf),
      msOf(Array.from({ length: 190 }, (_, n) => `wrod${n}`).join(' ')),
      msOf(
        Array.from({ length: 180 }, (_, n) => `-hive${n}`)
          .join(' ')
          .concat(' bees'),
      ),
    );
    expect(worst).toBeLessThan(2_000);
  });

  it('of any kind never throw', () => {
    const db = learned();
    const piece = fc.constantFrom(
      'bees',
      '"',
      '(',
      ')',
      '-',
      ' OR ',
      'cat:',
      'author:',
      'like:',
      '*',
      ' ',
    );
    const query = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(query, (text) => {
        const outcome = searchPapers(db, text, 5);
        if (outcome.kind === 'ok') membershipOf(db, queryOf(text)).count();
      }),
      { numRuns: 300 },
    );
  });
});

describe('keeping meaning up to date', () => {
  it('begins nothing when the end was asked for before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paperboy-'));
    try {
      const db = corpus(join(folder, 'corpus.db'));
      expect(await keepMeaning(db, AbortSignal.abort())).toEqual({ learned: false, folded: 0 });
    } finally {
      for (const db of opened.splice(0)) db.$client.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('learns in a thread, once, and folds what comes later', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paperboy-'));
    try {
      const db = corpus(join(folder, 'corpus.db'));
      const { signal } = new AbortController();
      expect(await keepMeaning(db, signal)).toEqual({ learned: true, folded: 0 });
      expect(await keepMeaning(db, signal)).toEqual({ learned: false, folded: 0 });
      addPapers(db, [paperOf('tides', 77)]);
      expect(await keepMeaning(db, signal)).toEqual({ learned: false, folded: 1 });
      expect(idsOf(db, 'bees', 40).length).toBe(40);
    } finally {
      for (const db of opened.splice(0)) db.$client.close();
      rmSync(folder, { recursive: true });
    }
  });
});
