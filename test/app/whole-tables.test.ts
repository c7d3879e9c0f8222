/** What a minute costs must not grow with the readers there are, nor with the mails there ever were. */
import { expect, test } from 'vitest';
import { type Deliver, deliverDue } from '../../src/app/deliver.ts';
import { planDigests } from '../../src/app/plan.ts';
import { sendDue } from '../../src/app/send-due.ts';
import { endBundle, listBundles, takeUpBundle } from '../../src/db/bundles.ts';
import { nextAttemptAt } from '../../src/db/delivery-counts.ts';
import type { Db } from '../../src/db/open.ts';
import { confirmSubscriber, pauseSubscriber } from '../../src/db/subscribers.ts';
import { connect, newDbFile } from '../db/temp-db.ts';
import { addReader, dayMs, inventPaper, inventSignal, later, noon, takeIn } from '../invent.ts';
import { openPostOffice, sender } from './post.ts';

const growing =
  'subscribers|subscriptions|mutes|reactions|suppressions|digests|deliveries|delivery_attempts';

/** Notes every statement from now on. */
const listen = (db: Db): ReadonlySet<string> => {
  const heard = new Set<string>();
  const prepare = db.$client.prepare.bind(db.$client);
  Object.assign(db.$client, {
    prepare: (sql: string) => {
      heard.add(sql);
      return prepare(sql);
    },
  });
  return heard;
};

/** The steps of SQLite's plan that walk through a table from end to end. */
const walks = (db: Db, sql: string): readonly string[] => {
  const names = Object.fromEntries([...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, '0']));
  const marks = Array.from(sql.matchAll(/\?/g), () => '0');
  const plan = db.$client.prepare(`explain query plan ${sql}`);
  const steps = (marks.length > 0 ? plan.all(...marks) : plan.all(names)) as { detail: string }[];
  return steps
    .map(({ detail }) => detail)
    .filter((detail) => new RegExp(`^SCAN (${growing})( USING COVERING INDEX.*)?$`).test(detail));
};

test('neither planning nor delivering walks through all readers or the whole ledger', async () => {
  const db = connect(newDbFile());
  const heard = listen(db);
  const papers = Array.from({ length: 20 }, (_, n) => inventPaper(n));
  const signals = papers.map((paper, n) => inventSignal(paper.id, n));
  await takeIn(db, papers, signals);
  for (let n = 1; n <= 5; n += 1) addReader(db, `reader${n}@example.org`);
  confirmSubscriber(db, 1, noon);
  pauseSubscriber(db, 2, '2026-03-21');
  const post = await openPostOffice();
  const deps = await sender(db, post.transport());
  for (const asOf of [noon, later(noon, dayMs), later(noon, 2 * dayMs)]) {
    const at = { ...deps, clock: () => asOf };
    const request = { asOf, now: asOf, reuseMs: 0 };
    const deliver: Deliver = (options) => deliverDue(at, options);
    await sendDue({ ...at, deliver }, () => false, request, {});
    planDigests(db, request);
  }
  listBundles(db);
  takeUpBundle(db, 'bundle-1', { lease: 'bundle-1.1', until: noon });
  endBundle(db, 'bundle-1', noon);
  nextAttemptAt(db);
  expect(post.letters.length).toBeGreaterThan(5);
  const found = [...heard].flatMap((sql) =>
    /^\s*(select|update|delete|with)/i.test(sql) ? walks(db, sql).map((walk) => [walk, sql]) : [],
  );
  expect(found).toEqual([]);
});
