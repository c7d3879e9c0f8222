import { beforeEach, describe, expect, test } from 'vitest';
import { findDigestPage } from '../../src/app/digest-page.ts';
import { tokenUrl } from '../../src/app/mail-kit.ts';
import { type MailOrder, writeOrders } from '../../src/app/orders.ts';
import { planDigests } from '../../src/app/plan.ts';
import { claimDeliveries, settleDelivery } from '../../src/db/deliveries.ts';
import { listLastDigests } from '../../src/db/digests.ts';
import type { Db } from '../../src/db/open.ts';
import { findPaper } from '../../src/db/papers.ts';
import { findById } from '../../src/db/subscribers.ts';
import { readToken } from '../../src/lib/token.ts';
import { tempDb } from '../db/temp-db.ts';
import {
  addReader,
  inventPaper,
  inventSettings,
  inventSignal,
  later,
  noon,
  takeIn,
} from '../invent.ts';
import { mailKit } from './post.ts';

let db: Db;
let id = 0;
const at = (text: string) => ({ observedAt: new Date(`2026-03-${text}:00Z`) });
const robots = [1, 2, 3, 4].map((n) => inventPaper(n, { categories: ['cs.RO'] }));
const languages = [5, 6, 7].map((n) => inventPaper(n, { categories: ['cs.CL'] }));
const kites = inventPaper(9, {
  id: '2603.10009',
  categories: ['cs.RO'],
  listedOn: '2026-03-18',
  featuredOn: '2026-03-18',
  codeUrl: 'https://code.example/kites',
});

beforeEach(async () => {
  db = tempDb();
  await takeIn(
    db,
    [...robots, ...languages, kites],
    [
      ...[inventSignal(kites.id, 12, at('18T23:59')), inventSignal(kites.id, 42, at('19T23:59'))],
      inventSignal(kites.id, 50, at('20T11:00')),
      inventSignal(kites.id, 321, { ...at('20T11:00'), source: 'github', kind: 'github-stars' }),
      inventSignal(kites.id, 7, { ...at('20T11:00'), source: 'hackernews', kind: 'comments' }),
    ],
  );
  id = addReader(db, 'mira@example.org', inventSettings({ topics: ['cs.RO', 'cs.CL'] }));
});

const plan = (when = noon) => planDigests(db, { asOf: when, now: when, reuseMs: 0 });

const webVersion = async (): Promise<string> => {
  const kit = await mailKit();
  const [digest] = listLastDigests(db, id, 1);
  const token = digest ? tokenUrl(kit, 'digest', digest.key).split('/').at(-1) : '';
  return findDigestPage(db, kit, token ?? '')?.html ?? '';
};

describe('a digest says', () => {
  test('of a paper its days, its code’s stars, where it is talked about, and more like it', async () => {
    plan();
    const html = await webVersion();
    expect(html).toContain('▃█▂');
    expect(html).toContain('upvotes by day: 12, 30, 8');
    expect(html).toContain('>Code ★ 321</a>');
    expect(html).toContain('https://arxiv.org/html/2603.10009');
    expect(html).toContain(
      'https://hn.algolia.com/?query&#x3D;https%3A%2F%2Farxiv.org%2Fabs%2F2603.10009',
    );
    const token = /\/react\/([\w-]{43})\/2603\.10009\?say/.exec(html)?.[1] ?? '';
    const { secret } = await mailKit();
    expect(readToken(secret, 'react', token)).toEqual(findById(db, id)?.key);
    expect(readToken(secret, 'manage', token)).toBeUndefined();
  });

  test('which topic a group is of, above its first paper and nowhere else', async () => {
    plan();
    const html = await webVersion();
    const headings = [...html.matchAll(/colspan="2"[^>]*><h2[^>]*>([^<]*)</g)];
    expect(headings.map(([, topic]) => topic).sort()).toEqual([
      'Computation and Language (cs.CL)',
      'Robotics (cs.RO)',
    ]);
    // The lead stands above all groups, and says of what topic it is.
    const places = [...html.matchAll(/<p class="soft"[^>]*>((?:cs\.|Rob|Comp)[^<]*)<\/p>/g)];
    expect(places.map(([, place]) => place)).toEqual(['Robotics (cs.RO)']);
  });
});

describe('a digest in another language', () => {
  test('names topics in it, above groups, at each paper and at its foot; a reader’s own stay', async () => {
    id = addReader(
      db,
      'ada@example.org',
      inventSettings({ topics: ['cs.RO', 'cs.CL', 'query:kites'], language: 'de' }),
    );
    plan();
    const html = await webVersion();
    expect(html).toMatch(/<h2[^>]*>Robotik \(cs\.RO\)</);
    expect(html).toMatch(/<h2[^>]*>Computerlinguistik \(cs\.CL\)</);
    expect(html).toMatch(/<p class="soft"[^>]*>Robotik \(cs\.RO\)</);
    expect(html).toContain('abonniert haben: Robotik (cs.RO), Computerlinguistik (cs.CL), kites.');
    expect(html).not.toMatch(/Robotics|Computation and Language/);
  });
});

describe('a subject', () => {
  const orderAt = (when: Date): { readonly order: MailOrder; readonly delivery: number } => {
    const lease = { owner: 'test', now: when, until: later(when, 60_000) };
    const claimed = claimDeliveries(db, lease, 1);
    const [ordered] = writeOrders(db, claimed);
    if (ordered?.kind !== 'order' || !claimed[0]) throw new Error('no order');
    return { order: ordered.order, delivery: claimed[0].id };
  };
  const leadOf = ({ digest }: MailOrder) => digest?.papers[digest.lead]?.paper;

  test('speaks of another paper where a mail that may have come spoke of the first', () => {
    plan();
    const { order, delivery } = orderAt(noon);
    expect(leadOf(order)).toBe(findPaper(db, kites.id)?.number);
    db.$client.prepare(`update deliveries set state = 'data-sent' where id = ?`).run(delivery);
    settleDelivery(db, delivery, 'test', { state: 'unknown', reason: 'no answer' }, noon);
    const tomorrow = later(noon, 24 * 3_600_000);
    plan(tomorrow);
    const next = orderAt(tomorrow).order;
    expect(next.digest?.papers[0]?.paper).toBe(leadOf(order));
    expect(leadOf(next)).not.toBe(leadOf(order));
  });
});
