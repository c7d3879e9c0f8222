/** The list of addresses never mailed again, in and out as CSV: `email,reason,since,detail`. */
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { deleteBounces } from '../db/bounces.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { findByEmail } from '../db/subscribers.ts';
import {
  iterateSuppressions,
  type Suppression,
  type SuppressionReason,
  suppress,
  suppressHash,
  suppressionReasons,
  unsuppress,
} from '../db/suppressions.ts';
import { parseEmail } from '../domain/subscription.ts';

const columns = ['email', 'reason', 'since', 'detail'] as const;

export type SuppressionsTally = {
  new: number;
  unchanged: number;
  /** Of the rows taken, those whose reason is none of ours or whose moment
   * cannot be read or is to come. */
  supposed: { reason: number; since: number };
  readonly rejected: { readonly file: string; readonly line: number; readonly reason: string }[];
};

/** How an address of which only the hash is left stands in the column `email`. */
const hashForm = /^sha256:([0-9a-f]{64})$/;

/** Rows a transaction: the write lock is held for some milliseconds at a time. */
const batchSize = 500;

type Entry = { readonly line: number; readonly row: readonly string[] };

/**
 * Reads a list, with a header or a bare column of addresses. A reason that is not one of ours counts
 * as `manual`, a moment that cannot be read or is to come as now, and how many did is told; a wrong
 * address is reported with its line.
 */
export const importSuppressions = async (
  db: Db,
  input: AsyncIterable<Buffer>,
  file: string,
  now: Date,
): Promise<SuppressionsTally> => {
  const tally: SuppressionsTally = {
    ...{ new: 0, unchanged: 0, rejected: [] },
    supposed: { reason: 0, since: 0 },
  };
  let places: Readonly<Record<string, number>> = { email: 0 };
  let batch: Entry[] = [];
  const flush = (): void => {
    inTransaction(db, () => {
      for (const entry of batch) importRow(db, entry, places, { tally, file, now });
    });
    batch = [];
  };
  let first = true;
  for await (const { line, row } of readRows(input)) {
    const header = first && row.some((name) => /^(?:email|address|recipient)$/i.test(name));
    first = false;
    if (header) places = placesOf(row);
    else batch.push({ line, row });
    if (batch.length >= batchSize) flush();
  }
  flush();
  return tally;
};

async function* readRows(input: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: 100_000,
  });
  const feeding = (async () => {
    for await (const chunk of input)
      if (!parser.write(chunk)) await new Promise((go) => parser.once('drain', go));
    parser.end();
  })();
  feeding.catch((error: Error) => parser.destroy(error));
  for await (const { record, info } of parser as AsyncIterable<{
    record: string[];
    info: { lines: number };
  }>)
    yield { line: info.lines, row: record };
}

const placesOf = (header: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    header.map((name, index) => [
      name.toLowerCase().replace(/^(?:address|recipient)$/, 'email'),
      index,
    ]),
  );

const importRow = (
  db: Db,
  { line, row }: Entry,
  places: Readonly<Record<string, number>>,
  {
    tally,
    file,
    now,
  }: { readonly tally: SuppressionsTally; readonly file: string; readonly now: Date },
): void => {
  const cell = (name: string): string => row[places[name] ?? -1] ?? '';
  const given = cell('email');
  const reason = suppressionReasons.find((known) => known === cell('reason').toLowerCase());
  const told = new Date(cell('since'));
  const at = Number.isNaN(told.getTime()) || told > now ? now : told;
  const detail = cell('detail') || `from ${file}`;
  const hash = hashForm.exec(given)?.[1];
  const email = parseEmail(given);
  if (!hash && !email) {
    tally.rejected.push({ file, line, reason: `"${given}" is no e-mail address` });
    return;
  }
  const why = reason ?? 'manual';
  const isNew = hash
    ? suppressHash(db, hash, why, detail, at)
    : email !== undefined && suppress(db, email, why, detail, at);
  // A bare list of addresses says neither, and is right so.
  if (reason === undefined && cell('reason') !== '') tally.supposed.reason += 1;
  if (at !== told && cell('since') !== '') tally.supposed.since += 1;
  tally[isNew ? 'new' : 'unchanged'] += 1;
};

export const toSuppressionRow = ({
  email,
  emailHash,
  reason,
  since,
  detail,
}: Suppression): Record<(typeof columns)[number], string> => ({
  email: email ?? `sha256:${emailHash}`,
  reason,
  since: since.toISOString(),
  detail,
});

/** The whole list as CSV, a piece at a time; what it says can be imported elsewhere. */
export function* exportSuppressions(db: Db): Generator<string> {
  yield stringify([columns]);
  for (const suppression of iterateSuppressions(db)) {
    const row = toSuppressionRow(suppression);
    yield stringify([columns.map((column) => row[column])]);
  }
}

export const addSuppression = (
  db: Db,
  email: string,
  reason: SuppressionReason,
  now: Date,
): boolean => suppress(db, email, reason, 'by the operator', now);

/** Lets an address be mailed again, and forgets what came back from it. */
export const removeSuppression = (db: Db, email: string): boolean =>
  inTransaction(db, () => {
    const reader = findByEmail(db, email);
    if (reader) deleteBounces(db, reader.id);
    return unsuppress(db, email);
  });
