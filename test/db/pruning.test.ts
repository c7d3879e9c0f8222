import { expect, it } from 'vitest';
import { tidy } from '../../src/db/pruning.ts';
import { addReader } from '../invent.ts';
import { connect, newDbFile } from './temp-db.ts';

it('tidying waits for nobody who reads, and leaves the patience of writers as it was', () => {
  const file = newDbFile();
  const [db, reader] = [connect(file), connect(file)];
  reader.$client.exec('begin; select count(*) from subscribers');
  addReader(db, 'mira@example.org');
  const patience = db.$client.pragma('busy_timeout', { simple: true });
  const from = performance.now();
  tidy(db);
  expect(performance.now() - from).toBeLessThan(Number(patience) / 2);
  expect(db.$client.pragma('busy_timeout', { simple: true })).toBe(patience);
  reader.$client.exec('commit');
});
