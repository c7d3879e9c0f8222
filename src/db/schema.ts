/**
 * The tables. Instants are integers, milliseconds since 1970 UTC; days are `YYYY-MM-DD` text.
 * Tables are made STRICT, and the full-text index is added, by hand in the migrations, since
 * drizzle-kit knows neither.
 */
import { sql } from 'drizzle-orm';
import {
  blob,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { BatchVerdict } from '../domain/batch.ts';
import type { BounceVerdict } from '../domain/bounce-message.ts';
import type { DeliveryKind, DeliveryState } from '../domain/delivery.ts';
import type { EditionKind } from '../domain/edition.ts';
import type { Language } from '../domain/language.ts';
import type { ReactionKind } from '../domain/liking.ts';
import type { SignalKind } from '../domain/signal.ts';
import type { Status } from '../domain/subscription.ts';
import type { TopicKind } from '../domain/topic.ts';
import type { Part } from '../domain/trend.ts';

export const papers = sqliteTable(
  'papers',
  {
    id: integer().primaryKey(),
    /** The id people use: an arXiv id, or `title:` and a slug. */
    key: text().notNull().unique(),
    /** By which a paper known by title is found again once its arXiv id is told. */
    titleSlug: text('title_slug').notNull(),
    title: text().notNull(),
    abstract: text().notNull(),
    publishedAt: integer('published_at'),
    listedOn: text('listed_on'),
    featuredOn: text('featured_on'),
    comment: text(),
    codeUrl: text('code_url'),
    summary: text(),
    summaryBy: text('summary_by'),
    /** A JSON list of texts; null when no source gave any. */
    keywords: text(),
    organization: text(),
    /** The newest arXiv version told of. */
    version: integer(),
    /** `arxiv` once arXiv itself gave title, authors and abstract; null before. */
    textBy: text('text_by'),
    /** When we learnt that the paper was withdrawn or deleted. */
    withdrawnAt: integer('withdrawn_at'),
    /** From when the paper counts as known: its listing, else its feature, else its submission. */
    visibleFrom: integer('visible_from').notNull(),
    /** 0 when no source gave any date and `visible_from` is only when we first saw it. */
    dated: integer({ mode: 'boolean' }).notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
    /** Who first told of it. */
    origin: text().notNull(),
    /** A hidden paper is in no list, feed or search: a sample made needless by a live source. */
    hidden: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    index('papers_by_title').on(table.titleSlug),
    // Looked up after every commit; without it each look reads the whole table.
    index('papers_hidden').on(table.id).where(sql`hidden = 1`),
    // Covers what ranking asks of every paper, so that no abstract is read on the way.
    index('papers_by_visible_from').on(
      table.visibleFrom,
      table.hidden,
      table.dated,
      table.featuredOn,
      table.key,
    ),
  ],
);

export const paperAuthors = sqliteTable(
  'paper_authors',
  {
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    name: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.paperId, table.position] })],
);

export const paperCategories = sqliteTable(
  'paper_categories',
  {
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    category: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.paperId, table.position] }),
    index('paper_categories_by_category').on(table.category, table.paperId),
  ],
);

/** Append-only. `paper_key` is no foreign key: signals of a paper not known yet are kept. */
export const signals = sqliteTable(
  'signals',
  {
    id: integer().primaryKey(),
    paperKey: text('paper_key').notNull(),
    source: text().notNull(),
    kind: text().$type<SignalKind>().notNull(),
    observedAt: integer('observed_at').notNull(),
    value: real().notNull(),
    listedOn: text('listed_on'),
  },
  (table) => [
    uniqueIndex('signals_once').on(table.paperKey, table.source, table.kind, table.observedAt),
    index('signals_by_time').on(table.observedAt),
  ],
);

export const topics = sqliteTable('topics', {
  id: integer().primaryKey(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  description: text().notNull(),
  group: text().notNull(),
  kind: text().$type<TopicKind>().notNull(),
  query: text().notNull(),
});

export const subscribers = sqliteTable(
  'subscribers',
  {
    id: integer().primaryKey(),
    /** 16 random bytes; all tokens of a reader are made from it, so a new key ends the old ones. */
    key: blob({ mode: 'buffer' }).notNull().unique(),
    email: text().notNull(),
    emailKey: text('email_key').notNull().unique(),
    status: text().$type<Status>().notNull(),
    frequency: text().notNull(),
    hour: integer().notNull(),
    timeZone: text('time_zone').notNull(),
    papers: integer().notNull(),
    language: text().$type<Language>().notNull().default('en'),
    /** Confirmed on the form and still without a first digest. */
    awaitsFirst: integer('awaits_first', { mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
    confirmedAt: integer('confirmed_at'),
    unsubscribedAt: integer('unsubscribed_at'),
    /** The reader's calendar day on which a pause ends by itself; null when it lasts until resumed. */
    pausedUntil: text('paused_until'),
  },
  (table) => [index('subscribers_by_status').on(table.status, table.timeZone)],
);

export const subscriptions = sqliteTable(
  'subscriptions',
  {
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    topicId: integer('topic_id')
      .notNull()
      .references(() => topics.id),
  },
  (table) => [
    primaryKey({ columns: [table.subscriberId, table.topicId] }),
    index('subscriptions_by_topic').on(table.topicId),
  ],
);

/** Immutable once published. */
export const editions = sqliteTable('editions', {
  id: integer().primaryKey(),
  /** `day`: what is trending; `week`: what the last seven days were. */
  kind: text().$type<EditionKind>().notNull().default('day'),
  asOf: integer('as_of').notNull(),
  /** The moment ranked for: `as_of`, or the newest fact of a corpus gone stale. */
  rankedAt: integer('ranked_at').notNull(),
  publishedAt: integer('published_at').notNull(),
  /** Papers first visible in the day before `as_of`: how many were read for the reader. */
  papersRead: integer('papers_read').notNull(),
});

/** A topic's list in an edition; a list may be empty, which its absence would not tell. */
export const editionTopics = sqliteTable(
  'edition_topics',
  {
    editionId: integer('edition_id')
      .notNull()
      .references(() => editions.id, { onDelete: 'cascade' }),
    topicId: integer('topic_id')
      .notNull()
      .references(() => topics.id),
  },
  (table) => [primaryKey({ columns: [table.editionId, table.topicId] })],
);

export const editionEntries = sqliteTable(
  'edition_entries',
  {
    editionId: integer('edition_id')
      .notNull()
      .references(() => editions.id, { onDelete: 'cascade' }),
    topicId: integer('topic_id')
      .notNull()
      .references(() => topics.id),
    rank: integer().notNull(),
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id),
    score: real().notNull(),
    parts: text({ mode: 'json' }).$type<readonly Part[]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.editionId, table.topicId, table.rank] }),
    index('edition_entries_by_paper').on(table.paperId),
  ],
);

/** One a reader and day at most; a day on which there was nothing to say has a digest of no papers. */
export const digests = sqliteTable(
  'digests',
  {
    id: integer().primaryKey(),
    /** 16 random bytes, from which the address of the mail's web version is made. */
    key: blob({ mode: 'buffer' }).notNull().unique(),
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    editionId: integer('edition_id')
      .notNull()
      .references(() => editions.id),
    day: text().notNull(),
    plannedAt: integer('planned_at').notNull(),
    /**
     * JSON lists, one place a paper in the order of the mail: its number, that of the topic that
     * brought it, and that of the liked paper that moved it up, or null; no list where nothing did.
     * In the row itself, since what a reader has seen is read for everybody, every day.
     */
    papers: text().notNull().default('[]'),
    topics: text().notNull().default('[]'),
    likes: text(),
  },
  (table) => [uniqueIndex('digests_once_a_day').on(table.subscriberId, table.day)],
);

/** The outbox. `key` makes a mail unique: a second plan for the same key changes nothing. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: integer().primaryKey(),
    key: text().notNull().unique(),
    kind: text().$type<DeliveryKind>().notNull(),
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    digestId: integer('digest_id')
      .unique()
      .references(() => digests.id, { onDelete: 'cascade' }),
    state: text().$type<DeliveryState>().notNull(),
    attempts: integer().notNull().default(0),
    plannedAt: integer('planned_at').notNull(),
    nextAttemptAt: integer('next_attempt_at').notNull(),
    leaseOwner: text('lease_owner'),
    leaseUntil: integer('lease_until'),
    settledAt: integer('settled_at'),
    reason: text(),
    /** What a notice is about, as JSON, where the reader's row does not tell. */
    note: text(),
  },
  (table) => [
    index('deliveries_waiting')
      .on(table.nextAttemptAt)
      .where(sql`${table.state} in ('planned', 'deferred')`),
    index('deliveries_leased')
      .on(table.leaseUntil)
      .where(sql`${table.state} in ('claimed', 'data-sent')`),
    index('deliveries_by_subscriber').on(table.subscriberId, table.plannedAt),
    // Whose papers were not seen: few, and asked about every digest a reader ever had.
    index('deliveries_unseen')
      .on(table.digestId)
      .where(sql`${table.state} in ('failed', 'unknown')`),
  ],
);

/** Addresses never mailed again. The hash stays when a reader asks to be erased; the address goes. */
export const suppressions = sqliteTable('suppressions', {
  emailHash: text('email_hash').primaryKey(),
  email: text(),
  reason: text().notNull(),
  detail: text().notNull(),
  since: integer().notNull(),
});

/** What came back from a reader's mail server, a day and verdict once. */
export const bounces = sqliteTable(
  'bounces',
  {
    id: integer().primaryKey(),
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    day: text().notNull(),
    verdict: text().$type<BounceVerdict>().notNull(),
    /** Enhanced status code, or empty. */
    status: text().notNull(),
    reason: text().notNull(),
    at: integer().notNull(),
  },
  (table) => [uniqueIndex('bounces_once_a_day').on(table.subscriberId, table.verdict, table.day)],
);

/** What each source last did; a source that fails keeps its last success. */
export const sourceStates = sqliteTable('source_states', {
  source: text().primaryKey(),
  attemptedAt: integer('attempted_at').notNull(),
  succeededAt: integer('succeeded_at'),
  error: text(),
  /** Failures in a row. */
  failures: integer().notNull().default(0),
  /** The earliest time the service asks again of itself. */
  nextAt: integer('next_at'),
  /** Until when the source itself asked to be left alone (`Retry-After`, a rate limit's reset). */
  askedToWaitUntil: integer('asked_to_wait_until'),
  /** The process reading the source now. */
  owner: text(),
  leasedUntil: integer('leased_until'),
});

/** What a source keeps from one run to the next: where a backfill stands, a resumption token. */
export const sourceNotes = sqliteTable(
  'source_notes',
  {
    source: text().notNull(),
    key: text().notNull(),
    value: text().notNull(),
    notedAt: integer('noted_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.key] })],
);

/** Append-only: a source's day is judged again and again, and each change of verdict is a row. */
export const sourceBatches = sqliteTable(
  'source_batches',
  {
    id: integer().primaryKey(),
    source: text().notNull(),
    /** The day the verdict is about: Eastern for arXiv, UTC for the others. */
    day: text().notNull(),
    verdict: text().$type<BatchVerdict>().notNull(),
    papers: integer().notNull(),
    /** Those that were not in the batch before. */
    fresh: integer().notNull(),
    detail: text().notNull(),
    judgedAt: integer('judged_at').notNull(),
  },
  (table) => [index('source_batches_by_time').on(table.source, table.judgedAt)],
);

/** How often a service was asked on a day (UTC), and when last: the ledger of our politeness. */
export const sourceRequests = sqliteTable(
  'source_requests',
  {
    service: text().notNull(),
    day: text().notNull(),
    requests: integer().notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.service, table.day] })],
);

/** Answers with a validator, so that an unchanged one need not be sent again (RFC 9111 §4.3). */
export const httpAnswers = sqliteTable('http_answers', {
  url: text().primaryKey(),
  etag: text(),
  lastModified: text('last_modified'),
  /** Deflated. */
  body: blob({ mode: 'buffer' }).notNull(),
  usedAt: integer('used_at').notNull(),
});

/**
 * Models of meaning, newest last. One is in use once it is `ready`; the one before goes then. Arrays
 * are kept as their bytes, little-endian.
 */
export const meaningModels = sqliteTable(
  'meaning_models',
  {
    id: integer().primaryKey(),
    /** The highest paper number the model was made from. */
    lastPaper: integer('last_paper').notNull(),
    papers: integer().notNull(),
    averageLength: real('average_length').notNull(),
    dims: integer().notNull(),
    /** Stems and their usual spellings, a line each. */
    terms: text().notNull(),
    surfaces: text().notNull(),
    frequencies: blob({ mode: 'buffer' }).notNull(),
    basis: blob({ mode: 'buffer' }).notNull(),
    ready: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    // The vectors before that column fill thousands of pages.
    index('meaning_models_ready').on(table.id).where(sql`ready = 1`),
  ],
);

/** Papers in a model's terms. A paper whose text changes loses its row and is folded anew. */
export const paperMeanings = sqliteTable(
  'paper_meanings',
  {
    /** Grows with every folding, so that whoever holds them in memory sees what is new. */
    id: integer().primaryKey({ autoIncrement: true }),
    modelId: integer('model_id').notNull(),
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    /** 16-bit term numbers, then as many 8-bit counts. */
    terms: blob({ mode: 'buffer' }).notNull(),
    vector: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [uniqueIndex('paper_meanings_once').on(table.paperId, table.modelId)],
);

/** What a reader never wants to see, in the query language: a word, phrase, author or category. */
export const mutes = sqliteTable(
  'mutes',
  {
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    term: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.subscriberId, table.position] })],
);

/** What a reader wanted more of, and what less. */
export const reactions = sqliteTable(
  'reactions',
  {
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    kind: text().$type<ReactionKind>().notNull(),
    at: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subscriberId, table.paperId] }),
    index('reactions_by_paper').on(table.paperId),
  ],
);

/** Vectors from an embeddings endpoint, where one is set; 32-bit numbers, length 1. */
export const paperEmbeddings = sqliteTable(
  'paper_embeddings',
  {
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    model: text().notNull(),
    vector: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [uniqueIndex('paper_embeddings_once').on(table.model, table.paperId)],
);

/** Up to which edition a WebSub hub was told of a topic's feeds, and when it is tried again. */
export const hubNotices = sqliteTable('hub_notices', {
  topicId: integer('topic_id')
    .primaryKey()
    .references(() => topics.id, { onDelete: 'cascade' }),
  /** 0 before the first notice. */
  editionId: integer('edition_id').notNull(),
  /** Failures in a row. */
  attempts: integer().notNull(),
  retryAt: integer('retry_at').notNull(),
});
