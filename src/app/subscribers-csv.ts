/**
 * Subscribers in and out as CSV: `email,topics,frequency,hour,timezone,status` and, of our own,
 * `papers`, `mute` and `language`.
 */
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'csv-stringify/sync';
import { type Db, inTransaction } from '../db/open.ts';
import {
  findByEmail,
  insertSubscriber,
  iterateSubscribers,
  type Subscriber,
  setStatus,
  updateSettings,
} from '../db/subscribers.ts';
import { isSuppressed, suppress } from '../db/suppressions.ts';
import { dueDays } from '../domain/due.ts';
import { type Language, languages, parseLanguage } from '../domain/language.ts';
import {
  defaultSettings,
  isStatus,
  papersPerDigest,
  parseEmail,
  parseFrequency,
  parseTimeZone,
  renderFrequency,
  type Settings,
  type Status,
  statuses,
} from '../domain/subscription.ts';
import { newKey } from '../lib/token.ts';
import { columns, type NumberedRow, type Row, readRows } from './csv-rows.ts';
import { type ForeignReader, readForeign } from './foreign-lists.ts';
import { checkMuted } from './muted.ts';
import { checkTopics, topicNumbers } from './topics.ts';

export type SubscribersTally = {
  new: number;
  updated: number;
  unchanged: number;
  /** Those of the new ones whose hour has struck today, and who are mailed next. */
  due: number;
  /** Columns that say nothing to us. */
  readonly ignored: string[];
  readonly rejected: { readonly file: string; readonly line: number; readonly reason: string }[];
};

/** Rows a transaction; each of them is looked up, so the lock is held for some milliseconds. */
const batchSize = 200;

/**
 * Reads subscribers, from a list of our own or another program's; a row that is wrong is reported
 * with its line and the others go on. `topics` (separated by `;`) is what readers get of whom a list
 * does not say what they want; left out, a list of our own must say it, and others mean `all`.
 */
export const importSubscribers = async (
  db: Db,
  input: AsyncIterable<Buffer>,
  file: string,
  now: Date,
  topics?: string,
): Promise<SubscribersTally> => {
  const tally: SubscribersTally = {
    ...{ new: 0, updated: 0, unchanged: 0, due: 0 },
    ...{ ignored: [], rejected: [] },
  };
  const dueOn = dueDays(now);
  const note = (columns: readonly string[]) => tally.ignored.push(...columns);
  const rows = topics ? readRows(input, note, ['email']) : readRows(input, note);
  const seen = new Map<string, number>();
  for (let batch = await take(rows); batch.length > 0; batch = await take(rows))
    inTransaction(db, () => {
      for (const { line, row, foreign } of batch) {
        const result =
          typeof row === 'string'
            ? row
            : foreign
              ? importForeign(db, readForeign(foreign, row), topics ?? 'all', { file, now })
              : importOnce(db, { line, row: withTopics(row, topics), seen }, now);
        if (typeof result === 'string') tally.rejected.push({ file, line, reason: result });
        else {
          tally[result.kind] += 1;
          if (result.joins && dueOn({ ...result.joins, awaitsFirst: false })) tally.due += 1;
        }
      }
    });
  return tally;
};

const withTopics = (row: Row, topics: string | undefined): Row =>
  topics === undefined || row['topics'] ? row : { ...row, topics };

const take = async (rows: AsyncGenerator<NumberedRow>): Promise<NumberedRow[]> => {
  const batch: NumberedRow[] = [];
  while (batch.length < batchSize) {
    const next = await rows.next();
    if (next.done) break;
    batch.push(next.value);
  }
  return batch;
};

type RowResult =
  | {
      readonly kind: 'new' | 'updated' | 'unchanged';
      /** What a new reader who is to be mailed asked for. */
      readonly joins?: Settings;
    }
  | string;

const asNew = (status: Status, settings: Settings): RowResult => ({
  kind: 'new',
  ...(status === 'active' && { joins: settings }),
});

/** `seen` holds the lines of the readers this file has told of: a second row would undo the first. */
const importOnce = (
  db: Db,
  { line, row, seen }: { line: number; row: Row; seen: Map<string, number> },
  now: Date,
): RowResult => {
  const email = parseEmail(row['email'] ?? '')?.toLowerCase();
  const before = email && seen.get(email);
  if (before) return `the address repeats line ${before}`;
  const result = importRow(db, row, now);
  if (email && typeof result !== 'string') seen.set(email, line);
  return result;
};

const importRow = (db: Db, row: Row, now: Date): RowResult => {
  const email = parseEmail(row['email'] ?? '');
  if (!email) return `"${row['email'] ?? ''}" is no e-mail address`;
  const status = (row['status'] || 'active').toLowerCase();
  if (!isStatus(status)) return `"${status}" is no status (${statuses.join(', ')})`;
  // A list without the column changes nobody's language.
  const usual = findByEmail(db, email)?.settings.language ?? defaultSettings.language;
  const settings = parseSettings(db, row, usual);
  if (typeof settings === 'string') return settings;
  if (isSuppressed(db, email)) return 'the address is suppressed and must not be mailed';
  return writeRow(db, { email, status, settings }, now);
};

/** Known readers are only ever taken further away by another program's list. */
const importForeign = (
  db: Db,
  reader: ForeignReader | string,
  topics: string,
  { file, now }: { readonly file: string; readonly now: Date },
): RowResult => {
  if (typeof reader === 'string') return reader;
  const email = parseEmail(reader.email);
  if (!email) return `"${reader.email}" is no e-mail address`;
  const at = reader.consentAt ?? now;
  const settings = parseSettings(
    db,
    { topics, timezone: reader.timeZone, language: reader.language },
    defaultSettings.language,
  );
  if (typeof settings === 'string') return settings;
  const mayMail = reader.status !== 'unsubscribed';
  if (reader.suppressed)
    suppress(db, email, reader.suppressed, `from ${file}`, reader.leftAt ?? at);
  else if (mayMail && isSuppressed(db, email))
    return 'the address is suppressed and must not be mailed';
  const known = findByEmail(db, email);
  if (known && (mayMail || known.status === 'unsubscribed')) return { kind: 'unchanged' };
  const topicIds = topicNumbers(db, settings.topics);
  const id =
    known?.id ??
    insertSubscriber(db, { key: newKey(), email, status: reader.status, settings, topicIds, at });
  if (!mayMail) setStatus(db, id, 'unsubscribed', reader.leftAt ?? now);
  return known ? { kind: 'updated' } : asNew(reader.status, settings);
};

const parseSettings = (db: Db, row: Row, usual: Language): Settings | string => {
  const topics = checkTopics(
    db,
    (row['topics'] ?? '')
      .split(';')
      .map((topic) => topic.trim())
      .filter((topic) => topic !== ''),
  );
  if (topics.kind === 'invalid') return topics.problems.join('; ');
  const frequency = parseFrequency(row['frequency'] || 'daily');
  if (!frequency) return `"${row['frequency']}" is no frequency (daily, weekdays, weekly:mon)`;
  const hour = row['hour'] || String(defaultSettings.hour);
  if (!/^\d{1,2}$/.test(hour) || Number(hour) > 23) return `"${hour}" is no hour from 0 to 23`;
  const timeZone = parseTimeZone(row['timezone'] || defaultSettings.timeZone);
  if (!timeZone) return `"${row['timezone']}" is no IANA time zone such as Europe/Berlin`;
  const language = row['language'] ? parseLanguage(row['language']) : usual;
  if (!language) return `"${row['language']}" is no language we write (${languages.join(', ')})`;
  const papers = row['papers'] || String(papersPerDigest.usual);
  if (
    !/^\d{1,2}$/.test(papers) ||
    Number(papers) < papersPerDigest.least ||
    Number(papers) > papersPerDigest.most
  )
    return `"${papers}" is no number of papers from ${papersPerDigest.least} to ${papersPerDigest.most}`;
  const muted = row['mute'] === undefined ? undefined : checkMuted(row['mute'].split(';'));
  if (muted?.kind === 'invalid') return muted.problems.join('; ');
  return {
    topics: topics.slugs,
    frequency,
    hour: Number(hour),
    timeZone,
    language,
    papers: Number(papers),
    ...(muted && { muted: muted.terms }),
  };
};

const writeRow = (
  db: Db,
  row: { readonly email: string; readonly status: Status; readonly settings: Settings },
  now: Date,
): RowResult => {
  const { email, status, settings } = row;
  const known = findByEmail(db, email);
  const topicIds = topicNumbers(db, settings.topics);
  if (!known) {
    insertSubscriber(db, { key: newKey(), email, status, settings, topicIds, at: now });
    return asNew(status, settings);
  }
  if (known.status === status && sameSettings(known.settings, settings))
    return { kind: 'unchanged' };
  // A reader who has left stays away, whatever an old list says; only they can come back.
  if (known.status === 'unsubscribed' && status !== 'unsubscribed')
    return 'the reader has unsubscribed; only they can subscribe again';
  if (known.confirmedAt && status === 'unconfirmed')
    return 'the reader has confirmed; a list cannot undo that';
  updateSettings(db, known.id, settings, topicIds);
  if (known.status !== status) setStatus(db, known.id, status, now);
  return { kind: 'updated' };
};

// A list without the column says nothing of what is muted.
const sameSettings = (known: Settings, given: Settings): boolean => {
  const muted = given.muted ?? known.muted ?? [];
  return isDeepStrictEqual({ ...known, muted: known.muted ?? [] }, { ...given, muted });
};

/** A subscriber as a row of the CSV. */
export const toRow = ({
  email,
  status,
  settings,
}: Subscriber): Record<(typeof columns)[number], string> => ({
  email,
  topics: settings.topics.join(';'),
  frequency: renderFrequency(settings.frequency),
  hour: String(settings.hour),
  timezone: settings.timeZone,
  status,
  papers: String(settings.papers),
  mute: (settings.muted ?? []).join(';'),
  language: settings.language,
});

/** All subscribers as CSV, a piece at a time. */
export function* exportSubscribers(db: Db): Generator<string> {
  yield stringify([columns]);
  for (const subscriber of iterateSubscribers(db)) {
    const row = toRow(subscriber);
    yield stringify([columns.map((column) => row[column])]);
  }
}
