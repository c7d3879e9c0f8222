import { expect, test } from 'vitest';
import { deliverDue } from '../../src/app/deliver.ts';
import { planDigests } from '../../src/app/plan.ts';
import { tempDb } from '../db/temp-db.ts';
import { addReader, dayMs, inventPaper, later, noon, takeIn } from '../invent.ts';
import { acting, sender } from './post.ts';

test('a digest that waited out an outage is dropped: the next one is fresher', async () => {
  const db = tempDb();
  await takeIn(db, [inventPaper(1)]);
  addReader(db, 'ada@example.org');
  planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
  const { transport, dots } = acting(() => undefined);
  const tomorrow = later(noon, dayMs);
  const delivered = await deliverDue(await sender(db, transport, { clock: () => tomorrow }));
  expect(delivered).toMatchObject({ sent: 0, failed: 1 });
  expect(dots).toEqual([]);
});
