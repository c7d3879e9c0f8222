import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJsonl, tuesday, wednesday } from '../invented-days.ts';
import { documentOf, makePlace, type Place } from './paperboy.ts';

const list = `email,topics,frequency,hour,timezone,status
ada@readers.example,cs.CL;cs.RO,daily,8,Europe/Berlin,active
bo@readers.example,query:ferns OR gloves,weekdays,17,UTC,active
cy@readers.example,cs.CL,weekly:fri,8,UTC,active
di@readers.example,cs.CL,daily,8,UTC,paused
ed@readers.example,cs.CL,daily,8,Europe/Atlantis,active
fy at readers,cs.CL,daily,8,UTC,active
gi@readers.example,cs.ZZ,daily,24,UTC,active
ho@readers.example,cs.CL,daily,24,UTC,active
`;

describe('readers and their digests', { timeout: 90_000 }, () => {
  let place: Place;
  beforeAll(async () => {
    place = makePlace();
    const input = toJsonl([...tuesday, ...wednesday]);
    documentOf(await place.run(['import', '--json', '-'], { input }));
  });
  afterAll(() => place.remove());

  const json = async (...args: string[]): Promise<unknown> =>
    documentOf(await place.run([...args, '--json']));
  const outbox = (): readonly string[] => {
    const folder = join(place.folder, 'outbox');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  };
  const atSix = ['--as-of', '2026-03-18T18:00:00Z'];

  it('subscribers import takes the good rows and names what is wrong with the others', async () => {
    const file = place.file('readers.csv', list);
    const at = (line: number, reason: string) => ({
      file,
      line,
      reason: expect.stringContaining(reason),
    });
    expect(await json('subscribers', 'import', file)).toEqual({
      subscribers: { new: 4, updated: 0, unchanged: 0 },
      rejected: [
        at(6, '"Europe/Atlantis" is no IANA time zone'),
        at(7, '"fy at readers" is no e-mail address'),
        at(8, 'there is no topic "cs.ZZ"'),
        at(9, '"24" is no hour from 0 to 23'),
      ],
    });
    expect(await json('subscribers', 'import', file)).toMatchObject({
      subscribers: { new: 0, updated: 0, unchanged: 4 },
    });
    const late = 'email,topics,hour,timezone\nearly@readers.example,all,0,UTC\n';
    const { stdout } = await place.run(['subscribers', 'import', '-'], { input: late });
    expect(stdout).toContain('due now: 1 of the new ones');
    await place.run(['subscribers', 'erase', 'early@readers.example']);
  });

  it('subscribers export gives the same list back, list and erase work on it', async () => {
    const { stdout } = await place.run(['subscribers', 'export']);
    for (const row of list.trimEnd().split('\n').slice(0, 5)) expect(stdout).toContain(row);
    expect(await json('subscribers', 'erase', 'di@readers.example')).toEqual({
      erased: 'di@readers.example',
    });
    expect(await json('subscribers', 'list')).toMatchObject({
      subscribers: [
        { email: 'ada@readers.example', topics: 'cs.CL;cs.RO', timezone: 'Europe/Berlin' },
        { email: 'bo@readers.example', topics: 'query:ferns OR gloves', frequency: 'weekdays' },
        { email: 'cy@readers.example', frequency: 'weekly:fri' },
      ],
    });
  });

  it('digest preview shows a digest as JSON and as mail, and records nothing', async () => {
    const preview = ['digest', 'preview', '--to', 'bo@readers.example', ...atSix];
    expect(await json(...preview)).toMatchObject({
      day: '2026-03-18',
      papers: [
        { rank: 1, arxivId: '2603.10006', url: 'https://arxiv.org/abs/2603.10006' },
        { rank: 2, arxivId: '2603.10007', reason: expect.stringContaining('upvotes') },
      ],
    });
    const eml = await place.run([...preview, '--format', 'eml']);
    expect([eml.code, eml.stderr]).toEqual([0, '']);
    const mail = await simpleParser(eml.stdout);
    expect(mail.to).toMatchObject({ text: 'bo@readers.example' });
    expect(mail.text).toContain('https://arxiv.org/abs/2603.10007');
    expect(outbox()).toEqual([]);
  });

  it('digest send --dry-run says what it would do and does nothing', async () => {
    expect(await json('digest', 'send', '--dry-run', ...atSix)).toMatchObject({
      due: 2,
      sent: 0,
      skipped: { 'nothing-new': 0 },
      deferred: 0,
      failed: 0,
    });
    expect(outbox()).toEqual([]);
  });

  it('digest send delivers to who is due at that moment, and a second time to nobody', async () => {
    const report = { due: 2, sent: 2, deferred: 0, failed: 0 };
    expect(await json('digest', 'send', ...atSix)).toMatchObject(report);
    const folder = join(place.folder, 'outbox');
    const modes = [folder, ...outbox().map((name) => join(folder, name))].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect([...new Set(modes)]).toEqual([0o700, 0o600]);
    const mails = outbox();
    expect(mails).toHaveLength(2);
    const bytes = mails.map((name) => readFileSync(join(place.folder, 'outbox', name)));
    const to = await Promise.all(bytes.map(async (mail) => (await simpleParser(mail)).to));
    expect(to).toMatchObject([{ text: 'ada@readers.example' }, { text: 'bo@readers.example' }]);

    expect(await json('digest', 'send', ...atSix)).toMatchObject({ due: 0, sent: 0 });
    expect(outbox()).toEqual(mails);
  });
});
