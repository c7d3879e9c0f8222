import { expect, test } from 'vitest';
import { pauseEnd } from '../../src/domain/pause.ts';

test.each([
  ['2026-03-20', 'week', '2026-03-27'],
  ['2026-12-28', 'two-weeks', '2027-01-11'],
  ['2026-03-20', 'month', '2026-04-20'],
  ['2026-01-31', 'month', '2026-02-28'],
  ['2028-01-30', 'month', '2028-02-29'],
  ['2026-12-31', 'month', '2027-01-31'],
] as const)('a pause from %s for a %s ends on %s', (from, length, end) => {
  expect(pauseEnd(from, length)).toBe(end);
});
