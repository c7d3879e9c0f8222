/** A sender of files that died between the ledger's word and the end of its work. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliverDue } from '../../src/app/deliver.ts';
import { claimDeliveries, insertDelivery, markDataSent } from '../../src/db/deliveries.ts';
import type { Db } from '../../src/db/open.ts';
import { leaseMs } from '../../src/domain/delivery.ts';
import { outboxTransport } from '../../src/mail/outbox.ts';
import { connect, newDbFile, rowsOf } from '../db/temp-db.ts';
import { addReader, later, noon } from '../invent.ts';
import { acting, sender } from './post.ts';

let db: Db;
let dir: string;
beforeEach(() => {
  db = connect(newDbFile());
  dir = join(mkdtempSync(join(tmpdir(), 'left-over-')), 'outbox');
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true }));

const muchLater = later(noon, leaseMs);

/** Three mails whose sender told the ledger that they go out, and then died. */
const died = (): void => {
  for (const name of ['ada', 'alan', 'grace'])
    insertDelivery(db, {
      ...{ key: name, kind: 'confirmation', at: noon },
      subscriberId: addReader(db, `${name}@readers.example`),
    });
  db.$client.exec(`update subscribers set status = 'unconfirmed'`);
  for (const { id } of claimDeliveries(db, { owner: 'dead', now: noon, until: muchLater }, 10))
    markDataSent(db, id, 'dead', muchLater);
};

const left = (name: string): void => {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, name), 'a message');
};

const states = (): object =>
  Object.fromEntries(
    (rowsOf(db, 'select key, state from deliveries') as { key: string; state: string }[]).map(
      ({ key, state }) => [key, state],
    ),
  );

describe('mails a dead sender left', () => {
  test('are sent where the file is there, sent again where only its draft is, and in doubt where neither is', async () => {
    died();
    left('ada.eml');
    left('.alan.4711.draft');
    const deps = await sender(db, outboxTransport(dir));
    expect(await deliverDue({ ...deps, clock: () => later(muchLater, -1) })).toMatchObject({
      ...{ sent: 0, unknown: 0 },
    });
    expect(states()).toEqual({ ada: 'data-sent', alan: 'data-sent', grace: 'data-sent' });

    expect(await deliverDue({ ...deps, clock: () => muchLater })).toMatchObject({
      ...{ sent: 2, unknown: 1, deferred: 0, failed: 0 },
    });
    expect(states()).toEqual({ ada: 'sent', alan: 'sent', grace: 'unknown' });
    expect(readdirSync(dir).toSorted()).toEqual(['ada.eml', 'alan.eml']);
  });

  test('are sent where the draft of a first try lies beside the file', async () => {
    died();
    for (const name of ['ada', 'alan', 'grace']) left(`${name}.eml`);
    left('.grace.4711.draft');
    const deps = await sender(db, outboxTransport(dir));
    expect(await deliverDue({ ...deps, clock: () => muchLater })).toMatchObject({ sent: 3 });
    expect(readdirSync(dir).toSorted()).toEqual(['ada.eml', 'alan.eml', 'grace.eml']);
  });

  test('stay in doubt where a mail server may have them, whatever lies in a folder', async () => {
    died();
    left('ada.eml');
    const deps = await sender(db, acting(() => undefined).transport);
    expect(await deliverDue({ ...deps, clock: () => muchLater })).toMatchObject({
      ...{ sent: 0, unknown: 3 },
    });
  });
});
