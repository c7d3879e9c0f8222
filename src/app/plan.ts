/** Planning: who is due, and which papers each of them gets. Nothing is composed or sent here. */
import { type Commits, openCommits } from '../db/commits.ts';
import { insertDelivery, listWaitingDigests, supersedeDigest } from '../db/deliveries.ts';
import { waitingDigestsSince } from '../db/delivery-counts.ts';
import { insertDigest, noteFirstDigest } from '../db/digests.ts';
import { areOfSample } from '../db/editions.ts';
import type { Db } from '../db/open.ts';
import { type ActiveReader, noteDigestDays } from '../db/reader-groups.ts';
import { type Choice, chooseDigest, type ListEntry } from '../domain/digest.ts';
import { type DueReader, dueDays } from '../domain/due.ts';
import type { EditionKind } from '../domain/edition.ts';
import { groupByTopic } from '../domain/grouping.ts';
import { reorder } from '../domain/liking.ts';
import type { Day } from '../domain/paper.ts';
import { atOnce, type Steps } from '../lib/steps.ts';
import { newOrderedKey } from '../lib/token.ts';
import { type Likings, openLikings } from './liking.ts';
import type { Learning } from './models.ts';
import { createMuting, type Muting } from './muted.ts';
import { resumePaused } from './pause.ts';
import {
  byDigest,
  type OldestDays,
  oldestDays,
  openPlanFiles,
  type PlanFiles,
} from './plan-files.ts';
import { frequencyOf, openPlanQueue } from './plan-queue.ts';
import { draftEdition, editionInSteps } from './publish.ts';

export type PlanRequest = {
  /** Readers' clocks and the papers stand at this moment. */
  readonly asOf: Date;
  /** The ledger's clock. */
  readonly now: Date;
  /** An edition this much older than `asOf` (milliseconds) still serves. */
  readonly reuseMs: number;
  readonly dryRun?: boolean;
  /** Plans no digest of the bundled sample: its papers are old, and for a first look alone. */
  readonly holdSample?: boolean;
  /** Whether to wait for the month's model where it is not learned yet; waited for by default. */
  readonly learning?: Learning;
  readonly onProgress?: (done: number, of: number) => void;
};

export type Plan = {
  readonly due: number;
  readonly planned: number;
  readonly skipped: {
    readonly 'nothing-new': number;
    readonly suppressed: number;
    /** Held back, as `holdSample` asks. */
    readonly sample?: number;
  };
};

// The reader inside, not spread: objects copied from rows are put where only a large collection of
// memory finds them, and planning 100,000 readers grew by 60 MB.
type Candidate = { readonly reader: ActiveReader; readonly day: Day; readonly kind: EditionKind };
type Due = { readonly reader: ActiveReader; readonly day: Day; readonly desk: Desk };

/**
 * Readers looked at in one step, and planned in one transaction of some ten milliseconds. So few that
 * what is read of them is gone before the memory of a run can grow by it.
 */
const pageSize = 250;

/** Plans a digest for every reader who is due and has none for that day. A rerun changes nothing. */
export const planDigests = (db: Db, request: PlanRequest): Plan => atOnce(planInSteps(db, request));

/** `planDigests`, in steps: a topic's list, or a page of readers. */
export function* planInSteps(db: Db, request: PlanRequest): Steps<Plan> {
  if (!request.dryRun) resumePaused(db, request.asOf);
  const tally: Tally = { due: 0, planned: 0, skipped: { 'nothing-new': 0, suppressed: 0 } };
  const isDue = dueDays(request.asOf);
  const queue = openPlanQueue(db, request.asOf);
  const total = request.onProgress ? queue.count() : 0;
  // Ranked once somebody is due, and then for everybody.
  const desks = new Map<EditionKind, Desk>();
  // Not synced: a plan lost in a power cut is made again, and before a mail goes out the log is synced
  // up to what is known of it.
  const commits = openCommits(db);
  let [seen, place] = [0, queue.start];
  for (;;) {
    // Read again after a desk was opened: readers may have changed their minds meanwhile.
    const { readers, next } = queue.page(place, pageSize);
    if (readers.length === 0) return tally;
    const candidates = readers.flatMap((reader): readonly Candidate[] => {
      const asked = toDueReader(reader);
      const day = isDue(asked);
      // Who reads once a week reads what the week was.
      const kind = asked.frequency.kind === 'weekly' ? 'week' : 'day';
      return day === undefined ? [] : [{ reader, day, kind }];
    });
    const { open, had } = byDigest(db, candidates, request.asOf);
    const missing = open.find(({ kind }) => !desks.has(kind))?.kind;
    if (missing) {
      desks.set(missing, yield* openDesk(db, request, missing));
    } else {
      if (!request.dryRun) noteHad(db, commits, had);
      if (open.length > 0) planPage(db, commits, seated(open, desks), request, tally);
      seen += readers.length;
      place = next;
      request.onProgress?.(seen, total);
    }
    yield;
  }
}

// Readers whose digests were planned by an earlier version, or for another day in between.
const noteHad = (db: Db, commits: Commits, had: readonly Candidate[]): void => {
  const unnoted = had.filter(({ day, reader }) => day !== reader.digestOn);
  if (unnoted.length === 0) return;
  const days = unnoted.map(({ reader, day }) => ({ id: reader.id, day }));
  commits.commit(() => noteDigestDays(db, days));
};

const seated = (due: readonly Candidate[], desks: ReadonlyMap<EditionKind, Desk>): readonly Due[] =>
  due.flatMap(({ kind, reader, day }) => {
    const desk = desks.get(kind);
    return desk ? [{ reader, day, desk }] : [];
  });

type Tally = {
  due: number;
  planned: number;
  skipped: { 'nothing-new': number; suppressed: number; sample?: number };
};

type Desk = {
  readonly editionId: number;
  readonly lists: ReadonlyMap<number, readonly ListEntry[]>;
  /** Nothing of it goes out, as `holdSample` asks. */
  readonly isHeld: boolean;
  readonly oldest: OldestDays;
  /** Papers that are muted by terms. */
  readonly muting: Muting;
  /** What reactions mean for a paper. */
  readonly likings: Likings;
  /** Since when digests of earlier days wait that have not gone out yet, where there are any. */
  readonly waitingSince: number | undefined;
  readonly request: PlanRequest;
};

function* openDesk(db: Db, request: PlanRequest, kind: EditionKind): Steps<Desk> {
  const { asOf, now, reuseMs, learning } = request;
  const edition = request.dryRun
    ? { id: 0, ...(yield* draftEdition(db, asOf, learning, kind)) }
    : yield* editionInSteps(db, asOf, now, reuseMs, learning, kind);
  const lists = new Map(edition.lists.map((list) => [list.topicId, list.entries]));
  return {
    editionId: edition.id,
    lists,
    isHeld: request.holdSample === true && areOfSample(db, edition.lists),
    oldest: oldestDays(db, lists),
    muting: createMuting(db),
    likings: openLikings(db),
    waitingSince: waitingDigestsSince(db),
    request,
  };
}

const planPage = (
  db: Db,
  commits: Commits,
  looked: readonly Due[],
  { asOf }: PlanRequest,
  tally: Tally,
): void =>
  commits.commit(() => {
    // Another process may have planned these readers' day since we looked: the mail it just planned is
    // none that came late.
    const due = byDigest(db, looked, asOf).open;
    if (due.length === 0) return;
    supersedeLate(db, due);
    const files = openPlanFiles(
      db,
      due.map(({ reader: { id, email }, desk }) => ({ id, email, oldest: desk.oldest })),
    );
    for (const one of due) {
      const { reader, desk } = one;
      // A topic that came into use since the lists were made: the next tick has a list of it.
      if (!files.topicsOf(reader.id).every((topic) => desk.lists.has(topic))) continue;
      tally.due += 1;
      if (desk.isHeld) {
        // The day is not settled: a source may still bring papers today.
        tally.skipped.sample = (tally.skipped.sample ?? 0) + 1;
        continue;
      }
      const barred = files.isSuppressed(reader.email);
      const chosen = barred ? [] : chooseFor(desk, files, reader);
      if (chosen.length > 0) tally.planned += 1;
      else tally.skipped[barred ? 'suppressed' : 'nothing-new'] += 1;
      // Also when there is nothing to send: the day is settled, and the next tick need not ask again.
      if (!desk.request.dryRun) record(db, one, chosen);
    }
  });

// Two days' mails become one: what the late one would have brought is there to choose again.
const supersedeLate = (db: Db, due: readonly Due[]): void => {
  const ids = due.filter(({ desk }) => !desk.request.dryRun).map(({ reader }) => reader.id);
  const since = Math.min(...due.flatMap(({ desk }) => desk.waitingSince ?? []));
  if (ids.length === 0 || since === Infinity) return;
  const late = listWaitingDigests(db, ids, since);
  for (const { reader, desk } of due) {
    const digest = late.get(reader.id);
    if (digest !== undefined) supersedeDigest(db, digest, desk.request.now);
  }
};

const chooseFor = (desk: Desk, files: PlanFiles, reader: ActiveReader): readonly Choice[] => {
  const given = files.reactionsOf(reader.id);
  const liking = given.length > 0 ? desk.likings(given) : undefined;
  const topics = files.topicsOf(reader.id).map((topic) => {
    const entries = desk.lists.get(topic) ?? [];
    return { topic, entries: liking ? reorder(entries, liking) : entries };
  });
  const barred = desk.muting(files.mutedBy(reader.id));
  return groupByTopic(chooseDigest(topics, files.seenBy(reader.id), reader.papers, barred));
};

const toDueReader = (reader: ActiveReader): DueReader => ({
  frequency: frequencyOf(reader),
  hour: reader.hour,
  timeZone: reader.timeZone,
  awaitsFirst: reader.awaitsFirst,
});

const record = (db: Db, { reader, day, desk }: Due, chosen: readonly Choice[]): void => {
  const { editionId, request } = desk;
  const { now } = request;
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
  // By another name of the day, perhaps.
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
