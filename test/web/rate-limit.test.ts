import { expect, it } from 'vitest';
import { createRateLimit } from '../../src/web/rate-limit.ts';

const at = (ms: number) => new Date(1_700_000_000_000 + ms);

it('says how long to wait, and lets the caller in exactly then', () => {
  const limit = createRateLimit([{ limit: 2, lengthMs: 1000 }], 10);
  expect(limit('a', at(0))).toEqual({ kind: 'allowed' });
  expect(limit('a', at(400))).toEqual({ kind: 'allowed' });
  expect(limit('a', at(500))).toEqual({ kind: 'limited', retryAfterMs: 500 });
  expect(limit('a', at(999))).toEqual({ kind: 'limited', retryAfterMs: 1 });
  expect(limit('a', at(1000))).toEqual({ kind: 'allowed' });
  expect(limit('a', at(1399))).toEqual({ kind: 'limited', retryAfterMs: 1 });
});

it('remembers a bounded number of callers, those seen last', () => {
  const limit = createRateLimit([{ limit: 1, lengthMs: 1000 }], 2);
  limit('a', at(0));
  limit('b', at(1));
  limit('a', at(2));
  limit('c', at(3));
  expect(limit('a', at(4)).kind).toBe('limited');
  expect(limit('b', at(5)).kind).toBe('allowed');
});
