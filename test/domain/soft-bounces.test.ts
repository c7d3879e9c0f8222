import { expect, it } from 'vitest';
import { isGivenUp, softWindowStart } from '../../src/domain/soft-bounces.ts';

const march = (...days: readonly number[]) =>
  days.map((day) => `2026-03-${String(day).padStart(2, '0')}`);

it('counts the last thirty days, today included', () => {
  expect(softWindowStart('2026-03-30')).toBe('2026-03-01');
});

it('gives up after soft bounces on five days', () => {
  expect(isGivenUp(march(1, 2, 3, 4), march(1, 2, 3, 4), '2026-03-04')).toBe(false);
  expect(isGivenUp(march(1, 2, 3, 4, 5), march(1, 2, 3, 4, 5), '2026-03-05')).toBe(true);
});

it('gives up a weekly reader whose every mail came back', () => {
  expect(isGivenUp(march(1, 8, 15, 22, 29), march(1, 8, 15, 22, 29), '2026-03-29')).toBe(true);
});

it('keeps a reader most of whose mails arrive', () => {
  const sent = march(...Array.from({ length: 20 }, (_, index) => index + 1));
  expect(isGivenUp(march(1, 5, 9, 13, 17), sent, '2026-03-20')).toBe(false);
});

it('forgets what is older than the window', () => {
  const bounced = ['2026-02-01', ...march(27, 28, 29, 30)];
  expect(isGivenUp(bounced, [], '2026-03-30')).toBe(false);
});
