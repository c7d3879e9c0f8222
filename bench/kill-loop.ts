/**
 * Is anyone left out, or mailed twice, when the sender is killed? `node --import tsx
 * bench/kill-loop.ts [KILLS [MAILS]]`
 *
 * Kills a sending process (`digest send`, kill -9) at random moments of a run of MAILS into a
 * counting mail server, starts it again, and at the end holds the ledger against what the server
 * took. Prints what it found; exits 1 when anything was wrong.
 */
import { runKillLoop } from '../test/system/kill-loop.ts';
import { print, watch } from './lib.ts';

const [killsAsked = '100', mailsAsked = '20000'] = process.argv.slice(2);
const elapsed = watch();
const { faults, ...figures } = await runKillLoop(
  Number(mailsAsked),
  Number(killsAsked),
  Math.random,
  (kill, taken) => process.stderr.write(`kill ${kill}, ${taken} mails taken\n`),
);
for (const [name, count] of Object.entries(figures)) print(`${name.padEnd(14)} ${count}`);
print(`${'seconds'.padEnd(14)} ${Math.round(elapsed().seconds)}`);
print(
  faults.length === 0 ? 'nobody left out, nobody mailed twice' : faults.slice(0, 50).join('\n'),
);
process.exitCode = faults.length === 0 ? 0 : 1;
