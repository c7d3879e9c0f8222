import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allowanceOn,
  emptyLane,
  type Lane,
  nextDayStart,
  parseDomainRates,
  parseWarmUp,
  rateFor,
  takeSlot,
} from '../../src/domain/pace.ts';

describe('rates by domain', () => {
  test('are read with a rate for all others', () => {
    const parsed = parseDomainRates('gmail.com=2, Example.ORG = 0.5,*=5');
    if (parsed.kind !== 'ok') throw new Error(parsed.problems.join());
    const rates = ['gmail.com', 'example.org', 'b.example'].map((d) => rateFor(parsed.value, d));
    expect(rates).toEqual([2, 0.5, 5]);
  });

  test('leave a domain alone that nothing is said of', () => {
    const parsed = parseDomainRates('gmail.com=2');
    expect(parsed.kind === 'ok' && rateFor(parsed.value, 'b.example')).toBeUndefined();
  });

  test('are refused with everything that is wrong', () => {
    expect(parseDomainRates('gmail.com=0,gmail,=3,a b=1,x.org=1,X.org=2,local=1')).toEqual({
      kind: 'wrong',
      problems: [
        'allows gmail.com no messages: above zero, please',
        'has "gmail", which is not of the form gmail.com=2',
        'has "=3", which is not of the form gmail.com=2',
        'has "a b=1", which is not of the form gmail.com=2',
        'names X.org twice',
        'has "local", which is no domain',
      ],
    });
  });
});

describe('a warm-up plan', () => {
  test('doubles with each day in UTC', () => {
    const parsed = parseWarmUp('2026-12-01:200');
    if (parsed.kind !== 'ok') throw new Error(parsed.problems.join());
    const on = (day: string) => allowanceOn(parsed.value, new Date(day));
    expect(on('2026-11-20T00:00:00Z')).toBe(200);
    expect(on('2026-12-01T23:59:59Z')).toBe(200);
    expect(on('2026-12-02T00:00:00Z')).toBe(400);
    expect(on('2026-12-11T12:00:00Z')).toBe(204_800);
    expect(on('2031-12-11T12:00:00Z')).toBeGreaterThan(1e9);
    expect(nextDayStart(new Date('2026-12-01T23:59:59Z'))).toEqual(new Date('2026-12-02'));
  });

  test.each(['2026-12-01', '2026-02-30:5', '2026-12-01:0', '200', 'soon:5'])(
    '%s is none',
    (text) => {
      expect(parseWarmUp(text).kind).toBe('wrong');
    },
  );
});

describe('a lane', () => {
  test('never lets two go closer than its rate, whoever asks when, clocks going forward', () => {
    const steps = fc.array(fc.nat({ max: 3_000 }), { maxLength: 300 });
    fc.assert(
      fc.property(steps, fc.constantFrom(0.2, 1, 2, 50), (waits, rate) => {
        let [lane, now]: [Lane, number] = [emptyLane, 1_000_000];
        const gone: number[] = [];
        for (const wait of waits) {
          now += wait;
          const slot = takeSlot(lane, rate, now, 10_000);
          lane = slot.lane;
          expect(slot.at).toBeGreaterThanOrEqual(now);
          if (slot.kind === 'go') gone.push(slot.at);
          else expect(slot.at).toBeGreaterThan(now + 10_000);
        }
        for (const [n, at] of gone.entries())
          expect(at - (gone[n - 1] ?? 0)).toBeGreaterThanOrEqual(1000 / rate - 1e-6);
      }),
    );
  });

  test('tells a long line different moments, and all have gone when as much time has passed', () => {
    let lane = emptyLane;
    let waiting = Array.from({ length: 500 }, (_, n) => ({ n, at: 0 }));
    let asked = 0;
    let lastAt = 0;
    for (let now = 0; waiting.length > 0; now += 60_000) {
      const due = waiting.filter(({ at }) => at <= now);
      waiting = waiting.filter(({ at }) => at > now);
      for (const { n } of due) {
        const slot = takeSlot(lane, 2, now, 60_000);
        [lane, asked] = [slot.lane, asked + 1];
        if (slot.kind === 'later') waiting.push({ n, at: slot.at });
        else lastAt = slot.at;
      }
    }
    expect(lastAt).toBeLessThan(500 * 500 + 120_000);
    expect(asked).toBeLessThan(3 * 500);
  });

  test('is not kept waiting by a clock that was put back', () => {
    const { lane } = takeSlot(emptyLane, 1, 1e12, 60_000);
    expect(takeSlot(lane, 1, 5e11, 60_000)).toMatchObject({ kind: 'go', at: 5e11 });
  });
});
