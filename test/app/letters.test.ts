import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import type { Letter, Question } from '../../src/app/bundle.ts';
import { type Letters, openLetters } from '../../src/app/letters.ts';
import type { Report } from '../../src/queue/reports.ts';
import { NoWord } from '../../src/queue/word.ts';

type Posted = Letter & { readonly answer: (ids: number[]) => void; readonly refuse: typeof fail };
const fail = (_error: unknown): void => undefined;

/** Letters in the order in which they were posted, to be answered by the test. */
let posted: Posted[];
/** What was kept in Redis. */
let kept: number[];
let letters: Letters;

beforeEach(() => {
  [posted, kept] = [[], []];
  letters = openLetters(
    (question: Question) =>
      new Promise((answer, refuse) => posted.push({ ...(question as Letter), answer, refuse })),
    { report: ({ id }) => void kept.push(id), written: async () => undefined },
  );
});

const sent = (id: number): Report => ({
  ...{ lease: 'bundle-1', to: 'a@example.org', id },
  outcome: { kind: 'sent', reply: 'ok' },
});

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
};

const contents = (): unknown[] =>
  posted.map(({ reports, dots }) => [reports.map(({ id }) => id), dots]);

/** Whether a promise has been kept by now. */
const isOver = async (promise: Promise<unknown>): Promise<boolean> => {
  let over = false;
  void promise.then(() => {
    over = true;
  });
  await turns();
  return over;
};

test('one letter holds what comes together, of all bundles, and the next what came meanwhile', async () => {
  const first = [letters.mayEnd('bundle-1', 1), letters.mayEnd('bundle-2', 7)];
  await turns();
  letters.report(sent(3));
  const second = letters.mayEnd('bundle-1', 4);
  await turns();
  expect(contents()).toEqual([[[], { 'bundle-1': [1], 'bundle-2': [7] }]]);
  posted[0]?.answer([1]);
  expect(await Promise.all(first)).toEqual([true, false]);
  await turns();
  expect(contents()[1]).toEqual([[3], { 'bundle-1': [4] }]);
  posted[1]?.answer([4]);
  expect(await second).toBe(true);
  expect(kept).toEqual([]);
});

test('a report is out of the worker’s hands when its letter is answered, however late', async () => {
  letters.report(sent(1));
  await turns();
  letters.report(sent(2));
  const reported = letters.reported();
  expect(await isOver(reported)).toBe(false);
  posted[0]?.answer([]);
  expect(await isOver(reported)).toBe(false);
  posted[1]?.answer([]);
  expect(await isOver(reported)).toBe(true);
  expect(kept).toEqual([]);
});

test('without an answer no dot follows, and reports are kept until one comes', async () => {
  letters.report(sent(1));
  const dot = letters.mayEnd('bundle-1', 2);
  await turns();
  letters.report(sent(3));
  const behind = letters.mayEnd('bundle-1', 4);
  posted[0]?.refuse(new NoWord('silence'));
  await expect(dot).rejects.toThrow(NoWord);
  await expect(behind).rejects.toThrow(NoWord);
  letters.report(sent(5));
  await letters.reported();
  expect(kept).toEqual([1, 3, 5]);
  const asked = letters.mayEnd('bundle-1', 6);
  await turns();
  expect(contents()[1]).toEqual([[], { 'bundle-1': [6] }]);
  posted[1]?.answer([6]);
  expect(await asked).toBe(true);
  letters.report(sent(6));
  await turns();
  expect(contents()[2]).toEqual([[6], {}]);
  expect(kept).toEqual([1, 3, 5]);
});

test('a keeper that could not enter a letter has its reports kept, and hears what waited', async () => {
  letters.report(sent(1));
  const dot = letters.mayEnd('bundle-1', 2);
  await turns();
  const behind = letters.mayEnd('bundle-1', 3);
  posted[0]?.refuse(new Error('the disk is full'));
  await expect(dot).rejects.toThrow('the disk is full');
  await turns();
  posted[1]?.answer([3]);
  expect(await behind).toBe(true);
  expect(kept).toEqual([1]);
});

test('a letter that may be lost with Redis is given up, and what waited is asked anew', async () => {
  letters.report(sent(1));
  const dot = letters.mayEnd('bundle-1', 2);
  await turns();
  letters.report(sent(3));
  const behind = letters.mayEnd('bundle-1', 4);
  letters.lost();
  await expect(dot).rejects.toThrow(NoWord);
  await letters.reported();
  expect(kept).toEqual([1, 3]);
  await turns();
  expect(contents()[1]).toEqual([[], { 'bundle-1': [4] }]);
  posted[0]?.refuse(new NoWord('silence'));
  await turns();
  posted[1]?.answer([4]);
  expect(await behind).toBe(true);
  letters.report(sent(4));
  await turns();
  expect(contents()[2]).toEqual([[4], {}]);
  expect(kept).toEqual([1, 3]);
});
