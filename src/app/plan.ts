/** Planning: who is due, and which papers each of them gets. Nothing is composed or sent here. */
import { type Commits, openCommits } from '../db/commits.ts';
import { insertDelivery, listWaitingDigests, supersedeDigest } from '../db/deliveries.ts';
import { insertDigest, noteFirstDigest } from '../db/digests.ts';
import { listAllMuted } from '../db/mutes.ts';
import type { Db } from '../db/open.ts';
import { listAllReactions } from '../db/reactions.ts';
import { type ActiveReader, countActive, listActive } from '../db/subscribers.ts';
import { type Choice, chooseDigest, type ListEntry } from '../domain/digest.ts';
import { type DueReader, dueDays } from '../domain/due.ts';
import type { EditionKind } from '../domain/edition.ts';
import { groupByTopic } from '../domain/grouping.ts';
import { reorder } from '../domain/liking.ts';
import type { Day } from '../domain/paper.ts';
import { parseFrequency } from '../domain/subscription.ts';
import { atOnce, type Steps } from '../lib/steps.ts';
import { newOrderedKey } from '../lib/token.ts';
import { type Likings, openLikings } from './liking.ts';
import type { Learning } from './models.ts';
import { createMuting } from './muted.ts';
import { resumePaused } from './pause.ts';
import {
  type OldestDays,
  oldestDays,
  openPlanFiles,
  type PlanFiles,
  withoutDigest,
} from './plan-files.ts';
import { draftEdition, editionInSteps } from './publish.ts';

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

type Candidate = ActiveReader & { readonly day: Day; readonly kind: EditionKind };
type Due = ActiveReader & { readonly day: Day; readonly desk: Desk };

/** Readers looked at in one step, and planned in one transaction of some tens of milliseconds. */
const pageSize = 1_000;

/** Plans a digest for every reader who is due and has none for that day. A rerun changes nothing. */
export const planDigests = (db: Db, request: PlanRequest): Plan => atOnce(planInSteps(db, request));

/** `planDigests`, in steps: a topic's list, or a page of readers. */
export function* planInSteps(db: Db, request: PlanRequest): Steps<Plan> {
  if (!request.dryRun) resumePaused(db, request.asOf);
  const tally = { due: 0, planned: 0, skipped: { 'nothing-new': 0, suppressed: 0 } };
  const isDue = dueDays(request.asOf);
  const total = countActive(db);
  // Ranked once somebody is due, and then for everybody.
  const desks = new Map<EditionKind, Desk>();
  // Not synced: a plan lost in a power cut is made again, and before a mail goes out the log is synced
  // up to what is known of it.
  const commits = openCommits(db);
  let [seen, last] = [0, 0];
  let page = listActive(db, last, pageSize);
  while (page.length > 0) {
    const candidates = page.flatMap((reader): readonly Candidate[] => {
      const asked = toDueReader(reader);
      const day = isDue(asked);
      // Who reads once a week reads what the week was.
      const kind = asked.frequency.kind === 'weekly' ? 'week' : 'day';
      return day === undefined ? [] : [{ ...reader, day, kind }];
    });
    const due = withoutDigest(db, candidates, request.asOf);
    const missing = due.find(({ kind }) => !desks.has(kind))?.kind;
    if (missing) {
      desks.set(missing, yield* openDesk(db, request, missing));
    } else {
      if (due.length > 0) planPage(db, commits, seated(due, desks), tally);
      seen += page.length;
      last = page.at(-1)?.id ?? last;
      request.onProgress?.(seen, total);
    }
    yield;
    // Also after a desk was opened: readers may have changed their minds meanwhile.
    page = listActive(db, last, pageSize);
  }
  return tally;
}

const seated = (due: readonly Candidate[], desks: ReadonlyMap<EditionKind, Desk>): readonly Due[] =>
  due.flatMap(({ kind, ...reader }) => {
    const desk = desks.get(kind);
    return desk ? [{ ...reader, desk }] : [];
  });

type Tally = {
  due: number;
  planned: number;
  skipped: { 'nothing-new': number; suppressed: number };
};

type Desk = {
  readonly editionId: number;
  readonly lists: ReadonlyMap<number, readonly ListEntry[]>;
  readonly oldest: OldestDays;
  /** The papers a reader wants to see nowhere. */
  readonly barredFor: (reader: number) => ReturnType<ReturnType<typeof createMuting>>;
  /** What a reader's reactions mean for a paper; `undefined` for the many who gave none. */
  readonly likingOf: (reader: number) => ReturnType<Likings> | undefined;
  /** Digests of earlier days that have not gone out yet, by their reader. */
  readonly waiting: ReadonlyMap<number, number>;
  readonly request: PlanRequest;
};

function* openDesk(db: Db, request: PlanRequest, kind: EditionKind): Steps<Desk> {
  const { asOf, now, reuseMs, learning } = request;
  const edition = request.dryRun
    ? { id: 0, ...(yield* draftEdition(db, asOf, learning, kind)) }
    : yield* editionInSteps(db, asOf, now, reuseMs, learning, kind);
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
  const oldest = oldestDays(db, lists);
  return { editionId: edition.id, lists, oldest, barredFor, likingOf, waiting, request };
}

const planPage = (db: Db, commits: Commits, due: readonly Due[], tally: Tally): void =>
  commits.commit(() => {
    for (const { id, desk } of due) {
      const late = desk.waiting.get(id);
      // Two days' mails become one: what the late one would have brought is there to choose again.
      if (late !== undefined && !desk.request.dryRun) supersedeDigest(db, late, desk.request.now);
    }
    const files = openPlanFiles(
      db,
      due.map(({ id, email, desk }) => ({ id, email, oldest: desk.oldest })),
    );
    for (const reader of due) {
      const { desk } = reader;
      // A topic that came into use since the lists were made: the next tick has a list of it.
      if (!files.topicsOf(reader.id).every((topic) => desk.lists.has(topic))) continue;
      tally.due += 1;
      const barred = files.isSuppressed(reader.email);
      const chosen = barred ? [] : chooseFor(desk, files, reader);
      if (chosen.length > 0) tally.planned += 1;
      else tally.skipped[barred ? 'suppressed' : 'nothing-new'] += 1;
      // Also when there is nothing to send: the day is settled, and the next tick need not ask again.
      if (!desk.request.dryRun) record(db, reader, desk.editionId, chosen, desk.request.now);
    }
  });

const chooseFor = (desk: Desk, files: PlanFiles, reader: ActiveReader): readonly Choice[] => {
  const liking = desk.likingOf(reader.id);
  const topics = files.topicsOf(reader.id).map((topic) => {
    const entries = desk.lists.get(topic) ?? [];
    return { topic, entries: liking ? reorder(entries, liking) : entries };
  });
  const barred = desk.barredFor(reader.id);
  return groupByTopic(chooseDigest(topics, files.seenBy(reader.id), reader.papers, barred));
};

const toDueReader = (reader: ActiveReader): DueReader => ({
  frequency: parseFrequency(reader.frequency) ?? { kind: 'daily' },
  hour: reader.hour,
  timeZone: reader.timeZone,
  awaitsFirst: reader.awaitsFirst,
});

const record = (
  db: Db,
  { day, ...reader }: Due,
  editionId: number,
  chosen: readonly Choice[],
  now: Date,
): void => {
  const digestId = insertDigest(db, {
    key: newOrderedKey(now.getTime()),
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
