import { expect, test } from 'vitest';
import { makeToken, newOrderedKey, readToken } from '../../src/lib/token.ts';

test('ordered keys are all different, sort by time, and make tokens like any key', () => {
  const keys = Array.from({ length: 2_500 }, (_, n) => newOrderedKey(1_774_000_000_000 + (n >> 3)));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(keys.length);
  const byTime = keys.map((key) => key.subarray(0, 6).toString('hex'));
  expect(byTime).toEqual(byTime.toSorted());
  const [key = Buffer.alloc(0)] = keys;
  expect(key).toHaveLength(16);
  expect(readToken('secret', 'digest', makeToken('secret', 'digest', key))).toEqual(key);
});
