import { describe, expect, test } from 'vitest';
import { emptyTally, importRecords } from '../../src/app/import.ts';
import { insertEdition, listEntries } from '../../src/db/editions.ts';
import { inTransaction, openDatabase } from '../../src/db/open.ts';
import { findPaper, listPapers } from '../../src/db/papers.ts';
import { findTopic, syncTopics } from '../../src/db/topics.ts';
import type { Paper } from '../../src/domain/paper.ts';
import { everything } from '../../src/domain/topic.ts';
import type { LiveRecord } from '../../src/sources/records.ts';

const at = new Date('2026-03-20T12:00:00Z');

const sheep: Paper = {
  ...{ id: '2603.00001', title: 'Sheep', abstract: '', authors: [], categories: ['cs.CL'] },
  ...{ listedOn: '2026-03-20', version: 1, textBy: 'arxiv' },
};

const start = () => {
  const db = openDatabase(':memory:', 'migrations');
  syncTopics(db);
  const take = async (...records: LiveRecord[]) => {
    async function* all() {
      yield* records;
    }
    const tally = emptyTally();
    await importRecords(db, all(), { file: 'x', by: 'arxiv', now: at }, tally);
    return tally;
  };
  const found = (): number =>
    db.$client
      .prepare(`select count(*) from papers_fts where papers_fts match 'sheep'`)
      .pluck()
      .get() as number;
  return { db, take, found };
};

const paper = (fields: Partial<Paper> = {}): LiveRecord => ({
  ...{ kind: 'paper', line: 1, paper: { ...sheep, ...fields } },
});

describe('a paper that is withdrawn or deleted', () => {
  test('leaves lists and search, and stays in the editions that had it', async () => {
    const { db, take, found } = start();
    await take(paper());
    const number = findPaper(db, sheep.id)?.number ?? 0;
    const topicId = findTopic(db, everything.slug)?.id ?? 0;
    const lists = [{ topicId, entries: [{ paper: number, score: 1, parts: [] }] }];
    const draft = { kind: 'day' as const, asOf: at, rankedAt: at, papersRead: 1, publishedAt: at };
    const edition = inTransaction(db, () => insertEdition(db, draft, lists));
    expect(found()).toBe(1);

    const tally = await take({ kind: 'deleted', line: 1, id: sheep.id });
    expect(tally.papers).toEqual({ new: 0, updated: 1, unchanged: 0 });
    // Its page stays, for those whom an old mail leads there.
    expect(findPaper(db, sheep.id)?.withdrawnAt).toEqual(at);
    expect(found()).toBe(0);
    const [entry] = listEntries(db, edition.id, topicId);
    expect(listPapers(db, [entry?.paper ?? 0])[0]).toMatchObject({
      title: 'Sheep',
      withdrawnAt: at,
    });
  });

  test('told again changes nothing, and one never heard of is none of our business', async () => {
    const { take } = start();
    await take(paper(), { kind: 'deleted', line: 1, id: sheep.id });
    const deleted: LiveRecord = { kind: 'deleted', line: 1, id: sheep.id };
    const tally = await take(deleted, { ...deleted, id: '2603.99999' });
    expect(tally.papers).toEqual({ new: 0, updated: 0, unchanged: 2 });
  });

  test('says so in its comment, and comes back with a version that does not', async () => {
    const { db, take, found } = start();
    await take(paper());
    await take(paper({ version: 2, comment: 'This paper has been withdrawn by the authors' }));
    expect(findPaper(db, sheep.id)?.withdrawnAt).toEqual(at);
    expect(found()).toBe(0);
    await take(paper({ version: 3, comment: '9 pages' }));
    expect(findPaper(db, sheep.id)).toMatchObject({ version: 3 });
    expect(findPaper(db, sheep.id)?.withdrawnAt).toBeUndefined();
    expect(found()).toBe(1);
  });

  test('is not brought back by a source that goes on speaking of it', async () => {
    const { db, take, found } = start();
    await take(paper(), { kind: 'deleted', line: 1, id: sheep.id });
    const { textBy: _, version: __, ...told } = sheep;
    await take({ kind: 'paper', line: 1, paper: { ...told, keywords: ['sheep'] } });
    expect(findPaper(db, sheep.id)?.withdrawnAt).toEqual(at);
    expect(found()).toBe(0);
  });

  test('a paper known by its title alone is the same one once its id is told', async () => {
    const { db, take } = start();
    await take({ kind: 'paper', line: 1, paper: { ...sheep, id: 'title:sheep' } }, paper());
    expect(findPaper(db, 'title:sheep')).toBeUndefined();
    expect(findPaper(db, sheep.id)).toBeDefined();
    expect(db.$client.prepare('select count(*) from papers').pluck().get()).toBe(1);
  });
});
