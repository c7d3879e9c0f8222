/** Planning: who is due, and which papers each of them gets. Nothing is composed or sent here. */
import { insertDelivery } from '../db/deliveries.ts';
import { hasDigest, insertDigest, listSeen, noteFirstDigest } from '../db/digests.ts';
import { listAllMuted } from '../db/mutes.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { listActive, topicIdsOf } from '../db/subscribers.ts';
import { isSuppressed } from '../db/suppressions.ts';
import { type Choice, chooseDigest } from '../domain/digest.ts';
import { type DueReader, dueDay } from '../domain/due.ts';
import type { Day } from '../domain/paper.ts';
import { parseFrequency } from '../domain/subscription.ts';
import { newKey } from '../lib/token.ts';
import { createMuting } from './muted.ts';
import { draftEdition, ensureEdition } from './publish.ts';

export type PlanRequest = {
  /** Readers' clocks and the papers stand at this moment. */
  readonly asOf: Date;
  /** The ledger's clock. */
  readonly now: Date;
  /** An edition this much older than `asOf` (milliseconds) still serves. */
  readonly reuseMs: number;
  readonly dryRun?: boolean;
  readonly onProgress?: (done: number, of: number) => void;
};

export type Plan = {
  readonly due: number;
  readonly planned: number;
  readonly skipped: { readonly 'nothing-new': number; readonly suppressed: number };
};

type Reader = ReturnType<typeof listActive>[number];
type Due = { readonly reader: Reader; readonly day: Day };

/** Readers a transaction: the write lock is held for some milliseconds at a time. */
const batchSize = 200;

/** Plans a digest for every reader who is due and has none for that day. A rerun changes nothing. */
export const planDigests = (db: Db, request: PlanRequest): Plan => {
  const due = listDue(db, request.asOf);
  const skipped = { 'nothing-new': 0, suppressed: 0 };
  if (due.length === 0) return { due: 0, planned: 0, skipped };
  const edition = request.dryRun
    ? { id: 0, ...draftEdition(db, request.asOf) }
    : ensureEdition(db, request.asOf, request.now, request.reuseMs);
  const lists = new Map(edition.lists.map((list) => [list.topicId, list.entries]));
  const muted = listAllMuted(db);
  const muting = createMuting(db);
  let planned = 0;
  for (let start = 0; start < due.length; start += batchSize) {
    const batch = due.slice(start, start + batchSize);
    inTransaction(db, () => {
      for (const { reader, day } of batch) {
        if (isSuppressed(db, reader.email)) {
          skipped.suppressed += 1;
          continue;
        }
        const topics = topicIdsOf(db, reader.id).map((topic) => ({
          topic,
          entries: lists.get(topic) ?? [],
        }));
        const unwanted = muting(muted.get(reader.id) ?? []);
        const chosen = chooseDigest(topics, listSeen(db, reader.id), reader.papers, unwanted);
        if (chosen.length > 0) planned += 1;
        else skipped['nothing-new'] += 1;
        if (!request.dryRun) record(db, { reader, day }, edition.id, chosen, request.now);
      }
    });
    request.onProgress?.(Math.min(start + batchSize, due.length), due.length);
  }
  return { due: due.length, planned, skipped };
};

const listDue = (db: Db, asOf: Date): readonly Due[] =>
  listActive(db).flatMap((reader) => {
    const day = dueDay(toDueReader(reader), asOf);
    return day === undefined || hasDigest(db, reader.id, day) ? [] : [{ reader, day }];
  });

const toDueReader = (reader: Reader): DueReader => ({
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
    papers: chosen.map(({ paper, topic }) => ({ paper, topicId: topic })),
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
