/** What there is for the sources to ask about. */
import { type Db, statement } from './open.ts';

const dayMs = 86_400_000;

// What a source did not know a week ago it may know by now.
const askAgainMs = 7 * dayMs;

/** arXiv ids that signals speak of and no paper is known for, the newest signals first. */
export const missingPapers = (
  db: Db,
  source: string,
  now: Date,
  limit: number,
): readonly string[] =>
  statement(
    db,
    `select paper_key from signals s
     where paper_key not like 'title:%'
       and not exists (select 1 from papers where key = s.paper_key)
       and not exists (select 1 from source_notes where source = ?
         and key = 'asked:' || s.paper_key and noted_at > ?)
     group by paper_key order by max(observed_at) desc, paper_key limit ?`,
  )
    .pluck()
    .all(source, now.getTime() - askAgainMs, limit) as string[];

// Stars of a paper move for months, but hardly between morning and evening.
const starsEveryMs = 20 * 3_600_000;
const starsForMs = 90 * dayMs;

/** Papers of the last three months with a repository not observed today, the longest ago first. */
export const starsDue = (
  db: Db,
  now: Date,
  limit: number,
): readonly { readonly paperId: string; readonly codeUrl: string }[] =>
  statement(
    db,
    `select key as paperId, code_url as codeUrl from (
       select key, code_url, visible_from, (select max(observed_at) from signals
         where paper_key = key and kind = 'github-stars' and source = 'github') as seen
       from papers where hidden = 0 and visible_from > @since and code_url like '%github.com/%')
     where seen is null or seen <= @before
     order by seen is not null, seen, visible_from desc, key limit @limit`,
  ).all({
    since: now.getTime() - starsForMs,
    before: now.getTime() - starsEveryMs,
    limit,
  }) as { paperId: string; codeUrl: string }[];

// OpenAlex takes in a paper within weeks, and citations are counted in months.
const citationsFromMs = 14 * dayMs;
const citationsForMs = 730 * dayMs;
const citationsEveryMs = 30 * dayMs;

/** arXiv ids of papers of two years whose citations were not counted this month. */
export const citationsDue = (db: Db, source: string, now: Date, limit: number): readonly string[] =>
  statement(
    db,
    `select due.key from (
       select key, visible_from, (select max(observed_at) from signals
         where paper_key = key and kind = 'citations' and source = @source) as seen
       from papers where hidden = 0 and key not like 'title:%'
         and visible_from between @from and @to) as due
     where (seen is null or seen <= @before)
       and not exists (select 1 from source_notes where source = @source
         and source_notes.key = 'asked:' || due.key and noted_at > @before)
     order by seen is not null, seen, visible_from desc, due.key limit @limit`,
  )
    .pluck()
    .all({
      source,
      from: now.getTime() - citationsForMs,
      to: now.getTime() - citationsFromMs,
      before: now.getTime() - citationsEveryMs,
      limit,
    }) as string[];
