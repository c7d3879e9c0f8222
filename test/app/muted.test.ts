import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkMuted, createMuting } from '../../src/app/muted.ts';
import { previewDigest } from '../../src/app/preview.ts';
import { exportSubscribers, importSubscribers } from '../../src/app/subscribers-csv.ts';
import type { Db } from '../../src/db/open.ts';
import { findPaper } from '../../src/db/papers.ts';
import { findByEmail, updateSettings } from '../../src/db/subscribers.ts';
import { chooseDigest } from '../../src/domain/digest.ts';
import { defaultSettings } from '../../src/domain/subscription.ts';
import { at, openCorpus, paperOf } from './meaning-corpus.ts';

let db: Db;
beforeEach(() => {
  db = openCorpus();
});
afterEach(() => void db.$client.close());

const take = (csv: string) => importSubscribers(db, Readable.from([Buffer.from(csv)]), 'list', at);

describe('muting', () => {
  it('wins over every topic', () => {
    const lists = [
      {
        topic: 1,
        entries: [
          { paper: 1, score: 9 },
          { paper: 2, score: 8 },
        ],
      },
      {
        topic: 2,
        entries: [
          { paper: 1, score: 9 },
          { paper: 3, score: 1 },
        ],
      },
    ];
    const chosen = chooseDigest(lists, new Set(), 10, new Set([1]));
    expect(chosen.map(({ paper }) => paper)).toEqual([2, 3]);
  });

  it('takes words, phrases, authors and categories, by the words themselves', () => {
    const numberOf = (n: number) => findPaper(db, paperOf('bees', n).id)?.number ?? 0;
    const muting = createMuting(db);
    expect(muting(['author:"Ada Tides"']).has(numberOf(0))).toBe(true);
    expect(muting(['author:"Ada Tides"']).has(numberOf(1))).toBe(false);
    expect(muting(['lunar', 'cat:q-bio']).has(numberOf(1))).toBe(true);
    expect(muting([]).has(numberOf(1))).toBe(false);
  });

  it('keeps papers out of a digest', () => {
    const settings = {
      ...defaultSettings,
      topics: ['all'],
      papers: 30,
    };
    const all = previewDigest(db, settings, undefined, at);
    const some = previewDigest(db, { ...settings, muted: ['cat:q-bio.PE'] }, undefined, at);
    const bees = (content: typeof all) =>
      content.papers.filter(({ paper }) => paper.categories.includes('q-bio.PE')).length;
    expect(bees(all)).toBeGreaterThan(0);
    expect(bees(some)).toBe(0);
  });

  it('says what cannot be muted', () => {
    expect(checkMuted(['"open', 'like:2405.12345', ' lunar ', 'lunar'])).toMatchObject({
      kind: 'invalid',
      problems: [expect.stringContaining('"open'), expect.stringContaining('like:')],
    });
    expect(checkMuted([' lunar ', 'lunar', ''])).toEqual({ kind: 'ok', terms: ['lunar'] });
  });

  it('comes and goes as a column, and stays where a list has none', async () => {
    const tally = await take(
      'email,topics,mute\nada@example.org,all,"lunar;author:""Ada Tides"""\n',
    );
    expect(tally).toMatchObject({ new: 1, rejected: [] });
    const reader = () => findByEmail(db, 'ada@example.org');
    expect(reader()?.settings.muted).toEqual(['lunar', 'author:"Ada Tides"']);
    expect([...exportSubscribers(db)].join('')).toContain('lunar;author:');
    expect(await take('email,topics\nada@example.org,all\n')).toMatchObject({ unchanged: 1 });
    expect(await take('email,topics,mute\nada@example.org,all,"""x"\n')).toMatchObject({
      updated: 0,
    });
    updateSettings(db, reader()?.id ?? 0, { ...defaultSettings, topics: ['all'] }, [1]);
    expect(reader()?.settings.muted).toHaveLength(2);
    expect(await take('email,topics,mute\nada@example.org,all,\n')).toMatchObject({ updated: 1 });
    expect(reader()?.settings.muted).toBeUndefined();
  });
});
