import { expect, test } from 'vitest';
import { widthsOf } from '../../src/mail/press-run.ts';

const linksOf = (...lengths: readonly number[]): readonly Buffer[] => [
  ...[Buffer.alloc(1), Buffer.alloc(2)],
  ...lengths.map((length) => Buffer.alloc(length)),
];

test('links of the same lengths have one number, and no others ever have it', () => {
  const numbers = new Set<number>();
  // More than are remembered at once.
  for (let n = 0; n < 3_000; n += 1) {
    const lengths = [n % 50, 70, Math.floor(n / 50), 0, 1_499];
    const number = widthsOf(linksOf(...lengths));
    expect(widthsOf(linksOf(...lengths))).toBe(number);
    numbers.add(number);
  }
  expect(numbers.size).toBe(3_000);
  expect(widthsOf(linksOf(1, 2, 0, 0, 0))).not.toBe(widthsOf(linksOf(2, 1, 0, 0, 0)));
});

test('a link too long to be told by a number has one for itself', () => {
  const numbers = [1_500, 1_500, 40_000].map((length) => widthsOf(linksOf(1, 2, length, 3, 4)));
  expect(new Set(numbers).size).toBe(3);
});
