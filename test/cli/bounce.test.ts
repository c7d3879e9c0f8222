import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/cli/command.ts';
import { runCommand } from '../../src/cli/run.ts';
import { parseConfig } from '../../src/config.ts';
import { type Db, openDatabase } from '../../src/db/open.ts';
import { isSuppressed } from '../../src/db/suppressions.ts';
import { dsn } from '../mail/reports.ts';

let folder: string;
let db: Db;
let printed: string[];
let noted: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paperboy-'));
  db = openDatabase(':memory:', 'migrations');
  printed = [];
  noted = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* piped(text: string) {
  yield Buffer.from(text);
}

const silent = () => undefined;

const run = (args: readonly string[], stdin = ''): Promise<number> => {
  const outcome = parseConfig({});
  if (outcome.kind === 'invalid') throw new Error(outcome.problems.join());
  const context: CommandContext = {
    config: outcome.config,
    clock: () => new Date('2026-03-20T12:00:00Z'),
    log: { debug: silent, info: silent, warn: silent, error: silent },
    openDb: () => db,
    secret: () => 'a secret of more than thirty-two characters',
    print: (text) => printed.push(text),
    note: (text) => noted.push(text),
    terminal: false,
    stdin: piped(stdin),
    signal: new AbortController().signal,
    owner: 'test',
    isGone: () => false,
  };
  return runCommand({}, context, args);
};

const report = dsn([
  {
    'Final-Recipient': 'rfc822; ada@reader.example',
    Action: 'failed',
    Status: '5.1.1',
    'Diagnostic-Code': 'smtp; 550 5.1.1 no such user',
  },
]).join('\n');

const ada = {
  recipient: 'ada@reader.example',
  verdict: 'hard',
  status: '5.1.1',
  reason: 'userunknown',
};

describe('paperboy bounce', () => {
  it('prints one document of the messages read, and applies them', async () => {
    const file = join(folder, 'one.eml');
    writeFileSync(file, report);
    expect(await run(['bounce', '--json', file, '-'], 'Subject: hello\n\nA letter.')).toBe(0);
    expect(JSON.parse(printed.join(''))).toEqual({
      messages: [
        { file, bounces: [ada] },
        { file: '-', bounces: [] },
      ],
    });
    expect(isSuppressed(db, ada.recipient)).toBe(true);
  });

  it('reads standard input when no file is named', async () => {
    expect(await run(['bounce', '--dry-run'], report)).toBe(0);
    expect(printed).toEqual(['-: ada@reader.example hard 5.1.1 userunknown (suppressed)']);
    expect(isSuppressed(db, ada.recipient)).toBe(false);
  });

  it('reads the other files when one is missing, and fails', async () => {
    expect(await run(['bounce', join(folder, 'none.eml'), '-'], report)).toBe(1);
    expect(noted.join()).toContain('no such file');
    expect(isSuppressed(db, ada.recipient)).toBe(true);
  });

  it('says what was wrong with the call', async () => {
    expect(await run(['bounce', '--no-such-option'])).toBe(2);
  });
});

describe('paperboy suppressions', () => {
  it('adds, lists and removes', async () => {
    expect(await run(['suppressions', 'add', 'Bo@reader.example', '--json'])).toBe(0);
    expect(await run(['suppressions', 'list', '--json'])).toBe(0);
    expect(await run(['suppressions', 'remove', 'bo@reader.example', '--json'])).toBe(0);
    expect(printed.map((text) => JSON.parse(text))).toEqual([
      { suppressed: 'Bo@reader.example', new: true },
      {
        suppressions: [
          {
            email: 'Bo@reader.example',
            reason: 'manual',
            since: '2026-03-20T12:00:00.000Z',
            detail: 'by the operator',
          },
        ],
      },
      { removed: 'bo@reader.example' },
    ]);
  });

  it('imports a list from standard input and names what it cannot take', async () => {
    expect(await run(['suppressions', 'import', '-', '--json'], 'email\na@b.example\nx\n')).toBe(0);
    expect(JSON.parse(printed.join(''))).toEqual({
      suppressions: { new: 1, unchanged: 0 },
      supposed: { reason: 0, since: 0 },
      rejected: [{ file: '-', line: 3, reason: '"x" is no e-mail address' }],
    });
  });

  it.each([
    [['suppressions'], 2],
    [['suppressions', 'add', 'nobody'], 2],
    [['suppressions', 'remove', 'a@b.example'], 1],
    [['suppressions', 'import', 'no-such-file.csv'], 1],
  ])('%j ends with %i', async (args, code) => {
    expect(await run(args)).toBe(code);
  });
});
