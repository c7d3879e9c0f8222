/** What sources keep from one run to the next, each under keys of its own. */
import { type Db, statement } from './open.ts';

export const findNote = (db: Db, source: string, key: string): string | undefined =>
  statement(db, 'select value from source_notes where source = ? and key = ?')
    .pluck()
    .get(source, key) as string | undefined;

/** Writes a note; without a value the note is taken away. */
export const writeNote = (
  db: Db,
  note: { readonly source: string; readonly key: string; readonly value: string | undefined },
  at: Date,
): void => {
  if (note.value === undefined)
    statement(db, 'delete from source_notes where source = ? and key = ?').run(
      note.source,
      note.key,
    );
  else
    statement(
      db,
      `insert into source_notes values (?, ?, ?, ?)
       on conflict do update set value = excluded.value, noted_at = excluded.noted_at`,
    ).run(note.source, note.key, note.value, at.getTime());
};

/** The newest note whose key begins with `prefix` and comes before `prefix + before`. */
export const noteBefore = (
  db: Db,
  source: string,
  prefix: string,
  before: string,
): string | undefined =>
  statement(
    db,
    `select value from source_notes where source = ? and key >= ? and key < ?
     order by key desc limit 1`,
  )
    .pluck()
    .get(source, prefix, prefix + before) as string | undefined;

/** Takes away notes under a prefix not written since an instant. */
export const dropNotes = (db: Db, source: string, prefix: string, before: Date): void => {
  statement(
    db,
    'delete from source_notes where source = ? and substr(key, 1, ?) = ? and noted_at < ?',
  ).run(source, prefix.length, prefix, before.getTime());
};
