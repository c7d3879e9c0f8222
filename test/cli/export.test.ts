import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/run.ts';
import { connect, newDbFile, tempFolder } from '../db/temp-db.ts';
import { documentOf, makePlace, type Place, reasonOf } from './paperboy.ts';

const papers = [
  {
    ...{ arxivId: '2603.10001', title: 'Quiet $\\alpha$-Owls', abstract: 'We count owls.' },
    ...{ authors: ['Ada Example', 'Bo Ünlü'], categories: ['cs.CL', 'cs.AI'] },
    ...{ publishedAt: '2026-03-16T17:00:00Z', listedOn: '2026-03-17', featuredOn: '2026-03-18' },
    ...{ comment: '12 pages', codeUrl: 'https://code.example/owls', summary: 'Owls, counted.' },
    ...{ summaryBy: 'huggingface', keywords: ['owls', 'night'], organization: 'Forest' },
    ...{ version: 2, textBy: 'arxiv' },
  },
  { title: 'A Paper Known by Its Title', listedOn: '2026-03-17' },
];
const look = { source: 'huggingface', kind: 'upvotes', observedAt: '2026-03-18T09:00:00Z' };
const signals = [
  { arxivId: '2603.10001', ...look, value: 31, listedOn: '2026-03-17' },
  { id: 'title:a-paper-known-by-its-title', ...look, value: 4 },
];
const readers = `email,topics,frequency,hour,timezone,status,papers,mute,language
ada@readers.example,"cs.CL;query:""owls by night""",weekly:mon,7,Europe/Berlin,active,5,moss,de
alan@readers.example,cs.CL,daily,8,Europe/London,unsubscribed,10,,en
`;
const jsonl = (rows: readonly object[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const names = ['papers.jsonl', 'signals.jsonl', 'subscribers.csv', 'suppressions.csv'];

let places: Place[];
beforeEach(() => {
  places = [];
});
afterEach(() => {
  for (const place of places) place.remove();
});

const newPlace = (): Place => {
  const place = makePlace();
  places.push(place);
  return place;
};

const takeIn = async (place: Place, folder: string): Promise<void> => {
  const [paperFile = '', signalFile = '', readerFile = '', goneFile = ''] = names.map((name) =>
    join(folder, name),
  );
  const taken = documentOf(await place.run(['import', paperFile, signalFile, '--json']));
  expect(taken).toMatchObject({ papers: { new: 2 }, signals: { new: 2 }, rejected: [] });
  const come = documentOf(await place.run(['subscribers', 'import', readerFile, '--json']));
  expect(come).toMatchObject({ subscribers: { new: 2 }, rejected: [] });
  documentOf(await place.run(['suppressions', 'import', goneFile, '--json']));
};

describe('export', () => {
  it('writes what the imports take in, and a second house exports the same to the byte', async () => {
    const [first, second] = [newPlace(), newPlace()];
    first.file('papers.jsonl', jsonl(papers));
    first.file('signals.jsonl', jsonl(signals));
    first.file('subscribers.csv', readers);
    first.file(
      'suppressions.csv',
      'email,reason,since,detail\ngone@readers.example,hard,2026-03-01T00:00:00.000Z,"550 no, never"\n',
    );
    await takeIn(first, first.folder);
    const out = join(first.folder, 'out');
    expect(documentOf(await first.run(['export', out, '--json']))).toEqual({
      ...{ papers: 2, signals: 2, subscribers: 2, suppressions: 1 },
    });
    expect(readdirSync(out).toSorted()).toEqual(names);
    expect(statSync(join(out, 'subscribers.csv')).mode & 0o777).toBe(0o600);
    const [paper] = readFileSync(join(out, 'papers.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(paper ?? '')).toEqual({
      ...papers[0],
      publishedAt: '2026-03-16T17:00:00.000Z',
    });

    await takeIn(second, out);
    const again = join(second.folder, 'out');
    documentOf(await second.run(['export', again, '--json']));
    for (const name of names)
      expect(readFileSync(join(again, name), 'utf8')).toBe(readFileSync(join(out, name), 'utf8'));
  }, 90_000);

  it('overwrites nothing unless told to, and says which files are there', async () => {
    const place = newPlace();
    const kept = place.file('signals.jsonl', 'mine\n');
    const refused = await place.run(['export', place.folder]);
    expect(refused.code).toBe(1);
    expect(reasonOf(refused)).toBe(
      `paperboy export: ${kept} would be overwritten; --force allows it`,
    );
    expect(readFileSync(kept, 'utf8')).toBe('mine\n');
    expect(existsSync(join(place.folder, 'papers.jsonl'))).toBe(false);
    expect((await place.run(['export', place.folder, '--force'])).code).toBe(0);
    expect(readFileSync(kept, 'utf8')).toBe('');

    const inTheWay = place.file('a-file', '');
    const failed = await place.run(['export', inTheWay]);
    expect(failed.code).toBe(1);
    expect(reasonOf(failed)).toMatch(
      /^paperboy export: nothing was exported: ENOTDIR: .*a-file is no folder/,
    );
    expect((await place.run(['export'])).code).toBe(2);
  });

  it('interrupted, leaves what was there and nothing half written', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'papers.jsonl'), 'mine\n');
    const notes: string[] = [];
    const context = {
      ...{ openDb: () => connect(newDbFile()), signal: AbortSignal.abort(), terminal: false },
      ...{ note: (text: string) => notes.push(text), print: () => undefined },
      stdin: Readable.from([]),
    };
    expect(await runCommand({}, context as never, ['export', folder, '--force'])).toBe(1);
    expect(notes).toEqual(['paperboy export: interrupted; no file was written']);
    expect(readdirSync(folder)).toEqual(['papers.jsonl']);
    expect(readFileSync(join(folder, 'papers.jsonl'), 'utf8')).toBe('mine\n');
  });
});
