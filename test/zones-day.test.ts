/** A small form of `bench/zones.ts`: a day of quarter hours, with readers in every zone. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a day round the world leaves nobody out and plans nobody twice', async () => {
  const args = ['--import', 'tsx', 'bench/zones.ts', '400', '10'];
  // Rejects when the bench found anybody.
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toContain('left out: 0; due again after a tick: 0');
  const hours = [...stdout.matchAll(/^ +\d+:00 +([\d,]+) /gm)].map(([, due]) => Number(due));
  expect(hours).toHaveLength(24);
  expect(hours.reduce((sum, due) => sum + due, 0)).toBeGreaterThan(350);
  expect(stdout).toMatch(/within 30 minutes at [\d.]+ mails a second/);
}, 60_000);
