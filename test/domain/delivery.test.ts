import { describe, expect, test } from 'vitest';
import {
  retryDelayMs,
  type SendOutcome,
  saysBadMailbox,
  settle,
  staleAfterMs,
} from '../../src/domain/delivery.ts';
import { later, noon } from '../invent.ts';

const attempt = { key: 'digest-1', attempts: 1, plannedAt: noon };
const minuteMs = 60_000;

describe('settling an attempt', () => {
  test('keeps the server’s words of a mail sent, and never retries what is in doubt', () => {
    expect(settle(attempt, { kind: 'sent', reply: '250 ok' }, noon)).toEqual({
      state: 'sent',
      reason: '250 ok',
    });
    expect(settle(attempt, { kind: 'unknown', reason: 'gone' }, noon).state).toBe('unknown');
  });

  test('tries a deferred mail again until it is stale', () => {
    const outcome: SendOutcome = { kind: 'deferred', reason: '451 later', scope: 'message' };
    const soon = settle(attempt, outcome, noon);
    expect(soon).toMatchObject({ state: 'deferred', reason: '451 later' });
    expect(soon.state === 'deferred' && soon.retryAt > noon).toBe(true);
    expect(settle(attempt, outcome, later(noon, staleAfterMs))).toEqual({
      state: 'failed',
      reason: 'stale: 451 later',
      suppress: false,
    });
  });

  const refusals: readonly (readonly [number, string, boolean])[] = [
    [550, '550 5.1.1 no such user', true],
    [550, '550 no such user here', true],
    [553, '553 bad name', true],
    [550, '550 5.2.1 mailbox disabled', true],
    [552, '552 5.2.2 mailbox full', false],
    [550, '550 5.7.1 blocked by policy', false],
    [554, '554 5.6.0 not liked', false],
    [554, '554 go away', false],
  ];
  test.each(refusals)('of %i "%s": against the reader: %s', (code, reason, suppress) => {
    expect(saysBadMailbox(code, reason)).toBe(suppress);
    expect(settle(attempt, { kind: 'rejected', code, reason }, noon)).toEqual({
      state: 'failed',
      reason,
      suppress,
    });
  });

  test('holds a refusal of our message against nobody', () => {
    const outcome = { kind: 'rejected', code: 550, reason: '550 no', about: 'message' } as const;
    expect(settle(attempt, outcome, noon)).toMatchObject({ state: 'failed', suppress: false });
  });
});

describe('waiting for the next attempt', () => {
  test('doubles from a minute to an hour, give or take a fifth, the same in every run', () => {
    for (let attempts = 1; attempts < 40; attempts += 1) {
      const base = Math.min(2 ** (attempts - 1), 60) * minuteMs;
      for (const key of ['a', 'b', 'digest-99-2026-03-20']) {
        const delay = retryDelayMs(attempts, key);
        expect(delay).toBeGreaterThanOrEqual(0.8 * base);
        expect(delay).toBeLessThanOrEqual(1.2 * base);
        expect(retryDelayMs(attempts, key)).toBe(delay);
      }
    }
  });

  test('spreads mails that failed together', () => {
    const delays = Array.from({ length: 100 }, (_, n) => retryDelayMs(3, `digest-${n}`));
    expect(new Set(delays).size).toBeGreaterThan(50);
  });
});
