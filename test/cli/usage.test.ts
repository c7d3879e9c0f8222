import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Story, startStory } from '../story.ts';
import { documentOf, makePlace, type Place, reasonOf } from './paperboy.ts';

describe('wrong usage', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.end());

  it.each([
    [['trending', '--topic', 'no-such-topic'], 'there is no topic "no-such-topic"'],
    [['feed', '--topic', 'no-such-topic'], 'there is no topic "no-such-topic"'],
    [['digest', 'preview', '--topics', 'cs.CL,cs.ZZ'], 'there is no topic "cs.ZZ"'],
    [['digest', 'preview', '--topics', 'query:"open'], 'cannot be read at character 1'],
    [['digest', 'preview'], 'give either --to EMAIL or --topics A,B'],
    [['digest'], 'say what to do: preview or send'],
    [['trending', '--query', 'cats OR'], 'query, character 6: OR needs something on both sides'],
    [
      ['feed', '--query', 'a (b'],
      'query, character 3: this parenthesis is never closed (a ⟨here⟩(b)',
    ],
    [['search', 'cat:cs.ZZ'], 'query, character 5: arXiv has no category "cs.ZZ"'],
    [['search'], 'say what to search for'],
    [['trending', '--as-of', '2026-02-30'], '--as-of 2026-02-30 is no time such as'],
    [['digest', 'send', '--as-of', 'tomorrow'], '--as-of tomorrow is no time such as'],
    [['feed', '--as-of', '2026-03-20T25:00'], '--as-of 2026-03-20T25:00 is no time such as'],
    [['trending', '--limit', '0'], '--limit 0 is no whole number from 1 to 5000'],
    [['search', 'birds', '--limit', '5001'], '--limit 5001 is no whole number from 1 to 5000'],
    [['similar', '2603.10001', '--limit', '1.5'], '--limit 1.5 is no whole number'],
    [['similar'], 'name one arXiv id'],
    [['trending', '--topic', 'all', '--query', 'x'], 'give --topic or --query, not both'],
    [['trending', '--colour'], "Unknown option '--colour'"],
    [['topics', 'cs.CL'], 'unexpected argument "cs.CL"'],
    [['import'], 'name a file, or - for standard input'],
    [['ingest', 'gazette'], 'there is no source "gazette"'],
    [['subscribers', 'burn'], 'say what to do: import FILE.csv, export, list or erase EMAIL'],
    [['subscribers', 'erase', 'nobody'], '"nobody" is no e-mail address'],
    [['feed', '--format', 'gopher'], '--format gopher is none of rss, atom, json'],
    [['backup'], 'name one file to write'],
    [['deliveries'], 'say what to do: show or list'],
    [['deliveries', 'show'], "name one mail by its key or number, or a reader's address"],
    [['deliveries', 'show', '1', '--state', 'sent'], '--state belongs to list'],
    [['deliveries', 'list', '--state', 'lost'], '--state lost is none of planned, claimed'],
  ])('%j', async (args, reason) => {
    const { code, stdout, stderr } = await story.run(args);
    expect([code, stdout]).toEqual([2, '']);
    const [first, second, ...more] = stderr.split('\n');
    expect(first).toContain(`paperboy ${args[0]}: `);
    expect(first).toContain(reason);
    expect(second).toMatch(/^usage: paperboy /);
    expect(more).toEqual([]);
  });
});

describe('paperboy, called wrongly or where it cannot work', { timeout: 90_000 }, () => {
  let place: Place;
  beforeEach(() => {
    place = makePlace();
  });
  afterEach(() => place.remove());

  it('an unknown command exits with 2; help is no error', async () => {
    const unknown = await place.run(['deliver']);
    expect(unknown).toEqual({
      code: 2,
      stdout: '',
      stderr: 'paperboy: there is no command "deliver"; "paperboy help" lists them\n',
    });
    const help = await place.run(['help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    for (const name of ['serve', 'import', 'ingest', 'trending', 'search', 'similar', 'topics'])
      expect(help.stdout).toContain(`\n  ${name}`);
  });

  it('every wrong setting is reported at once, by name', async () => {
    const env = {
      DATABASE_URL: 'postgres://elsewhere/paperboy',
      PORT: 'eighty',
      BASE_URL: 'papers.example',
      SMTP_URL: 'mail.example',
      SOURCES: 'arxiv,gazette',
      SECRET: 'short',
    };
    const { code, stdout, stderr } = await place.run(['topics'], { env });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^paperboy: wrong settings:\n/);
    for (const name of Object.keys(env))
      expect(stderr).toMatch(new RegExp(`^  ${name} .*\n    → \\w`, 'm'));
    expect(stderr).not.toContain('    at ');
  });

  it('a file in the way of the database folder is named', async () => {
    place.file('data', 'not a folder');
    const result = await place.run(['topics']);
    expect([result.code, result.stdout]).toEqual([1, '']);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(reasonOf(result)).toContain('cannot be opened for writing');
    expect(reasonOf(result)).toContain(join(place.folder, 'data', 'paperboy.db'));
  });

  it('a file that is no database is left alone', async () => {
    mkdirSync(join(place.folder, 'data'));
    place.file('data/paperboy.db', 'Dear diary, today I was no database.'.repeat(100));
    const result = await place.run(['topics']);
    expect([result.code, result.stdout]).toEqual([1, '']);
    expect(reasonOf(result)).toContain('is damaged or no SQLite database');
  });

  it('a database from a newer version is refused, and nothing in it changes', async () => {
    documentOf(await place.run(['topics', '--json']));
    const db = new Database(join(place.folder, 'data', 'paperboy.db'));
    db.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)').run(
      'made in the future',
      Date.UTC(2100, 0),
    );
    const version = db.pragma('data_version', { simple: true });
    const result = await place.run(['import', '-'], { input: '{"title":"A Late Arrival"}\n' });
    expect([result.code, result.stdout]).toEqual([1, '']);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(reasonOf(result)).toContain('was made by a newer version of Paperboy');
    expect(db.pragma('data_version', { simple: true })).toBe(version);
    db.close();
  });
});
