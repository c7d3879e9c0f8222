/**
 * The gate between the ledger and the transport: which claimed mail may go now, which has to wait.
 * It keeps the pace allowed, and shuts ways that fail (`domain/breaker.ts`); what is shut is kept in
 * the database, where it outlives the process and can be seen.
 */
import { countSettledSince } from '../db/delivery-counts.ts';
import type { Db } from '../db/open.ts';
import { listShutWays, openWayAgain, shutWay } from '../db/shut-ways.ts';
import {
  askPassage,
  type Breaker,
  type BreakerRule,
  domainRule,
  type Finding,
  noteFinding,
  openWay,
  serverRule,
  speaksForDomain,
} from '../domain/breaker.ts';
import {
  type DeliveryKind,
  mostRefusals,
  refusesUs,
  type SendOutcome,
} from '../domain/delivery.ts';
import { withoutAddresses } from '../domain/operating-report.ts';
import {
  allowanceOn,
  type DomainRates,
  dayStart,
  emptyLane,
  type Lane,
  nextDayStart,
  rateFor,
  takeSlot,
  type WarmUp,
} from '../domain/pace.ts';
import type { Log } from '../lib/log.ts';

/** The pace allowed, and where each domain stands in it; to be kept from one round to the next. */
export type Pace = {
  readonly domainRates?: DomainRates | undefined;
  readonly warmUp?: WarmUp | undefined;
  /** A round waits so many milliseconds for a domain's slots; what comes later waits in the ledger. */
  readonly patienceMs: number;
  readonly lanes: Map<string, Lane>;
};

/** A round of a minute goes on until the next begins, so that a slow domain's slots are all used. */
const usualPatienceMs = 60_000;

export const createPace = (allowed: Partial<Omit<Pace, 'lanes'>> = {}): Pace => ({
  patienceMs: usualPatienceMs,
  ...allowed,
  lanes: new Map(),
});

export type Admission =
  | { readonly kind: 'go'; readonly at: Date }
  | { readonly kind: 'later'; readonly at: Date; readonly why: string };

export type Gate = {
  /** Whether the server may be tried: by all, by one mail ahead of the others, or not yet. */
  readonly server: () => 'open' | 'probe' | 'shut';
  readonly admit: (mail: { readonly kind: DeliveryKind; readonly to: string }) => Admission;
  /**
   * Learns from what the transport said of a mail, and tells what that means: what is refused in a row
   * with others for no reader's sake is to be tried again, when the server no longer refuses us.
   */
  readonly note: (to: string, outcome: SendOutcome) => SendOutcome;
};

const serverWay = 'server';

/** A mail held back for the day's allowance is looked at again so soon: the plan may have been raised. */
const heldMs = 60 * 60_000;

type GateDeps = {
  readonly db: Db;
  readonly clock: () => Date;
  readonly log: Log;
  readonly pace: Pace;
  /** Somebody stands there and wants it tried now, whatever was found before. */
  readonly atOnce: boolean;
};

/** Opens the gate for one round. */
export const openGate = (deps: GateDeps): Gate => {
  const { clock, pace } = deps;
  const ways = openWays(deps);
  const allowance = openAllowance(deps);
  let refusedInARow = 0;
  return {
    server: () => {
      const passage = ways.ask(serverWay);
      // One refusal of us is enough where the server was found to refuse us.
      if (passage.kind === 'probe') refusedInARow = mostRefusals - 1;
      return passage.kind === 'pass' ? 'open' : passage.kind === 'probe' ? 'probe' : 'shut';
    },
    admit: ({ kind, to }) => {
      const now = clock();
      // Someone waits for a notice: it counts, and is never held back for the day's allowance.
      if (kind === 'digest' && !allowance.hasRoom(now))
        return {
          kind: 'later',
          at: new Date(Math.min(+nextDayStart(now), +now + heldMs)),
          why: 'the day’s number of WARM_UP is reached',
        };
      const domain = domainOf(to);
      const passage = ways.ask(domain);
      if (passage.kind === 'wait')
        return {
          kind: 'later',
          at: new Date(passage.until),
          why: `${domain} puts mails off, and is left alone for a while`,
        };
      const slot = slotIn(pace, domain, now);
      if (slot.kind === 'go') allowance.use();
      else if (passage.kind === 'probe') ways.note(domain, 'neither', '');
      return slot;
    },
    note: (to, outcome) => {
      const reason = outcome.kind === 'sent' ? '' : outcome.reason;
      if (refusesUs(outcome)) refusedInARow += 1;
      else if (outcome.kind !== 'deferred') refusedInARow = 0;
      const refused = refusesUs(outcome) && refusedInARow >= mostRefusals;
      ways.note(serverWay, refused ? 'ill' : serverFinding(outcome), reason);
      ways.note(domainOf(to), domainFinding(outcome), reason);
      return refused ? { kind: 'deferred', scope: 'host', reason } : outcome;
    },
  };
};

const slotIn = ({ domainRates, patienceMs, lanes }: Pace, domain: string, now: Date): Admission => {
  const rate = domainRates && rateFor(domainRates, domain);
  if (rate === undefined) return { kind: 'go', at: now };
  const slot = takeSlot(lanes.get(domain) ?? emptyLane, rate, now.getTime(), patienceMs);
  lanes.set(domain, slot.lane);
  const at = new Date(slot.at);
  return slot.kind === 'go'
    ? { kind: 'go', at }
    : { kind: 'later', at, why: `DOMAIN_RATES for ${domain}` };
};

const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();

// A server that dies after each final dot would leave every mail in doubt, and none is sent again.
const serverFinding = (outcome: SendOutcome): Finding =>
  outcome.kind === 'unknown' || (outcome.kind === 'deferred' && outcome.scope === 'host')
    ? 'ill'
    : 'well';

const domainFinding = (outcome: SendOutcome): Finding => {
  if (outcome.kind === 'sent') return 'well';
  return outcome.kind === 'deferred' &&
    outcome.scope === 'message' &&
    speaksForDomain(outcome.reason)
    ? 'ill'
    : 'neither';
};

type Allowance = { readonly hasRoom: (now: Date) => boolean; readonly use: () => void };

/** Counts the day's mails against the warm-up plan: those of earlier rounds, then our own. */
const openAllowance = ({ db, clock, pace: { warmUp } }: GateDeps): Allowance => {
  if (!warmUp) return { hasRoom: () => true, use: () => undefined };
  let day = dayStart(clock());
  let used = countSettledSince(db, ['sent', 'unknown'], day);
  return {
    hasRoom: (now) => {
      if (dayStart(now).getTime() !== day.getTime()) [day, used] = [dayStart(now), 0];
      return used < allowanceOn(warmUp, now);
    },
    use: () => {
      used += 1;
    },
  };
};

const ruleOf = (way: string): BreakerRule => (way === serverWay ? serverRule : domainRule);

const openWays = ({ db, clock, log, atOnce }: GateDeps) => {
  const breakers = new Map<string, Breaker>(
    listShutWays(db).map(({ way, times, until }) => {
      const isTried = atOnce && way === serverWay;
      return [way, { state: 'shut', times, until: isTried ? 0 : until.getTime() }];
    }),
  );
  const keep = (way: string, before: Breaker, after: Breaker, reason: string): void => {
    if (after === before) return;
    breakers.set(way, after);
    if (after.state === 'shut' && after.until > clock().getTime()) {
      const until = new Date(after.until);
      shutWay(db, { way, times: after.times, until, reason, since: clock() });
      log.warn(
        { way, until, times: after.times, reason: withoutAddresses(reason) },
        'way shut: mail for it waits',
      );
    } else if (before.state === 'probing' && after.state === 'open') {
      openWayAgain(db, way);
      log.info({ way }, 'way open again');
    }
  };
  return {
    ask: (way: string) => {
      const passage = askPassage(breakers.get(way) ?? openWay, ruleOf(way), clock().getTime());
      if (passage.kind === 'probe') breakers.set(way, passage.breaker);
      return passage;
    },
    note: (way: string, finding: Finding, reason: string): void => {
      const before = breakers.get(way) ?? openWay;
      keep(way, before, noteFinding(before, finding, ruleOf(way), way, clock().getTime()), reason);
    },
  };
};
