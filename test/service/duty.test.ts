import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaveDuty, takeDuty } from '../../src/db/duties.ts';
import type { Db } from '../../src/db/open.ts';
import { type Duty, type DutyDeps, keepDuty, whoIsOnDuty } from '../../src/service/duty.ts';
import { connect, newDbFile } from '../db/temp-db.ts';
import { later, noon, silentLog } from '../invent.ts';

const beatMs = 5;
const leaseMs = 30_000;
const soon = { timeout: 20_000 };

describe('services on one database', () => {
  let file = '';
  let now = noon;
  let gone = '';
  const duties: Duty[] = [];
  beforeEach(() => {
    [file, now, gone] = [newDbFile(), noon, ''];
  });
  afterEach(async () => {
    for (const duty of duties.splice(0)) await duty.stop();
  });

  /** A service that counts its beginnings and ends. */
  const service = (owner: string, given: Partial<DutyDeps> = {}) => {
    const db: Db = connect(file);
    const counts = { begun: 0, ended: 0 };
    const isGone = (name: string) => name === gone;
    const deps = { db, owner, clock: () => now, isGone, log: silentLog, beatMs, leaseMs };
    const duty = keepDuty({ ...deps, ...given }, () => {
      counts.begun += 1;
      return {
        stop: async () => {
          await sleep(1);
          counts.ended += 1;
        },
      };
    });
    duties.push(duty);
    return { db, duty, counts };
  };
  const someBeats = () => sleep(20 * beatMs);

  it('take turns: the first works, the others stand by', async () => {
    const [one, two] = [service('one'), service('two')];
    await someBeats();
    expect([one.counts, two.counts]).toEqual([
      { begun: 1, ended: 0 },
      { begun: 0, ended: 0 },
    ]);
    expect(whoIsOnDuty(two.db, now)).toBe('one');
  });

  it('follow at once when the one on duty stops, and not before its work has ended', async () => {
    const [one, two] = [service('one'), service('two')];
    await one.duty.stop();
    expect(one.counts).toEqual({ begun: 1, ended: 1 });
    await expect.poll(() => two.counts.begun, soon).toBe(1);
    expect(whoIsOnDuty(two.db, now)).toBe('two');
  });

  it('stop well where the duty cannot be given up: its lease ends by itself', async () => {
    const [one, two] = [service('one'), service('two')];
    connect(file).$client.exec(
      `create trigger held before delete on duties begin select raise(abort, 'held'); end`,
    );
    await one.duty.stop();
    expect(one.counts).toEqual({ begun: 1, ended: 1 });
    now = later(noon, leaseMs);
    await expect.poll(() => two.counts.begun, soon).toBe(1);
  });

  it('follow at once when the one on duty is seen to be gone', async () => {
    const frozen = service('one', { beatMs: 3_600_000 });
    const two = service('two');
    await someBeats();
    expect(two.counts.begun).toBe(0);
    gone = 'one';
    await expect.poll(() => two.counts.begun, soon).toBe(1);
    expect(frozen.counts.ended).toBe(0);
  });

  it('follow one that hangs once its lease is over, and it stops when it wakes', async () => {
    const hanging = service('one', { beatMs: 250 });
    const two = service('two');
    now = later(noon, leaseMs - 1);
    await someBeats();
    expect(two.counts.begun).toBe(0);
    now = later(noon, leaseMs);
    await expect.poll(() => two.counts.begun, soon).toBe(1);
    await expect.poll(() => hanging.counts.ended, soon).toBe(1);
    expect(hanging.duty.isOurs()).toBe(false);
    await someBeats();
    expect(two.counts).toEqual({ begun: 1, ended: 0 });
  });

  it('begin when the database, held by another at the start, is free again', async () => {
    const first = connect(file);
    first.$client.exec(
      `create trigger held before insert on duties begin select raise(abort, 'held'); end`,
    );
    const { counts } = service('one');
    await someBeats();
    expect(counts.begun).toBe(0);
    first.$client.exec('drop trigger held');
    await expect.poll(() => counts.begun, soon).toBe(1);
  });

  /** A service whose work takes some beats to end, and what happened in order. */
  const slowToEnd = () => {
    const events: string[] = [];
    let number = 0;
    const db = connect(file);
    const deps = { db, owner: 'one', clock: () => now, isGone: () => false, log: silentLog };
    const duty = keepDuty({ ...deps, beatMs, leaseMs }, () => {
      number += 1;
      const own = number;
      events.push(`begin ${own}`);
      return {
        stop: async () => {
          await sleep(40 * beatMs);
          events.push(`ended ${own}`);
        },
      };
    });
    duties.push(duty);
    const isGone = (name: string) => name === 'one';
    /** As if this one had stalled, and another had taken its place. */
    const lose = (): unknown =>
      takeDuty(db, { name: 'service', owner: 'two', now, leaseMs, isGone });
    return { db, duty, events, lose };
  };

  it('begin anew only when the work before has ended, however many beats that takes', async () => {
    const { db, events, lose } = slowToEnd();
    lose();
    await someBeats();
    leaveDuty(db, 'service', 'two');
    await expect.poll(() => events, soon).toEqual(['begin 1', 'ended 1', 'begin 2']);
  });

  it('stop only when work that was ending already has ended', async () => {
    const { duty, events, lose } = slowToEnd();
    lose();
    await someBeats();
    await duty.stop();
    expect(events).toEqual(['begin 1', 'ended 1']);
  });

  it('are not kept waiting by a clock that was put back', async () => {
    service('one', { beatMs: 3_600_000 });
    now = later(noon, -24 * 3_600_000);
    const two = service('two');
    await expect.poll(() => two.counts.begun, soon).toBe(1);
  });
});
