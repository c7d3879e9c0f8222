/** The story of one mail, told from what the ledger kept of it. */
import type { DeliveryState } from './delivery.ts';

export type StoryEvent = {
  readonly at: Date;
  readonly what:
    | 'planned'
    | 'claimed'
    | 'data-sent'
    | 'deferred'
    | 'sent'
    | 'failed'
    | 'unknown'
    | 'bounced'
    | 'waiting';
  /** Which attempt it was, from 1, where it was one. */
  readonly attempt?: number;
  /** The server's words, or ours. */
  readonly detail?: string;
  /** Until when the mail waits, or its lease holds. */
  readonly until?: Date;
};

export type StoryFacts = {
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly plannedAt: Date;
  readonly nextAttemptAt: Date;
  readonly leaseOwner: string | undefined;
  readonly leaseUntil: Date | undefined;
  readonly settledAt: Date | undefined;
  readonly reason: string | undefined;
  readonly deferrals: readonly {
    readonly attempt: number;
    readonly at: Date;
    readonly reason: string;
    readonly retryAt: Date;
  }[];
  /** What came back from the reader since the mail was planned. */
  readonly bounces: readonly {
    readonly at: Date;
    readonly verdict: string;
    readonly status: string;
    readonly reason: string;
  }[];
};

/** What happened to a mail, in order of time; a bounce counts once the mail has gone out. */
export const tellStory = (facts: StoryFacts, leaseMs: number): readonly StoryEvent[] => [
  { at: facts.plannedAt, what: 'planned' },
  ...facts.deferrals.map(({ attempt, at, reason, retryAt }) => ({
    ...{ at, what: 'deferred' as const, attempt, detail: reason, until: retryAt },
  })),
  ...presentOf(facts, leaseMs),
  ...bouncesOf(facts),
];

const presentOf = (facts: StoryFacts, leaseMs: number): readonly StoryEvent[] => {
  const { state, attempts, settledAt, reason, leaseUntil, leaseOwner, nextAttemptAt } = facts;
  switch (state) {
    case 'planned':
      // Put off without an attempt: the pace allowed had no room before.
      return nextAttemptAt > facts.plannedAt
        ? [
            {
              ...{ at: facts.plannedAt, what: 'waiting' as const, until: nextAttemptAt },
              ...(reason && { detail: reason }),
            },
          ]
        : [];
    case 'claimed':
    case 'data-sent': {
      if (!leaseUntil) return [];
      const at = new Date(leaseUntil.getTime() - leaseMs);
      const detail = `by ${leaseOwner ?? 'nobody'}`;
      return [{ at, what: state, attempt: attempts, detail, until: leaseUntil }];
    }
    case 'deferred': {
      const known = facts.deferrals.some(({ attempt }) => attempt === attempts);
      if (known || !settledAt) return [];
      const detail = reason ?? '';
      return [{ at: settledAt, what: state, attempt: attempts, detail, until: nextAttemptAt }];
    }
    case 'sent':
    case 'failed':
    case 'unknown':
      return settledAt
        ? [{ at: settledAt, what: state, attempt: attempts, detail: reason ?? '' }]
        : [];
    default:
      return state satisfies never;
  }
};

const bouncesOf = ({ state, settledAt, bounces }: StoryFacts): readonly StoryEvent[] =>
  settledAt && (state === 'sent' || state === 'unknown')
    ? bounces
        .filter(({ at }) => at >= settledAt)
        .map(({ at, verdict, status, reason }) => ({
          at,
          what: 'bounced',
          detail: [verdict, status, reason].filter((part) => part !== '').join(' '),
        }))
    : [];
