import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  askPassage,
  type Breaker,
  domainRule,
  type Finding,
  noteFinding,
  openWay,
  serverRule,
  shutForMs,
  speaksForDomain,
} from '../../src/domain/breaker.ts';

const minuteMs = 60_000;
const noteAt = (breaker: Breaker, finding: Finding, now = 0, rule = serverRule) =>
  noteFinding(breaker, finding, rule, 'server', now);
const untilOf = (breaker: Breaker): number => (breaker.state === 'shut' ? breaker.until : -1);

describe('a way for mail', () => {
  test('to the server shuts with the first failure, to a domain with the fifth in a row', () => {
    expect(noteAt(openWay, 'ill').state).toBe('shut');
    let breaker: Breaker = openWay;
    for (const finding of ['ill', 'ill', 'ill', 'ill', 'well', 'ill', 'ill', 'neither', 'ill'])
      breaker = noteAt(breaker, finding as Finding, 0, domainRule);
    expect(breaker).toEqual({ state: 'open', failures: 3 });
    breaker = noteAt(noteAt(breaker, 'ill', 0, domainRule), 'ill', 0, domainRule);
    expect(breaker).toMatchObject({ state: 'shut', times: 1 });
  });

  test('that is shut lets nobody through, then one, who decides for all', () => {
    const shut = noteAt(openWay, 'ill');
    const until = untilOf(shut);
    expect(askPassage(shut, serverRule, until - 1)).toEqual({ kind: 'wait', until });
    const passage = askPassage(shut, serverRule, until);
    if (passage.kind !== 'probe') throw new Error('nobody was sent ahead');
    expect(askPassage(passage.breaker, serverRule, until).kind).toBe('wait');
    expect(noteAt(passage.breaker, 'well', until)).toEqual(openWay);
    const again = noteAt(passage.breaker, 'ill', until);
    expect(again).toMatchObject({ state: 'shut', times: 2 });
    expect(untilOf(again) - until).toBeGreaterThan(1.5 * minuteMs);
    const next = noteAt(passage.breaker, 'neither', until);
    expect(askPassage(next, serverRule, until).kind).toBe('probe');
  });

  test('does not shut for longer because of mails that were under way when it was shut', () => {
    const shut = noteAt(openWay, 'ill');
    for (const finding of ['ill', 'well', 'neither'] as const)
      expect(noteAt(shut, finding, 5)).toEqual(shut);
  });

  test('is not kept shut by a clock that was put back', () => {
    const shut = noteAt(openWay, 'ill', 48 * 60 * minuteMs);
    expect(askPassage(shut, serverRule, 0).kind).toBe('probe');
  });

  test('waits twice as long each time up to a limit, a fifth more or less, not all ways alike', () => {
    for (const rule of [serverRule, domainRule])
      for (let times = 1; times < 60; times += 1) {
        const base = Math.min(rule.firstMs * 2 ** (times - 1), rule.longestMs);
        const wait = shutForMs(times, rule, 'a.example');
        expect(wait).toBeGreaterThanOrEqual(0.8 * base);
        expect(wait).toBeLessThanOrEqual(1.2 * base);
      }
    const waits = Array.from({ length: 50 }, (_, n) => shutForMs(1, domainRule, `${n}.example`));
    expect(new Set(waits).size).toBeGreaterThan(40);
  });

  test('has one probe at a time and never stays shut for ever, whatever happens', () => {
    const findings = fc.array(fc.constantFrom<Finding>('well', 'ill', 'neither'), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(findings, (story) => {
        let [breaker, now]: [Breaker, number] = [openWay, 0];
        for (const finding of story) {
          const passage = askPassage(breaker, serverRule, now);
          if (passage.kind === 'wait') {
            expect(passage.until - now).toBeLessThanOrEqual(1.2 * serverRule.longestMs);
            now = passage.until;
            continue;
          }
          if (passage.kind === 'probe') {
            breaker = passage.breaker;
            expect(askPassage(breaker, serverRule, now).kind).toBe('wait');
          }
          breaker = noteAt(breaker, finding, now);
          expect(breaker.state).not.toBe('probing');
        }
      }),
    );
  });
});

describe('a temporary refusal', () => {
  test.each([
    ['421 4.7.28 unusual rate of mail', true],
    ['451 4.3.0 try again', true],
    ['450 later', true],
    ['Redis was lost', false],
    ['ENOSPC: no space left on device, write', false],
    ['450 4.2.2 mailbox full', false],
    ['450 4.1.8 sender not found', false],
    ['451 4.7.1 Greylisting in action', false],
    ['450 4.2.0 graylisted, see https://example.org', false],
  ])('%s speaks for the domain: %s', (reason, speaks) => {
    expect(speaksForDomain(reason)).toBe(speaks);
  });
});
