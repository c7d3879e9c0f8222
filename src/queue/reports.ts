/**
 * How attempts ended, from the workers to the keeper of the ledger, where it does not answer letters.
 * A report stays in its stream until the keeper has entered it, so a keeper that restarts finds it;
 * entering it twice is harmless.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { SendOutcome } from '../domain/delivery.ts';
import { createEnding } from './ending.ts';
import { connectAnother, type RedisNames } from './redis.ts';

/** What became of a mail of a bundle. `released`: nothing was tried, somebody else may. */
export type Report = {
  /** The reporter's hold on the bundle. */
  readonly lease: string;
  readonly id: number;
  /** The recipient. */
  readonly to: string;
  readonly outcome: SendOutcome | { readonly kind: 'released' };
};

export type Reporting = {
  readonly report: (report: Report) => void;
  /** Resolves when all reports are in Redis; rejects when it could not take them in time. */
  readonly written: () => Promise<void>;
};

const writtenWithinMs = 30_000;

/** A worker's end. */
export const openReporting = (redis: Redis, names: RedisNames): Reporting => {
  let gathered: Report[] = [];
  const underway = new Set<Promise<unknown>>();
  const flush = (): void => {
    if (gathered.length === 0) return;
    const text = JSON.stringify(gathered);
    gathered = [];
    // While Redis is away the command waits in the connection's own queue.
    const sent = redis.xadd(names.reports, '*', 'reports', text).catch(() => undefined);
    underway.add(sent);
    void sent.finally(() => underway.delete(sent));
  };
  return {
    report: (report) => {
      gathered.push(report);
      // Within this turn, and so on its way before the same connection's next mail asks for its dot:
      // a killed worker leaves no more than one mail in doubt for each connection.
      if (gathered.length === 1) queueMicrotask(flush);
    },
    written: async () => {
      flush();
      const late = new Promise<never>((_, reject) => {
        setTimeout(() => reject(new Error('Redis takes no reports')), writtenWithinMs).unref();
      });
      await Promise.race([Promise.all(underway), late]);
    },
  };
};

const group = 'ledger';
const consumer = 'keeper';
const entriesAtOnce = 100;
const blockMs = 1_000;
const afterFaultMs = 500;

type Entry = readonly [id: string, fields: readonly string[]];

export type Entering = { readonly stop: () => Promise<void> };

/** The keeper's end. `enter` commits reports durably; when it rejects they are given again. */
export const openEntering = async (
  redis: Redis,
  names: RedisNames,
  enter: (reports: readonly Report[]) => Promise<void>,
  onFault: (error: unknown) => void,
): Promise<Entering> => {
  const reader = connectAnother(redis);
  const ending = createEnding();
  // A Redis that came back empty has forgotten the group too.
  const ensureGroup = () =>
    redis.xgroup('CREATE', names.reports, group, '0', 'MKSTREAM').catch((error: unknown) => {
      if (!String(error).includes('BUSYGROUP')) throw error;
    });
  const read = async (from: '0' | '>'): Promise<number> => {
    const answer = (await ending.orEnd(
      reader.xreadgroup(
        ...(['GROUP', group, consumer, 'COUNT', entriesAtOnce, 'BLOCK', blockMs] as const),
        ...(['STREAMS', names.reports, from] as const),
      ),
    )) as readonly (readonly [string, readonly Entry[]])[] | null | undefined;
    const entries = answer?.[0]?.[1] ?? [];
    if (entries.length === 0) return 0;
    await enter(entries.flatMap(([, fields]) => JSON.parse(fields?.[1] ?? '[]') as Report[]));
    const ids = entries.map(([id]) => id);
    await ending.orEnd(
      redis
        .multi()
        .xack(names.reports, group, ...ids)
        .xdel(names.reports, ...ids)
        .exec(),
    );
    return entries.length;
  };
  const loop = async (): Promise<void> => {
    let from: '0' | '>' = '0';
    while (!ending.isAsked())
      try {
        // First what was read before a restart and not entered.
        if ((await read(from)) === 0) from = '>';
      } catch (error) {
        if (ending.isAsked()) return;
        onFault(error);
        from = '0';
        await sleep(afterFaultMs);
        await ending.orEnd(ensureGroup().catch(() => undefined));
      }
  };
  await ensureGroup();
  const running = loop();
  return {
    stop: async () => {
      ending.ask();
      reader.disconnect();
      await running;
    },
  };
};
