import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, isDay, monthOf, parsePeriod, weekOf, weeksOf } from '../../src/domain/period.ts';

describe('periods', () => {
  it.each([
    ['2026-03-20', '2026-03-20', '2026-03-20'],
    ['2026-W12', '2026-03-16', '2026-03-22'],
    ['2026-03', '2026-03-01', '2026-03-31'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2026-W53', '2026-12-28', '2027-01-03'],
    ['2026-W01', '2025-12-29', '2026-01-04'],
  ])('%s goes from %s to %s', (name, from, to) => {
    expect(parsePeriod(name)).toMatchObject({ name, from, to });
  });

  it.each([
    '2026-02-30',
    '2026-13',
    '2026-00',
    '2025-W53',
    '2026-W00',
    '2026-W54',
    '2026',
    '',
    'W12',
  ])('there is no %j', (name) => {
    expect(parsePeriod(name)).toBeUndefined();
  });

  const days = fc
    .date({ min: new Date('1991-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10));

  it('every day lies in the week and the month that are named after it', () => {
    fc.assert(
      fc.property(days, (day) => {
        for (const period of [weekOf(day), monthOf(day)]) {
          expect(period.from <= day && day <= period.to).toBe(true);
          expect(parsePeriod(period.name)).toEqual(period);
        }
        expect(addDays(weekOf(day).from, 6)).toBe(weekOf(day).to);
      }),
    );
  });

  it('the weeks of a month hold each of its days once, in order', () => {
    fc.assert(
      fc.property(days, (day) => {
        const month = monthOf(day);
        const listed = weeksOf(month).flatMap((week) =>
          week.days.filter((each) => each !== undefined),
        );
        expect(listed[0]).toBe(month.from);
        expect(listed.at(-1)).toBe(month.to);
        for (const [index, each] of listed.entries()) {
          expect(isDay(each)).toBe(true);
          expect(each).toBe(addDays(month.from, index));
        }
      }),
    );
  });
});
