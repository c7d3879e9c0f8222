/** Planning: who is due, and which papers each of them gets. Nothing is composed or sent here. */
import { insertDelivery, listWaitingDigests, supersedeDigest } from '../db/deliveries.ts';
import {
  hasDigest,
  insertDigest,
  listDigestMoments,
  listSeen,
  noteFirstDigest,
} from '../db/digests.ts';
import { listAllMuted } from '../db/mutes.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { listAllReactions } from '../db/reactions.ts';
import { type ActiveReader, countActive, listActive, topicIdsOf } from '../db/subscribers.ts';
import { isSuppressed } from '../db/suppressions.ts';
import { type Choice, chooseDigest, type ListEntry } from '../domain/digest.ts';
import { type DueReader, dueDays, fellOnDay, longestDayMs } from '../domain/due.ts';
import type { EditionKind } from '../domain/edition.ts';
import { groupByTopic } from '../domain/grouping.ts';
import { reorder } from '../domain/liking.ts';
import type { Day } from '../domain/paper.ts';
import { parseFrequency } from '../domain/subscription.ts';
import { newKey } from '../lib/token.ts';
import { type Likings, openLikings } from './liking.ts';
import type { Learning } from './models.ts';
import { createMuting } from './muted.ts';
import { resumePaused } from './pause.ts';
import { draftEdition, ensureEdition } from './publish.ts';

export type PlanRequest = {
  /** Readers' clocks and the papers stand at this moment. */
  readonly asOf: Date;
  /** The ledger's clock. */
  readonly now: Date;
  /** An edition this much older than `asOf` (milliseconds) still serves. */
  readonly reuseMs: number;
  readonly dryRun?: boolean;
  /** Whether to wait for the month's model where it is not learned yet; waited for by default. */
  readonly learning?: Learning;
  readonly onProgress?: (done: number, of: number) => void;
};

export type Plan = {
  readonly due: number;
  readonly planned: number;
  readonly skipped: { readonly 'nothing-new': number; readonly suppressed: number };
};

type Due = { readonly reader: ActiveReader; readonly day: Day; readonly desk: Desk };

/** Readers looked at in one step, and planned in one transaction, which takes some milliseconds. */
const pageSize = 500;

/** Plans a digest for every reader who is due and has none for that day. A rerun changes nothing. */
export const planDigests = (db: Db, request: PlanRequest): Plan => {
  if (!request.dryRun) resumePaused(db, request.asOf);
  const tally = { due: 0, planned: 0, skipped: { 'nothing-new': 0, suppressed: 0 } };
  const isDue = dueDays(request.asOf);
  const total = countActive(db);
  const desks: { [kind in EditionKind]?: Desk } = {};
  // Ranked once somebody is due, and then for everybody.
  const deskOf = (kind: EditionKind): Desk => {
    const desk = desks[kind] ?? openDesk(db, request, kind);
    desks[kind] = desk;
    return desk;
  };
  let seen = 0;
  let page = listActive(db, 0, pageSize);
  while (page.length > 0) {
    const due = page.flatMap((reader) => {
      const asked = toDueReader(reader);
      const day = isDue(asked);
      if (day === undefined || hadDigest(db, reader, day, request.asOf)) return [];
      // Who reads once a week reads what the week was.
      return [{ reader, day, desk: deskOf(asked.frequency.kind === 'weekly' ? 'week' : 'day') }];
    });
    if (due.length > 0) planPage(db, due, tally);
    seen += page.length;
    request.onProgress?.(seen, total);
    page = listActive(db, page.at(-1)?.id ?? 0, pageSize);
  }
  return tally;
};

type Tally = {
  due: number;
  planned: number;
  skipped: { 'nothing-new': number; suppressed: number };
};

type Desk = {
  readonly editionId: number;
  readonly lists: ReadonlyMap<number, readonly ListEntry[]>;
  /** The papers a reader wants to see nowhere. */
  readonly barredFor: (reader: number) => ReturnType<ReturnType<typeof createMuting>>;
  /** What a reader's reactions mean for a paper; `undefined` for the many who gave none. */
  readonly likingOf: (reader: number) => ReturnType<Likings> | undefined;
  /** Digests of earlier days that have not gone out yet, by their reader. */
  readonly waiting: ReadonlyMap<number, number>;
  readonly request: PlanRequest;
};

const openDesk = (db: Db, request: PlanRequest, kind: EditionKind): Desk => {
  const { asOf, now, reuseMs, learning } = request;
  const edition = request.dryRun
    ? { id: 0, ...draftEdition(db, asOf, learning, kind) }
    : ensureEdition(db, asOf, now, reuseMs, learning, kind);
  const lists = new Map(edition.lists.map((list) => [list.topicId, list.entries]));
  const muted = listAllMuted(db);
  const muting = createMuting(db);
  const barredFor = (reader: number) => muting(muted.get(reader) ?? []);
  const reactions = listAllReactions(db);
  const likings = reactions.size > 0 ? openLikings(db) : undefined;
  const likingOf = (reader: number) => {
    const given = reactions.get(reader);
    return given && likings?.(given);
  };
  const waiting = listWaitingDigests(db);
  return { editionId: edition.id, lists, barredFor, likingOf, waiting, request };
};

const planPage = (db: Db, due: readonly Due[], tally: Tally): void =>
  inTransaction(db, () => {
    for (const one of due) {
      const { desk } = one;
      tally.due += 1;
      const late = desk.waiting.get(one.reader.id);
      // Two days' mails become one: what the late one would have brought is there to choose again.
      if (late !== undefined && !desk.request.dryRun) supersedeDigest(db, late, desk.request.now);
      const barred = isSuppressed(db, one.reader.email);
      const chosen = barred ? [] : chooseFor(db, desk, one.reader);
      if (chosen.length > 0) tally.planned += 1;
      else tally.skipped[barred ? 'suppressed' : 'nothing-new'] += 1;
      // Also when there is nothing to send: the day is settled, and the next tick need not ask again.
      if (!desk.request.dryRun) record(db, one, desk.editionId, chosen, desk.request.now);
    }
  });

const chooseFor = (db: Db, desk: Desk, reader: ActiveReader): readonly Choice[] => {
  const liking = desk.likingOf(reader.id);
  const topics = topicIdsOf(db, reader.id).map((topic) => {
    const entries = desk.lists.get(topic) ?? [];
    return { topic, entries: liking ? reorder(entries, liking) : entries };
  });
  const barred = desk.barredFor(reader.id);
  return groupByTopic(chooseDigest(topics, listSeen(db, reader.id), reader.papers, barred));
};

const hadDigest = (db: Db, reader: ActiveReader, day: Day, asOf: Date): boolean => {
  if (hasDigest(db, reader.id, day)) return true;
  const [from, to] = [asOf.getTime() - longestDayMs, asOf.getTime() + longestDayMs];
  return fellOnDay(listDigestMoments(db, reader.id, from, to), day, reader.timeZone);
};

const toDueReader = (reader: ActiveReader): DueReader => ({
  frequency: parseFrequency(reader.frequency) ?? { kind: 'daily' },
  hour: reader.hour,
  timeZone: reader.timeZone,
  awaitsFirst: reader.awaitsFirst,
});

const record = (
  db: Db,
  { reader, day }: Due,
  editionId: number,
  chosen: readonly Choice[],
  now: Date,
): void => {
  const digestId = insertDigest(db, {
    key: newKey(),
    subscriberId: reader.id,
    editionId,
    day,
    plannedAt: now,
    papers: chosen.map(({ paper, topic, like }) => ({
      ...{ paper, topicId: topic },
      ...(like !== undefined && { like }),
    })),
  });
  // Another process planned this reader's day between our look and our write.
  if (digestId === undefined) return;
  if (reader.awaitsFirst) noteFirstDigest(db, reader.id);
  if (chosen.length > 0)
    insertDelivery(db, {
      key: `digest-${reader.id}-${day}`,
      kind: 'digest',
      subscriberId: reader.id,
      digestId,
      at: now,
    });
  else if (reader.awaitsFirst)
    insertDelivery(db, {
      key: `welcome-${reader.id}-${day}`,
      kind: 'welcome',
      subscriberId: reader.id,
      at: now,
    });
};
