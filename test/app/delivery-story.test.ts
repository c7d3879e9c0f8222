import { beforeEach, describe, expect, test } from 'vitest';
import { deliverDue } from '../../src/app/deliver.ts';
import { tellDeliveries } from '../../src/app/delivery-story.ts';
import { planDigests } from '../../src/app/plan.ts';
import { insertBounce } from '../../src/db/bounces.ts';
import { claimDeliveries } from '../../src/db/deliveries.ts';
import { deleteDeferralsBefore } from '../../src/db/delivery-history.ts';
import type { Db } from '../../src/db/open.ts';
import { leaseMs } from '../../src/domain/delivery.ts';
import { scalar, tempDb } from '../db/temp-db.ts';
import { addReader, dayMs, inventPaper, inventSignal, later, noon, takeIn } from '../invent.ts';
import { acting, openPostOffice, sender } from './post.ts';

let db: Db;
beforeEach(async () => {
  db = tempDb();
  const papers = [1, 2, 3].map((n) => inventPaper(n));
  await takeIn(
    db,
    papers,
    papers.map((paper, n) => inventSignal(paper.id, n + 1)),
  );
  addReader(db, 'mira@example.org');
});
const plan = () => planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
const key = 'digest-1-2026-03-20';
const events = (name = key) => tellDeliveries(db, name, 5)[0]?.events;

describe('the story of a mail', () => {
  test('tells every attempt with the server’s answer, and what came back', async () => {
    plan();
    let answers = ['4.7.1 come back later', '4.2.2 mailbox full'];
    const post = await openPostOffice(() => {
      const text = answers.shift();
      return text === undefined ? undefined : { code: 450, text };
    });
    const deps = await sender(db, post.transport());
    const times = [noon, later(noon, 90_000), later(noon, 600_000)] as const;
    for (const at of times) await deliverDue({ ...deps, clock: () => at });
    answers = [];
    const bounced = later(noon, 900_000);
    const reason = 'no such user';
    insertBounce(db, {
      ...{ subscriberId: 1, day: '2026-03-20', verdict: 'hard', status: '5.1.1', reason },
      at: bounced,
    });
    expect(tellDeliveries(db, 'mira@example.org', 5)).toEqual([
      {
        ...{ id: 1, key, kind: 'digest', email: 'mira@example.org', state: 'sent', papers: 3 },
        events: [
          { at: noon, what: 'planned' },
          {
            ...{ at: times[0], what: 'deferred', attempt: 1, until: expect.any(Date) },
            detail: '450 4.7.1 come back later',
          },
          {
            ...{ at: times[1], what: 'deferred', attempt: 2, until: expect.any(Date) },
            detail: '450 4.2.2 mailbox full',
          },
          { at: times[2], what: 'sent', attempt: 3, detail: expect.stringMatching(/^250/) },
          { at: bounced, what: 'bounced', detail: 'hard 5.1.1 no such user' },
        ],
      },
    ]);
    expect(events('1')).toEqual(events());
  });

  test('tells of a mail under way who has it, and until when', async () => {
    plan();
    claimDeliveries(db, { owner: 'here/1', now: noon, until: later(noon, leaseMs) }, 1);
    expect(events()).toEqual([
      { at: noon, what: 'planned' },
      {
        ...{ at: noon, what: 'claimed', attempt: 1, detail: 'by here/1' },
        until: later(noon, leaseMs),
      },
    ]);
  });

  test('of a mail that is taken at once costs no row of history', async () => {
    plan();
    await deliverDue(await sender(db, acting(() => undefined).transport));
    expect(scalar(db, 'select count(*) from delivery_attempts')).toBe(0);
    expect(events()?.map(({ what }) => what)).toEqual(['planned', 'sent']);
  });

  test('is forgotten when it is old, but for how it ended', async () => {
    plan();
    const { transport } = acting(() => {
      throw new Error('broken');
    });
    await deliverDue(await sender(db, transport));
    expect(deleteDeferralsBefore(db, noon)).toBe(0);
    expect(deleteDeferralsBefore(db, later(noon, dayMs))).toBe(1);
    expect(events()?.map(({ what, detail }) => [what, detail])).toEqual([
      ['planned', undefined],
      ['deferred', 'broken'],
    ]);
  });

  test('of an unknown key, number or address is none', () => {
    plan();
    for (const name of ['digest-9', '77', 'nobody@example.org', ''])
      expect(tellDeliveries(db, name, 5)).toEqual([]);
  });
});
