/** A backup made in the middle of a send, put in the place of the database. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deliverDue } from '../../src/app/deliver.ts';
import { planDigests } from '../../src/app/plan.ts';
import { copyDatabase } from '../../src/db/copies.ts';
import { countDeliveries } from '../db/count-deliveries.ts';
import { connect, newDbFile, rowsOf, scalar, tempFolder } from '../db/temp-db.ts';
import { addReader, inventPaper, inventSignal, later, noon, takeIn } from '../invent.ts';
import { openPostOffice, sender } from './post.ts';

const readers = 60;
const leaseMs = 30 * 60_000;

test('restores to a whole state: nobody is forgotten, and only mails after the backup can repeat', async () => {
  const db = connect(newDbFile());
  const papers = Array.from({ length: 30 }, (_, n) => inventPaper(n));
  await takeIn(
    db,
    papers,
    papers.map((paper, n) => inventSignal(paper.id, n)),
  );
  for (let n = 0; n < readers; n += 1) addReader(db, `reader${n}@example.org`);
  planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
  const post = await openPostOffice();

  // The backup begins when the first letters have arrived and is made while others leave.
  const backup = join(tempFolder(), 'backup.db');
  let arrivedBefore: readonly string[] = [];
  const backingUp = (async () => {
    while (post.letters.length < 10) await new Promise((go) => setTimeout(go, 2));
    arrivedBefore = post.letters.map(({ to }) => to);
    await copyDatabase(db, backup);
  })();
  await Promise.all([deliverDue(await sender(db, post.transport()), {}), backingUp]);
  expect(countDeliveries(db)).toEqual({ sent: readers });
  expect(arrivedBefore.length).toBeLessThan(readers);

  const restored = join(tempFolder(), 'paperboy.db');
  copyFileSync(backup, restored);
  const again = connect(restored);
  expect(scalar(again, 'pragma integrity_check')).toBe('ok');
  expect(rowsOf(again, 'pragma foreign_key_check')).toEqual([]);
  const counts = countDeliveries(again);
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(readers);
  expect(counts.sent ?? 0).toBeGreaterThan(0);
  const sentBefore = new Set(
    rowsOf(
      again,
      `select email from deliveries join subscribers on subscribers.id = subscriber_id
        where state in ('sent', 'data-sent')`,
    ).map((row) => (row as { email: string }).email),
  );

  // The service starts on it, when the leases of the one before have ended.
  post.letters.length = 0;
  const after = later(noon, leaseMs);
  const deps = await sender(again, post.transport(), { owner: 'sender-2', clock: () => after });
  await deliverDue(deps, {});
  const { sent = 0, unknown = 0 } = countDeliveries(again);
  expect(sent + unknown).toBe(readers);
  expect(post.letters.filter(({ to }) => sentBefore.has(to))).toEqual([]);
  expect(post.letters.length + sentBefore.size).toBe(readers);
});
