import { expect, test } from 'vitest';
import { type WorkDeps, workBundle } from '../../src/app/work-bundle.ts';
import type { SendOutcome } from '../../src/domain/delivery.ts';
import { NotBegun } from '../../src/mail/transport.ts';
import type { Report } from '../../src/queue/reports.ts';
import { silentLog } from '../invent.ts';

const orders = Array.from({ length: 40 }, (_, n) => ({
  id: n + 1,
  order: { key: `mail-${n + 1}`, reader: { email: `reader${n + 1}@example.org` } },
}));

/** A bundle of forty mails worked on two at a time, and what was reported of them. */
const work = async (send: () => Promise<SendOutcome>) => {
  const reports: Report[] = [];
  const deps: WorkDeps = {
    ask: async () => ({ lease: 'one' }),
    letters: {
      report: (report) => reports.push(report),
      mayEnd: async () => true,
      reported: async () => undefined,
      lost: () => undefined,
    },
    print: async () => ({
      ...{ key: 'mail', bytes: Buffer.from('a mail') },
      envelope: { from: 'bounces@paperboy.example', to: 'reader@example.org' },
    }),
    transport: { describe: 'fake', send, close: async () => undefined },
    log: silentLog,
    concurrency: 2,
  };
  await workBundle(
    deps,
    { id: 'one', orders: JSON.stringify(orders) },
    new AbortController().signal,
  );
  return reports.map(({ outcome }) => outcome.kind);
};

test('a bundle is given back when the server refuses one mail after another for no reader’s sake', async () => {
  const kinds = await work(async () => ({
    ...{ kind: 'rejected', code: 550, about: 'message', reason: '550 relay not permitted' },
  }));
  const refused = kinds.filter((kind) => kind === 'rejected').length;
  expect(refused).toBeGreaterThanOrEqual(5);
  expect(refused).toBeLessThanOrEqual(6);
  expect(kinds.filter((kind) => kind === 'released')).toHaveLength(40 - refused);
});

test('mailboxes that are not there are no reason to stop', async () => {
  const kinds = await work(async () => ({
    ...{ kind: 'rejected', code: 550, about: 'mailbox', reason: '550 5.1.1 no such user' },
  }));
  expect(kinds).toHaveLength(40);
  expect(new Set(kinds)).toEqual(new Set(['rejected']));
});

test('what had no turn before the end is given back', async () => {
  const kinds = await work(async () => {
    throw new NotBegun('over');
  });
  expect(kinds).toEqual(orders.map(() => 'released'));
});
