/** One dated observation of attention. The ledger of signals is append-only. */
import type { Day } from './paper.ts';

export const signalKinds = ['upvotes', 'comments', 'github-stars', 'points', 'citations'] as const;
export type SignalKind = (typeof signalKinds)[number];

export type Signal = {
  /** The paper's id; the paper itself may not be known yet. */
  readonly paperId: string;
  readonly source: string;
  readonly kind: SignalKind;
  readonly observedAt: Date;
  /** A total at that moment, zero or more. */
  readonly value: number;
  /** The day the source listed the paper, which is when its attention began there. */
  readonly listedOn?: Day;
};

export const isSignalKind = (kind: string): kind is SignalKind =>
  (signalKinds as readonly string[]).includes(kind);
