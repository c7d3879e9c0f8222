/**
 * A circuit breaker for one way mail can take: through the mail server, or to a domain behind it.
 *
 *   open ── so many failures in a row ──▶ shut ── its time is over ──▶ probing ── well ──▶ open
 *                                          ▲                              │
 *                                          └───── ill: shut for longer ───┘
 *
 * While it is shut nothing is tried; then one mail goes ahead and decides for all the others.
 */
import { fraction } from './delivery.ts';

export type Breaker =
  | { readonly state: 'open'; readonly failures: number }
  /** `times`: how often in a row it was shut. `until` in milliseconds. */
  | { readonly state: 'shut'; readonly times: number; readonly until: number }
  | { readonly state: 'probing'; readonly times: number };

export type BreakerRule = {
  /** Failures in a row that shut the way. */
  readonly failures: number;
  readonly firstMs: number;
  readonly longestMs: number;
};

const minuteMs = 60_000;

/** A server that hangs up on one mail does so to all; away for hours, it is asked every 15 minutes. */
export const serverRule: BreakerRule = {
  failures: 1,
  firstMs: 1 * minuteMs,
  longestMs: 15 * minuteMs,
};

/** One mailbox's trouble is not its domain's: only several mails put off in a row say something. */
export const domainRule: BreakerRule = {
  failures: 5,
  firstMs: 1 * minuteMs,
  longestMs: 60 * minuteMs,
};

export const openWay: Breaker = { state: 'open', failures: 0 };

export type Passage =
  | { readonly kind: 'pass' }
  /** This mail goes ahead alone. */
  | { readonly kind: 'probe'; readonly breaker: Breaker }
  | { readonly kind: 'wait'; readonly until: number };

/** How long others wait while a probe is under way. */
const probeMs = 10_000;

/** Whether a mail may take the way now. */
export const askPassage = (breaker: Breaker, rule: BreakerRule, now: number): Passage => {
  switch (breaker.state) {
    case 'open':
      return { kind: 'pass' };
    case 'probing':
      return { kind: 'wait', until: now + probeMs };
    case 'shut': {
      const { until, times } = breaker;
      // Further off than any wait is: the clock was put back since.
      const isOver = until <= now || until - now > rule.longestMs * (1 + jitter);
      return isOver
        ? { kind: 'probe', breaker: { state: 'probing', times } }
        : { kind: 'wait', until };
    }
    default:
      return breaker satisfies never;
  }
};

/** `neither`: the mail says nothing of the way, and a probe that says nothing leaves it to the next. */
export type Finding = 'well' | 'ill' | 'neither';

/** What a mail's fate makes of the breaker. `way` spreads the waits of many ways. */
export const noteFinding = (
  breaker: Breaker,
  finding: Finding,
  rule: BreakerRule,
  way: string,
  now: number,
): Breaker => {
  const shut = (times: number): Breaker => ({
    ...{ state: 'shut', times },
    until: now + shutForMs(times, rule, way),
  });
  switch (breaker.state) {
    case 'open': {
      if (finding === 'neither') return breaker;
      const failures = finding === 'ill' ? breaker.failures + 1 : 0;
      return failures >= rule.failures ? shut(1) : { state: 'open', failures };
    }
    case 'probing':
      if (finding === 'well') return openWay;
      if (finding === 'ill') return shut(breaker.times + 1);
      return { state: 'shut', times: breaker.times, until: now };
    case 'shut':
      // Mails that were under way when it was shut.
      return breaker;
    default:
      return breaker satisfies never;
  }
};

const jitter = 0.2;

/** Doubling from `firstMs` to `longestMs`, ± 20 %. */
export const shutForMs = (times: number, rule: BreakerRule, way: string): number => {
  const base = Math.min(rule.firstMs * 2 ** Math.min(times - 1, 30), rule.longestMs);
  return Math.round(base * (1 - jitter + 2 * jitter * fraction(`${way}/${times}`)));
};

/**
 * Whether a temporary refusal speaks for the whole domain. What is said of one mailbox (RFC 3463:
 * x.1.x the address, x.2.x the mailbox) does not, and greylisting passes by itself, reader by reader. What
 * is no server's reply is a fault of our own, such as a Redis that was lost.
 */
export const speaksForDomain = (reason: string): boolean =>
  /^4\d\d\b/.test(reason) && !/\b4\.[12]\.\d{1,3}\b/.test(reason) && !/gr[ae]y-?list/i.test(reason);
