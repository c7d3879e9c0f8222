/** Lists as other programs export them, with invented people. */
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, test } from 'vitest';
import { importSubscribers } from '../../src/app/subscribers-csv.ts';
import type { Db } from '../../src/db/open.ts';
import { findByEmail, insertSubscriber } from '../../src/db/subscribers.ts';
import { isSuppressed } from '../../src/db/suppressions.ts';
import { defaultSettings } from '../../src/domain/subscription.ts';
import { newKey } from '../../src/lib/token.ts';
import { tempDb } from '../db/temp-db.ts';

const now = new Date('2026-11-26T09:00:00Z');

let db: Db;
beforeEach(() => {
  db = tempDb();
});

const take = (lines: readonly string[], topics?: string) =>
  importSubscribers(db, Readable.from([Buffer.from(lines.join('\r\n'))]), 'list.csv', now, topics);

const listmonk = [
  'uuid,email,name,attributes,status,created_at,updated_at',
  '5f1c…1,ada@readers.example,Ada,"{""timezone"": ""Europe/Berlin"", ""lang"": ""de""}",enabled,2024-03-01T10:00:00Z,2025-01-01T00:00:00Z',
  '5f1c…2,bo@readers.example,Bo,{},disabled,2024-03-02 10:00:00.123+00,2025-01-01T00:00:00Z',
  '5f1c…3,cy@readers.example,Cy,{},blocklisted,2024-03-03T10:00:00Z,2025-01-01T00:00:00Z',
  '5f1c…4,not an address,Di,{},enabled,2024-03-03T10:00:00Z,2025-01-01T00:00:00Z',
  '5f1c…5,el@readers.example,El,{},asleep,2024-03-03T10:00:00Z,2025-01-01T00:00:00Z',
];

const chimp =
  'MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS';

const mailchimp = [
  `Email Address,First Name,Last Name,${chimp}`,
  'Ada@Readers.example,Ada,One,2,"2020-02-03 04:05:06",192.0.2.1,"2020-02-03 04:06:00",192.0.2.1,,,,,America/New_York,US,NY,"2021-01-01 00:00:00",1,e1,"A note',
  'of two lines, with a comma","""papers"",""lab"""',
  'bo@readers.example,Bo,Two,2,"2020-05-03 04:05:06",192.0.2.1,,,,,,,,,,,2,e2,,',
];

const mailchimpGone = [
  `Email Address,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,${chimp}`,
  'cy@readers.example,"2022-01-02 03:04:05",May,7,NORMAL,,2,"2020-02-03 04:05:06",192.0.2.1,,,,,,,,,,,3,e3,,',
  'di@readers.example,"2022-01-02 03:04:05",May,7,ABUSE,,2,"2020-02-03 04:05:06",192.0.2.1,,,,,,,,,,,4,e4,,',
];

const mailchimpCleaned = [
  `Email Address,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,${chimp}`,
  'el@readers.example,"2022-02-02 03:04:05",May,7,2,"2020-02-03 04:05:06",192.0.2.1,,,,,,,,,,,5,e5,,',
];

const buttondown = [
  'id,creation_date,email,metadata,notes,referrer_url,source,subscriber_type,tags,unsubscription_date',
  'a1,2023-08-24T14:15:22Z,ada@readers.example,"{""timezone"": ""Asia/Tokyo""}",,,import,regular,,',
  'a2,2023-08-25T14:15:22Z,bo@readers.example,{},,,form,unactivated,,',
  'a3,2023-08-26T14:15:22Z,cy@readers.example,{},,,form,unsubscribed,,2024-01-05T00:00:00Z',
  'a4,2023-08-27T14:15:22Z,di@readers.example,{},,,form,undeliverable,,',
];

describe('a list of', () => {
  test('listmonk brings readers with consent date, zone, language and standing', async () => {
    const tally = await take(listmonk, 'cs.CL;llm-reasoning');
    expect(tally).toMatchObject({ new: 3, updated: 0, unchanged: 0 });
    expect(tally.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [5, '"not an address" is no e-mail address'],
      [6, 'listmonk has no status "asleep"'],
    ]);
    expect(findByEmail(db, 'ada@readers.example')).toMatchObject({
      status: 'active',
      settings: { topics: ['cs.CL', 'llm-reasoning'], timeZone: 'Europe/Berlin', language: 'de' },
      createdAt: new Date('2024-03-01T10:00:00Z'),
      confirmedAt: new Date('2024-03-01T10:00:00Z'),
    });
    expect(findByEmail(db, 'bo@readers.example')).toMatchObject({
      status: 'paused',
      createdAt: new Date('2024-03-02T10:00:00.123Z'),
    });
    expect(findByEmail(db, 'cy@readers.example')?.status).toBe('unsubscribed');
    expect(isSuppressed(db, 'cy@readers.example')).toBe(true);
  });

  test('Mailchimp is read from its three files, notes of several lines included', async () => {
    expect(await take(mailchimp)).toMatchObject({ new: 2, rejected: [] });
    expect(await take(mailchimpGone)).toMatchObject({ new: 2, rejected: [] });
    expect(await take(mailchimpCleaned)).toMatchObject({ new: 1, rejected: [] });
    expect(findByEmail(db, 'ada@readers.example')).toMatchObject({
      status: 'active',
      settings: { topics: ['all'], timeZone: 'America/New_York' },
      confirmedAt: new Date('2020-02-03T04:06:00Z'),
    });
    expect(findByEmail(db, 'bo@readers.example')?.confirmedAt).toEqual(
      new Date('2020-05-03T04:05:06Z'),
    );
    expect(findByEmail(db, 'cy@readers.example')).toMatchObject({
      status: 'unsubscribed',
      unsubscribedAt: new Date('2022-01-02T03:04:05Z'),
    });
    const suppressed = ['cy', 'di', 'el'].map((name) =>
      isSuppressed(db, `${name}@readers.example`),
    );
    expect(suppressed).toEqual([false, true, true]);
  });

  test('Buttondown keeps who has not confirmed, left or cannot be reached', async () => {
    expect(await take(buttondown)).toMatchObject({ new: 4, rejected: [] });
    const found = ['ada', 'bo', 'cy', 'di'].map((name) =>
      findByEmail(db, `${name}@readers.example`),
    );
    expect(found.map((reader) => reader?.status)).toEqual([
      ...['active', 'unconfirmed', 'unsubscribed', 'unsubscribed'],
    ]);
    expect(found[0]).toMatchObject({
      settings: { timeZone: 'Asia/Tokyo' },
      confirmedAt: new Date('2023-08-24T14:15:22Z'),
    });
    expect(found[2]?.unsubscribedAt).toEqual(new Date('2024-01-05T00:00:00Z'));
    expect(isSuppressed(db, 'di@readers.example')).toBe(true);
  });

  test('any program changes nothing when read again, and brings nobody back', async () => {
    await take(mailchimpGone);
    expect(await take(mailchimpGone)).toMatchObject({ new: 0, updated: 0, unchanged: 2 });
    const again = listmonk.map((line) => line.replace('ada@', 'cy@'));
    await take(again);
    expect(findByEmail(db, 'cy@readers.example')?.status).toBe('unsubscribed');
  });

  test('any program may take a reader away, whose settings stay their own', async () => {
    const settings = { ...defaultSettings, topics: ['all'], hour: 5 };
    insertSubscriber(db, {
      ...{ key: newKey(), email: 'el@readers.example', status: 'active', settings },
      ...{ topicIds: [], at: now },
    });
    expect(await take(mailchimpCleaned)).toMatchObject({ updated: 1 });
    expect(findByEmail(db, 'el@readers.example')).toMatchObject({
      status: 'unsubscribed',
      settings: { hour: 5 },
    });
  });

  test('nobody we know says which columns there should be', async () => {
    await expect(take(['name,address', 'Ada,x'])).rejects.toThrow(
      /listmonk, Mailchimp or Buttondown/,
    );
  });
});
