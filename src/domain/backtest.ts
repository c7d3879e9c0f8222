/**
 * The backtest's protocol: how well did a ranking, made with what was known then, foresee the
 * attention of the days after?
 *
 * Every day at 09:00 and at 18:00 UTC. Candidates: papers whose attention began in the seven days
 * before, with at least one look at their upvotes and a later one. Truth: the last look 2 to 14 days
 * later minus the last one known, never below 0. Moments with fewer than 15 candidates, or where
 * nobody gained anything, are left out.
 */
import { isBelievable, type Look } from './attention.ts';
import type { Growing } from './growth.ts';
import type { GrowthSample } from './growth-fit.ts';
import { attentionAt, type History, startOf } from './history.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const backtestHours = [9, 18] as const;
const candidateSpanMs = 7 * dayMs;
const truthFromMs = 2 * dayMs;
const truthUntilMs = 14 * dayMs;
const fewestCandidates = 15;
const depth = 10;

export type Candidate = {
  readonly id: string;
  readonly now: number;
  readonly growing: Growing;
  /** Upvotes gained after: the truth. */
  readonly gained: number;
};

/** The moments of a span of days, both ends included; milliseconds since 1970. */
export const listMoments = (from: Date, to: Date): readonly number[] => {
  const moments: number[] = [];
  const first = Math.floor(from.getTime() / dayMs) * dayMs;
  for (let day = first; day <= to.getTime(); day += dayMs)
    for (const hour of backtestHours) moments.push(day + hour * hourMs);
  return moments;
};

/** A history with its upvote looks in order, so that moments need not sort them again. */
export type Prepared = { readonly history: History; readonly looks: readonly Look[] };

export const prepare = (histories: readonly History[]): readonly Prepared[] =>
  histories
    .map((history) => ({
      history,
      looks: history.streams
        .filter((stream) => stream.kind === 'upvotes')
        .flatMap((stream) => stream.looks.filter((look) => isBelievable('upvotes', look.value)))
        .sort((a, b) => a.at - b.at),
    }))
    .filter(({ looks }) => looks.length > 1);

/** The candidates of a moment, each with the truth. `spanMs` is how young they must be. */
export const listCandidates = (
  prepared: readonly Prepared[],
  now: number,
  outlookOf: (id: string) => number,
  spanMs = candidateSpanMs,
): readonly Candidate[] =>
  prepared.flatMap(({ history, looks }) => {
    const first = looks[0]?.at ?? Number.POSITIVE_INFINITY;
    if (first > now || (looks.at(-1)?.at ?? 0) < now + truthFromMs) return [];
    const known = looks.findLast((look) => look.at <= now);
    const later = looks.findLast(
      (look) => look.at >= now + truthFromMs && look.at <= now + truthUntilMs,
    );
    const startedAt = startOf(history, now);
    if (!known || !later || startedAt === undefined) return [];
    if (startedAt > now || startedAt < now - spanMs) return [];
    const growing = {
      startedAt,
      attention: attentionAt(history, now),
      outlook: outlookOf(history.id),
    };
    return [{ id: history.id, now, growing, gained: Math.max(0, later.value - known.value) }];
  });

export const isScorable = (candidates: readonly Candidate[]): boolean =>
  candidates.length >= fewestCandidates && candidates.some((candidate) => candidate.gained > 0);

export type MomentScore = { readonly ndcg10: number; readonly overlap10: number };

/** Scores one ranking of a moment's candidates against the truth. Equal scores: by id. */
export const scoreMoment = (
  candidates: readonly Candidate[],
  score: (candidate: Candidate) => number,
): MomentScore => {
  const ranked = bestFirst(candidates, score);
  const ideal = bestFirst(candidates, (candidate) => candidate.gained);
  const best = new Set(ideal.map((candidate) => candidate.id));
  return {
    ndcg10: gainOf(ranked) / gainOf(ideal),
    overlap10: ranked.filter((candidate) => best.has(candidate.id)).length / depth,
  };
};

/** The ids of a ranking's top ten. */
export const topOf = (
  candidates: readonly Candidate[],
  score: (candidate: Candidate) => number,
): readonly string[] => bestFirst(candidates, score).map(({ id }) => id);

const bestFirst = (
  candidates: readonly Candidate[],
  score: (candidate: Candidate) => number,
): readonly Candidate[] =>
  candidates
    .map((candidate) => ({ candidate, points: score(candidate) }))
    .sort((a, b) => b.points - a.points || (a.candidate.id < b.candidate.id ? -1 : 1))
    .slice(0, depth)
    .map(({ candidate }) => candidate);

// Discounted cumulative gain (Järvelin & Kekäläinen, ACM TOIS 20, 2002), the gain as it is.
const gainOf = (ranked: readonly Candidate[]): number =>
  ranked.reduce((sum, candidate, i) => sum + candidate.gained / Math.log2(i + 2), 0);

/** What growth is learned from: the same pairs, of papers up to 15 days old, equal ones joined. */
export const listSamples = (
  prepared: readonly Prepared[],
  moments: readonly number[],
  outlookOf: (id: string) => number,
): readonly GrowthSample[] => {
  const joined = new Map<string, GrowthSample>();
  for (const now of moments)
    for (const candidate of listCandidates(prepared, now, outlookOf, 15 * dayMs)) {
      const { growing, gained, id } = candidate;
      const key = `${id} ${growing.attention.upvotes?.at} ${growing.startedAt} ${gained}`;
      const known = joined.get(key);
      joined.set(key, { growing, now, gained, weight: (known?.weight ?? 0) + 1 });
    }
  return [...joined.values()];
};
