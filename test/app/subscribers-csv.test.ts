import { beforeEach, describe, expect, test } from 'vitest';
import { CsvFault } from '../../src/app/csv-rows.ts';
import { exportSubscribers, importSubscribers } from '../../src/app/subscribers-csv.ts';
import type { Db } from '../../src/db/open.ts';
import { findByEmail, setStatus } from '../../src/db/subscribers.ts';
import { suppress } from '../../src/db/suppressions.ts';
import { rowsOf, tempDb } from '../db/temp-db.ts';
import { noon } from '../invent.ts';

let db: Db;
beforeEach(() => {
  db = tempDb();
});

const header = 'email,topics,frequency,hour,timezone,status';

async function* chunks(text: string, bytes: number): AsyncGenerator<Buffer> {
  const whole = Buffer.from(text);
  for (let at = 0; at < whole.length; at += bytes) yield whole.subarray(at, at + bytes);
}
const take = (text: string, bytes = 7) =>
  importSubscribers(db, chunks(text, bytes), 'readers.csv', noon);
const rejectsOf = async (...rows: readonly string[]): Promise<readonly string[]> =>
  (await take([header, ...rows].join('\n'))).rejected.map(
    ({ line, reason }) => `${line}: ${reason}`,
  );
const settingsOf = (email: string) => findByEmail(db, email)?.settings;

describe('a CSV of subscribers', () => {
  test('that says nothing of topics has those of the command', async () => {
    const list = (text: string, topics?: string) =>
      importSubscribers(db, chunks(text, 64), 'readers.csv', noon, topics);
    await expect(list('email\nada@example.org\n')).rejects.toThrow('the column topics is missing');
    expect(await list('email\nada@example.org\n', 'cs.CL;cs.LG')).toMatchObject({ new: 1 });
    const rows = 'email,topics\nbo@example.org,\ncy@example.org,cs.RO\n';
    expect(await list(rows, 'cs.CL')).toMatchObject({ new: 2, rejected: [] });
    expect(['ada', 'bo', 'cy'].map((name) => settingsOf(`${name}@example.org`)?.topics)).toEqual([
      ['cs.CL', 'cs.LG'],
      ['cs.CL'],
      ['cs.RO'],
    ]);
    expect((await list('email,topics\ndi@example.org,\n')).rejected).toHaveLength(1);
  });

  test('says how many of the new are due now, by their own clocks', async () => {
    const tally = await take(
      [
        header,
        // At noon in London it is 21 o'clock in Tokyo, and 8 in New York, where summer time has begun.
        'a@example.org,all,daily,12,Europe/London,active',
        'b@example.org,all,daily,13,Europe/London,active',
        'c@example.org,all,daily,21,Asia/Tokyo,active',
        'd@example.org,all,daily,9,America/New_York,active',
        'e@example.org,all,daily,0,Europe/London,paused',
        'f@example.org,all,daily,0,Europe/London,unsubscribed',
      ].join('\n'),
    );
    expect([tally.new, tally.due]).toEqual([6, 2]);
    expect((await take(`${header}\na@example.org,all,daily,11,Europe/London,active`)).due).toBe(0);
  });

  test('brings every setting', async () => {
    const tally = await take(`${header},papers
mira@example.org,cs.CL;all,weekly:mon,23,Asia/Kathmandu,paused,5
jonas@example.org,"query:""sleepy robots"" -cat:cs.RO; cs.ro",weekdays,0,Europe/Berlin,active,
`);
    const counts = { new: 2, updated: 0, unchanged: 0, due: 1 };
    expect(tally).toEqual({ ...counts, ignored: [], rejected: [] });
    expect(findByEmail(db, 'mira@example.org')).toMatchObject({
      status: 'paused',
      settings: {
        topics: ['cs.CL', 'all'],
        frequency: { kind: 'weekly', on: 'mon' },
        hour: 23,
        timeZone: 'Asia/Kathmandu',
        papers: 5,
      },
    });
    expect(settingsOf('jonas@example.org')).toMatchObject({
      topics: ['query:"sleepy robots" -cat:cs.RO', 'cs.RO'],
      frequency: { kind: 'weekdays' },
      hour: 0,
      papers: 10,
    });
  });

  test('brings a language, and leaves it as it is where it has no such column', async () => {
    await take('email,topics,language\nmira@example.org,all,zh-Hans\n');
    expect(settingsOf('mira@example.org')?.language).toBe('zh');
    await take('email,topics,hour\nmira@example.org,all,5\n');
    expect(settingsOf('mira@example.org')).toMatchObject({ hour: 5, language: 'zh' });
    expect((await take('email,topics,language\nmira@example.org,all,tlh\n')).rejected).toEqual([
      {
        file: 'readers.csv',
        line: 2,
        reason: '"tlh" is no language we write (en, de, fr, es, zh, ja)',
      },
    ]);
  });

  test('needs addresses and topics only, in any order of columns', async () => {
    await take('Topics , EMAIL,name\nall,mira@example.org,Mira\n');
    expect(findByEmail(db, 'mira@example.org')).toMatchObject({
      status: 'active',
      settings: { topics: ['all'], frequency: { kind: 'daily' }, hour: 8, timeZone: 'UTC' },
    });
  });

  test('may begin with a byte order mark, end its lines with CRLF, and have empty lines', async () => {
    const text = `\uFEFF${header}\r\n\r\nmira@example.org,all,daily,8,UTC,active\r\n\r\njonas@example.org,all,,,,\r\n`;
    for (const bytes of [1, 1_000]) {
      db = tempDb();
      expect(await take(text, bytes)).toMatchObject({ new: 2, rejected: [] });
    }
  });

  test('says of every wrong cell what is wrong, by line, and takes the other rows', async () => {
    const rejected = await rejectsOf(
      'no address,all,daily,8,UTC,active',
      ',all,daily,8,UTC,active',
      'good@example.org,all,daily,8,UTC,active',
      'a@example.org,nonsense,daily,8,UTC,active',
      'a@example.org,"query:robots )",daily,8,UTC,active',
      'a@example.org,,daily,8,UTC,active',
      'a@example.org,all,hourly,8,UTC,active',
      'a@example.org,all,daily,24,UTC,active',
      'a@example.org,all,daily,-1,UTC,active',
      'a@example.org,all,daily,8,Mars/Olympus,active',
      'a@example.org,all,daily,8,+02:00,active',
      'a@example.org,all,daily,8,UTC,asleep',
      'fine@example.org,all,daily,8,UTC,active',
    );
    expect(rejected).toEqual([
      '2: "no address" is no e-mail address',
      '3: "" is no e-mail address',
      '5: there is no topic "nonsense" ("paperboy topics" lists them)',
      expect.stringMatching(/^6: the query "robots \)" cannot be read at character 8: /),
      '7: no topic is given',
      '8: "hourly" is no frequency (daily, weekdays, weekly:mon)',
      '9: "24" is no hour from 0 to 23',
      '10: "-1" is no hour from 0 to 23',
      '11: "Mars/Olympus" is no IANA time zone such as Europe/Berlin',
      '12: "+02:00" is no IANA time zone such as Europe/Berlin',
      '13: "asleep" is no status (unconfirmed, active, paused, unsubscribed)',
    ]);
    expect(rowsOf(db, 'select email from subscribers')).toEqual([
      { email: 'good@example.org' },
      { email: 'fine@example.org' },
    ]);
  });

  test('with a broken quotation loses no good row before it', async () => {
    const tally = await take(
      `${header}\ngood@example.org,all,,,,\nbad"quote@example.org,all,,,,\nfine@example.org,all,,,,\n`,
    );
    expect(tally.new).toBe(2);
    expect(tally.rejected.map(({ line }) => line)).toEqual([3]);
  });

  test('without its columns is refused as a whole', async () => {
    await expect(take('mail,topics\nmira@example.org,all\n')).rejects.toThrow(CsvFault);
    await expect(take('mail,subjects\nmira@example.org,all\n')).rejects.toThrow(
      /the columns email and topics are missing/,
    );
    expect(rowsOf(db, 'select * from subscribers')).toEqual([]);
  });

  test.each([
    ['timezne', 'timezone'],
    ['stauts', 'status'],
    ['papres', 'papers'],
  ])('with a column %j takes nobody, since %j was meant', async (written, meant) => {
    await expect(take(`email,topics,${written}\nmira@example.org,all,x\n`)).rejects.toThrow(
      `line 1: there is no column "${written}"; write "${meant}", or take it away`,
    );
    expect(rowsOf(db, 'select * from subscribers')).toEqual([]);
  });

  test('with columns of somebody else names them', async () => {
    const tally = await take('email,topics,name,shoe size\nmira@example.org,all,Mira,38\n');
    expect(tally).toMatchObject({ new: 1, ignored: ['name', 'shoe size'] });
  });

  test.each([
    ['email;topics;hour', '";"'],
    ['"email";"topics"', '";"'],
    ['email\ttopics', 'a tab'],
  ])('with the header %j is told its separator', async (first, separator) => {
    await expect(take(`${first}\nx\n`)).rejects.toThrow(
      `line 1: the columns are separated by ${separator}, and a comma is expected`,
    );
  });

  test('takes the first of two rows for one address, and says so of the second', async () => {
    const rejected = await rejectsOf(
      'mira@example.org,all,daily,30,UTC,active',
      'mira@example.org,all,daily,8,UTC,active',
      'Mira@Example.org,all,daily,9,UTC,active',
    );
    expect(rejected).toEqual(['2: "30" is no hour from 0 to 23', '4: the address repeats line 3']);
    expect(settingsOf('mira@example.org')?.hour).toBe(8);
  });

  test('told again changes nothing, and changed it updates', async () => {
    const text = `${header}\nmira@example.org,all;cs.CL,daily,8,UTC,active\n`;
    await take(text);
    expect(await take(text)).toMatchObject({ new: 0, updated: 0, unchanged: 1 });
    expect(await take(text.replace(',8,', ',9,'))).toMatchObject({ updated: 1 });
    expect(settingsOf('MIRA@example.org')?.hour).toBe(9);
  });

  test('brings back nobody who has left or must not be mailed', async () => {
    await take(`${header}\nmira@example.org,all,daily,8,UTC,active\n`);
    setStatus(db, findByEmail(db, 'mira@example.org')?.id ?? 0, 'unsubscribed', noon);
    suppress(db, 'jonas@example.org', 'hard', 'gone', noon);
    const rejected = await rejectsOf(
      'Mira@example.org,all,daily,9,UTC,active',
      'jonas@example.org,all,daily,8,UTC,active',
    );
    expect(rejected).toEqual([
      '2: the reader has unsubscribed; only they can subscribe again',
      '3: the address is suppressed and must not be mailed',
    ]);
    expect(findByEmail(db, 'mira@example.org')).toMatchObject({
      status: 'unsubscribed',
      settings: { hour: 8 },
    });
  });

  test('loses no row after one whose quotation marks went wrong', async () => {
    const tally = await take(
      `${header}\n"bad q"@x.example,all,,,,\n"never closed,all,,,,\nmira@example.org,all,,,,\n`,
    );
    expect(tally.rejected.map(({ line }) => line)).toEqual([2, 3]);
    expect(tally.new).toBe(1);
  });

  test('exported and imported elsewhere is the same', async () => {
    await take(
      `${header}\nmira@example.org,"query:""a b"", c;all",weekly:sun,0,Asia/Tokyo,paused\njo@example.org,all,,,,\n`,
    );
    const text = [...exportSubscribers(db)].join('');
    db = tempDb();
    expect(await take(text)).toMatchObject({ new: 2, rejected: [] });
    expect([...exportSubscribers(db)].join('')).toBe(text);
  });
});
