import { beforeEach, describe, expect, test } from 'vitest';
import { topicNumbers } from '../../src/app/topics.ts';
import type { Db } from '../../src/db/open.ts';
import {
  confirmSubscriber,
  countSubscribers,
  deleteSubscriber,
  findByEmail,
  findById,
  findByKey,
  iterateSubscribers,
  setStatus,
  updateSettings,
} from '../../src/db/subscribers.ts';
import { forgetSuppressedAddress, isSuppressed, suppress } from '../../src/db/suppressions.ts';
import { findTopic, listCatalogue, listTopicsInUse, syncTopics } from '../../src/db/topics.ts';
import { builtInTopics } from '../../src/domain/topic.ts';
import { addReader, inventSettings, later, noon } from '../invent.ts';
import { rowsOf, tempDb } from './temp-db.ts';

let db: Db;
beforeEach(() => {
  db = tempDb();
});

const settings = inventSettings({
  topics: ['cs.RO', 'query:sleepy robots', 'all'],
  frequency: { kind: 'weekly', on: 'wed' },
  hour: 23,
  timeZone: 'Asia/Kathmandu',
  papers: 5,
});

describe('a subscriber', () => {
  test('is found by address in any case, by key and by number, topics in their order', () => {
    const id = addReader(db, 'Mira@example.org', settings);
    const reader = findById(db, id);
    expect(reader).toMatchObject({ email: 'Mira@example.org', status: 'active', settings });
    expect(findByEmail(db, 'mira@EXAMPLE.org')).toEqual(reader);
    expect(reader && findByKey(db, reader.key)).toEqual(reader);
    expect(findByEmail(db, 'nobody@example.org')).toBeUndefined();
    expect(() => addReader(db, 'mira@example.org')).toThrow(/UNIQUE/);
  });

  test('keeps nothing of the settings replaced', () => {
    const id = addReader(db, 'mira@example.org', settings);
    const next = inventSettings({ topics: ['cs.CL'] });
    updateSettings(db, id, next, topicNumbers(db, next.topics));
    expect(findById(db, id)?.settings).toEqual(next);
  });

  test('is noted when confirming and when leaving', () => {
    const id = addReader(db, 'mira@example.org', settings, 'unconfirmed');
    expect(findById(db, id)?.confirmedAt).toBeUndefined();
    confirmSubscriber(db, id, noon);
    expect(findById(db, id)).toMatchObject({
      status: 'active',
      awaitsFirst: true,
      confirmedAt: noon,
    });
    setStatus(db, id, 'unsubscribed', later(noon, 1));
    expect(findById(db, id)).toMatchObject({
      status: 'unsubscribed',
      awaitsFirst: false,
      unsubscribedAt: later(noon, 1),
    });
  });

  test('is one of many, read in pieces', () => {
    for (let n = 0; n < 501; n += 1) addReader(db, `reader${n}@example.org`);
    setStatus(db, 1, 'paused', noon);
    expect([...iterateSubscribers(db)].map(({ id }) => id)).toEqual(
      Array.from({ length: 501 }, (_, n) => n + 1),
    );
    expect(countSubscribers(db)).toEqual({ active: 500, paused: 1 });
  });
});

describe('topics', () => {
  test('are those of this version, and readers’ own stay', () => {
    addReader(db, 'mira@example.org', settings);
    db.$client.prepare(`update topics set name = 'old' where slug = 'cs.RO'`).run();
    syncTopics(db);
    expect(listCatalogue(db)).toHaveLength(builtInTopics().length);
    expect(findTopic(db, 'CS.ro')?.name).toBe('Robotics (cs.RO)');
    expect(findTopic(db, 'query:sleepy robots')?.query).toBe('sleepy robots');
  });

  test('are in use while an active reader has them', () => {
    const id = addReader(db, 'mira@example.org', settings);
    expect(
      listTopicsInUse(db)
        .map(({ slug }) => slug)
        .sort(),
    ).toEqual([...settings.topics].sort());
    setStatus(db, id, 'paused', noon);
    expect(listTopicsInUse(db)).toEqual([]);
    deleteSubscriber(db, id);
    expect(rowsOf(db, 'select * from subscriptions')).toEqual([]);
  });
});

describe('a suppressed address', () => {
  test('is known in any case, and for its first reason', () => {
    suppress(db, 'Mira@example.org', 'hard', '550 no <mira@example.org> here', noon);
    suppress(db, 'mira@example.org', 'complaint', 'spam', later(noon, 1));
    expect(isSuppressed(db, 'MIRA@example.org')).toBe(true);
    expect(isSuppressed(db, 'jonas@example.org')).toBe(false);
    expect(rowsOf(db, 'select reason from suppressions')).toEqual([{ reason: 'hard' }]);
  });

  test('stays suppressed when forgotten, and nothing but a hash tells of it', () => {
    suppress(db, 'mira@example.org', 'hard', '550 no <mira@example.org> here', noon);
    forgetSuppressedAddress(db, 'mira@example.org');
    expect(isSuppressed(db, 'mira@example.org')).toBe(true);
    expect(JSON.stringify(rowsOf(db, 'select * from suppressions'))).not.toContain('mira');
  });
});
