import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CommandContext, UsageError } from '../../src/cli/command.ts';
import { ingestCommand } from '../../src/cli/ingest.ts';
import { parseConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/open.ts';
import { type Services, startServices } from '../app/services.ts';

let services: Services;
beforeEach(async () => {
  services = await startServices();
});
afterEach(() => services.close());

const run = async (args: readonly string[], env: Record<string, string> = {}) => {
  const addresses = ['HF_API_URL', 'ARXIV_RSS_URL', 'ARXIV_API_URL', 'HN_API_URL'];
  const urls = Object.fromEntries(addresses.map((name) => [name, services.base]));
  const parsed = parseConfig({ ...urls, ...env });
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('; '));
  const silent = () => undefined;
  const db = openDatabase(':memory:', 'migrations');
  const printed: string[] = [];
  const context: CommandContext = {
    config: parsed.config,
    clock: () => new Date('2026-01-15T07:00:00Z'),
    log: { debug: silent, info: silent, warn: silent, error: silent },
    openDb: () => db,
    secret: () => '',
    print: (text) => void printed.push(text),
    note: silent,
    terminal: false,
    stdin: (async function* () {})(),
    signal: new AbortController().signal,
    owner: 'host/1/1',
    isGone: () => false,
  };
  await ingestCommand.run(context, args);
  db.$client.close();
  return printed.join('\n');
};

describe('ingest', () => {
  test('asks the sources of the settings, given no more than the host of each', async () => {
    const { sources } = JSON.parse(await run(['--json']));
    expect(sources).toMatchObject([
      { source: 'huggingface', papers: { new: 16, unchanged: 0 }, rejected: [] },
      { source: 'arxiv', papers: { new: 2, updated: 1 }, rejected: [] },
    ]);
  });

  test('asks one by name, and for days of the past', async () => {
    const text = await run(['huggingface', '--from', '2026-01-10', '--to', '2026-01-11']);
    expect(text).toContain('huggingface: 4 new papers');
    expect(services.asked.map(({ url }) => url)).toEqual([
      '/api/daily_papers?date=2026-01-10&limit=100',
      '/api/daily_papers?date=2026-01-11&limit=100',
    ]);
  });

  test.each([
    [['nowhere'], 'there is no source "nowhere"'],
    [['--to', '2026-01-10'], '--to needs --from'],
    [['--from', '2026-02-30'], 'is no day'],
    [['--from', '2026-01-12', '--to', '2026-01-10'], 'is later than 2026-01-10'],
    [['--from', '2026-01-16'], 'is later than today'],
  ])('%j is wrong usage', async (args, says) => {
    await expect(run(args)).rejects.toThrow(says);
    await expect(run(args)).rejects.toBeInstanceOf(UsageError);
  });

  test('a source no one knows stops the start', async () => {
    await expect(run([], { SOURCES: 'arxiv,nowhere' })).rejects.toThrow(
      'names no source "nowhere"',
    );
    await run([], { SOURCES: 'hackernews' });
    expect(services.asked).toHaveLength(1);
  });

  test('a source without a past says so', async () => {
    const args = ['github', '--from', '2026-01-10'];
    await expect(run(args)).rejects.toThrow('has no past to fetch by days');
  });
});
