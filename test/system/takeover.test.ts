/** Two services over one database, one of them killed in the middle of the morning's mails. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { documentOf, freePort, logged, makePlace, type Place } from '../cli/paperboy.ts';
import { toJsonl, tuesday } from '../invented-days.ts';
import type { KeptMail } from './kept-mail.ts';
import { type Office, openOffice } from './kill-loop.ts';

let place: Place;
let office: Office;
beforeEach(async () => {
  place = makePlace();
  office = await openOffice(join(place.folder, 'mails.jsonl'));
});
afterEach(async () => {
  place.remove();
  await office.close();
});

test('what the dead one left undone the other does, and nobody gets a mail twice', {
  timeout: 400_000,
}, async () => {
  const readers = 600;
  const settings = {
    SMTP_URL: `smtp://127.0.0.1:${office.port}`,
    MAIL_FROM: 'Paperboy <round@papers.example>',
    BASE_URL: 'https://papers.example',
    SOURCES: ',',
    LOG_LEVEL: 'info',
  };
  documentOf(await place.run(['import', '--json', '-'], { input: toJsonl(tuesday) }));
  const rows = Array.from({ length: readers }, (_, n) => `reader${n}@readers.example,all,0,UTC`);
  const list = `email,topics,hour,timezone\n${rows.join('\n')}\n`;
  documentOf(await place.run(['subscribers', 'import', '--json', '-'], { input: list }));

  // Slow enough that it is not done before the other is up.
  const slow = { ...settings, SEND_RATE: '40' };
  const first = place.start(['serve'], { ...slow, PORT: String(await freePort()) });
  await logged(first, 'on duty');
  const second = place.start(['serve'], { ...settings, PORT: String(await freePort()) });
  await logged(second, 'standing by: another service is on duty');
  await expect.poll(office.taken, { timeout: 60_000 }).toBeGreaterThan(50);
  const took = logged(second, 'on duty');
  first.kill('SIGKILL');
  await took;
  expect(office.taken()).toBeLessThan(readers);

  const db = new Database(join(place.folder, 'data', 'paperboy.db'), { readonly: true });
  const count = (states: string): number =>
    db
      .prepare(`select count(*) from deliveries where state in (${states})`)
      .pluck()
      .get() as number;
  await expect.poll(() => count(`'sent', 'unknown'`), { timeout: 90_000 }).toBe(readers);
  await sleep(100);
  const unknown = count(`'unknown'`);
  db.close();
  expect(unknown).toBeLessThanOrEqual(5);
  const to = readFileSync(join(place.folder, 'mails.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => (JSON.parse(line) as KeptMail).to);
  expect(new Set(to).size).toBe(to.length);
  expect(to.length).toBeGreaterThanOrEqual(readers - unknown);
});
