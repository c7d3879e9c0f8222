import { describe, expect, test } from 'vitest';
import { english } from '../../src/app/english.ts';
import { nextAttemptAt } from '../../src/domain/attempts.ts';
import {
  arxivCalendar,
  arxivHolidays,
  type Batch,
  huggingFaceCalendar,
  judgeBatch,
  localTime,
  sayBatch,
} from '../../src/domain/batch.ts';

const of = (day: string | undefined, ids: readonly string[], complete = true): Batch => ({
  ...{ day, ids, complete },
});

const judgeAt = (now: string, seen: Batch, last?: readonly string[]) =>
  judgeBatch(arxivCalendar, new Date(now), seen, last)?.verdict;

describe("the verdict on arXiv's batch", () => {
  const monday = ['1v1', '2v1'];
  const tuesday = ['3v1', '4v1'];

  test('is new when the ids are, whether or not there was a batch before', () => {
    expect(judgeAt('2026-03-17T06:00:00Z', of('2026-03-17', tuesday), monday)).toBe('new');
    expect(judgeAt('2026-03-17T06:00:00Z', of('2026-03-17', tuesday))).toBe('new');
    expect(judgeAt('2026-03-17T06:00:00Z', of('2026-03-17', [...monday, '5v1']), monday)).toBe(
      'new',
    );
  });

  test('is stale when the ids are those of the batch before, however fresh the date', () => {
    expect(judgeAt('2026-03-17T06:00:00Z', of('2026-03-17', monday), monday)).toBe('stale');
    expect(judgeAt('2026-03-17T06:00:00Z', of(undefined, []), monday)).toBe('stale');
  });

  test('is stale when the newest list is new to us and yet a whole batch behind', () => {
    const judged = judgeBatch(
      arxivCalendar,
      new Date('2026-03-17T06:00:00Z'),
      of('2026-03-16', tuesday),
      monday,
    );
    expect(judged).toMatchObject({
      verdict: 'stale',
      fresh: 2,
      detail: expect.stringMatching('2026-03-16'),
    });
  });

  test('is quiet on a weekend, and when the list of the day is there and empty', () => {
    expect(judgeAt('2026-03-21T12:00:00Z', of('2026-03-20', monday), monday)).toBe('quiet');
    expect(judgeAt('2026-03-22T12:00:00Z', of(undefined, []), monday)).toBe('quiet');
    expect(judgeAt('2026-03-17T06:00:00Z', of('2026-03-17', []), monday)).toBe('quiet');
  });

  test('is holiday on the morrow of one', () => {
    expect(judgeAt('2026-11-27T12:00:00Z', of('2026-11-26', monday), monday)).toBe('holiday');
    expect(judgeAt('2026-11-26T12:00:00Z', of('2026-11-25', monday), monday)).toBe('stale');
  });

  test('is new on a holiday all the same, when something came', () => {
    expect(judgeAt('2026-11-27T12:00:00Z', of('2026-11-27', tuesday), monday)).toBe('new');
  });

  test('is partial when not all could be read', () => {
    expect(judgeAt('2026-03-17T06:00:00Z', of('2026-03-17', tuesday, false), monday)).toBe(
      'partial',
    );
    expect(judgeAt('2026-03-17T06:00:00Z', of(undefined, [], false), monday)).toBe('partial');
  });

  test('goes by Eastern days, and waits for the feeds to be rebuilt', () => {
    // 03:30 UTC is still Monday evening there in summer time, 04:15 is Tuesday, 04:30 is due.
    expect(judgeAt('2026-03-17T03:30:00Z', of('2026-03-16', monday), [])).toBe('new');
    expect(judgeAt('2026-03-17T04:15:00Z', of('2026-03-16', monday), monday)).toBeUndefined();
    expect(judgeAt('2026-03-17T04:30:00Z', of('2026-03-16', monday), monday)).toBe('stale');
    expect(localTime(new Date('2026-01-17T04:30:00Z'), 'America/New_York')).toEqual({
      day: '2026-01-16',
      minute: 23 * 60 + 30,
    });
  });

  test('knows holidays as days that are announcement days otherwise or not', () => {
    expect(arxivHolidays.size).toBeGreaterThan(30);
    for (const day of arxivHolidays) expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
  });
});

describe("the verdict on Hugging Face's list", () => {
  const judge = (now: string, seen: Batch) =>
    judgeBatch(huggingFaceCalendar, new Date(now), seen, ['1'])?.verdict;

  test('gives a weekday half a day, and a weekend all the time', () => {
    expect(judge('2026-03-17T06:00:00Z', of('2026-03-17', []))).toBeUndefined();
    expect(judge('2026-03-17T13:00:00Z', of('2026-03-17', ['1']))).toBe('stale');
    expect(judge('2026-03-21T13:00:00Z', of('2026-03-21', []))).toBe('quiet');
    expect(judge('2026-03-21T13:00:00Z', of('2026-03-21', ['2']))).toBe('new');
  });
});

describe('what a reader is told', () => {
  test('says of what, of which day and why there is nothing new', () => {
    expect(sayBatch(english, { source: 'arXiv', verdict: 'holiday', day: '2026-11-27' })).toBe(
      'arXiv announced nothing for 27 November 2026: a holiday there.',
    );
    for (const verdict of ['quiet', 'stale', 'partial'] as const)
      expect(sayBatch(english, { source: 'arXiv', verdict, day: '2026-03-17' })).toMatch(
        /arXiv.*17 March 2026/,
      );
  });
});

describe('the next attempt', () => {
  const now = new Date('2026-03-17T06:00:00Z');
  const everyMs = 3_600_000;
  const inMinutes = (outcome: Partial<Parameters<typeof nextAttemptAt>[0]>) =>
    (nextAttemptAt({ now, everyMs, failures: 0, ...outcome }).getTime() - now.getTime()) / 60_000;

  test('comes after the usual time when all went well', () => {
    expect(inMinutes({})).toBe(60);
    expect(inMinutes({ verdict: 'holiday', minute: 90 })).toBe(60);
  });

  test('comes sooner while a list is stale or partial, until the deadline', () => {
    expect(inMinutes({ verdict: 'stale', minute: 90 })).toBe(10);
    expect(inMinutes({ verdict: 'partial', minute: 539 })).toBe(10);
    expect(inMinutes({ verdict: 'stale', minute: 540 })).toBe(60);
  });

  test('is doubled with each failure up to four hours, and never before the time asked for', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((failures) => inMinutes({ failures }))).toEqual([
      10, 20, 40, 80, 160, 240, 240,
    ]);
    const waitUntil = new Date('2026-03-17T08:00:00Z');
    expect(inMinutes({ failures: 1, waitUntil })).toBe(120);
  });
});
