import { expect, it } from 'vitest';
import { runKillLoop } from './kill-loop.ts';

// The long form is `bench/kill-loop.ts`.
it('a sender killed five times in 1,500 mails leaves nobody out and mails nobody twice', {
  timeout: 400_000,
}, async () => {
  const report = await runKillLoop(1_500, 5, Math.random);
  expect(report).toMatchObject({ faults: [], mails: 1_500, kills: 5 });
  expect(report.sent + report.unknown).toBe(1_500);
  expect(report.unknown).toBeLessThanOrEqual(5 * report.connections);
  // What is in doubt may have arrived; what is sent has.
  expect(report.taken).toBe(report.sent + report.unknownTaken);
});
