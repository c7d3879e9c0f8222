/** Everything the ledger holds about one paper, from which any past moment can be recomputed. */
import { type Attention, type Look, readAttention } from './attention.ts';
import type { SignalKind } from './signal.ts';

export type Stream = { readonly kind: SignalKind; readonly looks: readonly Look[] };

/** All instants in milliseconds since 1970. */
export type History = {
  readonly id: string;
  /** Since when the paper counts as known, where some source gave a date. */
  readonly datedAt: number | undefined;
  /** The start of the day curators featured it. */
  readonly featuredAt: number | undefined;
  /** When a source said on which day it had listed the paper, and the start of that day. */
  readonly sightings: readonly { readonly at: number; readonly listedAt: number }[];
  readonly streams: readonly Stream[];
};

/**
 * When attention could begin, by what was known at `asOf`: the day a source of attention listed the
 * paper, else the day it was featured (a feature of a later day is not known yet), else its own
 * listing, else the first look anyone took.
 */
export const startOf = (history: History, asOf: number): number | undefined => {
  const listed = history.sightings.flatMap(({ at, listedAt }) => (at <= asOf ? listedAt : []));
  if (listed.length > 0) return Math.min(...listed);
  if (history.featuredAt !== undefined && history.featuredAt <= asOf) return history.featuredAt;
  if (history.datedAt !== undefined) return history.datedAt;
  const looks = history.streams.flatMap((stream) => stream.looks.map((look) => look.at));
  const known = looks.filter((at) => at <= asOf);
  return known.length > 0 ? Math.min(...known) : undefined;
};

export const attentionAt = (history: History, asOf: number): Attention =>
  readAttention(history.streams, asOf);
