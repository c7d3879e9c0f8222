/** Bundles of orders on their way to the workers, as BullMQ jobs: a bundle's id is its job's. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { connectAnother, type RedisNames } from './redis.ts';

export type Bundle = {
  /** Also the holder of the lease in the ledger. */
  readonly id: string;
  /** Orders as JSON. */
  readonly orders: string;
};

const queueName = 'bundles';

/** A worker that falls silent this long has lost its bundle … */
const lockMs = 4_000;
/** … and this often somebody looks. Together they stay under ten seconds. */
const stalledCheckMs = 2_000;

/** Redis gets this long to hear that a worker goes. */
const closedWithinMs = 5_000;

/** A bundle is tried until the ledger says that nothing of it is left to do. */
const tries = 1_000;

export type BundleQueue = {
  readonly add: (bundle: Bundle) => Promise<void>;
  /** Of these, the ones that are still waiting or being worked on. */
  readonly unfinished: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Takes back what no worker has begun; gives the ids of those taken back. */
  readonly takeBack: (ids: readonly string[]) => Promise<readonly string[]>;
  /** How many workers are connected. */
  readonly workers: () => Promise<number>;
  readonly close: () => Promise<void>;
};

/** The keeper's end. */
export const openBundleQueue = (redis: Redis, names: RedisNames): BundleQueue => {
  const own = connectAnother(redis);
  const queue = new Queue<Bundle>(queueName, {
    connection: own,
    prefix: names.prefix,
    defaultJobOptions: {
      attempts: tries,
      backoff: { type: 'fixed', delay: 2_000 },
      removeOnComplete: true,
      removeOnFail: true,
      stackTraceLimit: 1,
    },
    streams: { events: { maxLen: 100 } },
  });
  queue.on('error', () => undefined);
  return {
    add: async (bundle) => void (await queue.add('bundle', bundle, { jobId: bundle.id })),
    unfinished: async (ids) => {
      const states = await Promise.all(ids.map((id) => queue.getJobState(id)));
      return new Set(
        ids.filter((_, index) => !['unknown', 'completed', 'failed'].includes(states[index] ?? '')),
      );
    },
    takeBack: async (ids) => {
      const taken = await Promise.all(
        ids.map(async (id) => ((await queue.remove(id).catch(() => 0)) > 0 ? [id] : [])),
      );
      return taken.flat();
    },
    workers: () => queue.getWorkersCount(),
    close: async () => {
      await queue.close();
      // The library leaves alone what it was given.
      own.disconnect();
    },
  };
};

export type BundleWorker = {
  /** Takes no new bundle and waits for those in hand. */
  readonly close: () => Promise<void>;
};

/** A worker's end. A bundle whose handling throws is given again, to this worker or another. */
export const takeBundles = (
  redis: Redis,
  names: RedisNames,
  options: { readonly atOnce: number; readonly onFault: (error: unknown) => void },
  handle: (bundle: Bundle) => Promise<void>,
): BundleWorker => {
  const own = connectAnother(redis);
  const inHand = new Set<Promise<void>>();
  const take = async (bundle: Bundle): Promise<void> => {
    const handling = handle(bundle);
    inHand.add(handling);
    await handling.finally(() => inHand.delete(handling));
  };
  const worker = new Worker<Bundle>(queueName, (job) => take(job.data), {
    connection: own,
    prefix: names.prefix,
    concurrency: options.atOnce,
    lockDuration: lockMs,
    stalledInterval: stalledCheckMs,
    // A bundle is given on however many workers die with it: the ledger says what is left of it.
    maxStalledCount: tries,
    drainDelay: 1,
  });
  worker.on('error', options.onFault);
  return {
    close: async () => {
      await worker.pause(true);
      await Promise.allSettled(inHand);
      // Without Redis the library would wait for it to come back, to say that the bundles are done.
      const isThere = own.status === 'ready';
      await Promise.race([
        worker.close(!isThere),
        sleep(closedWithinMs, undefined, { ref: false }),
      ]);
      own.disconnect();
    },
  };
};
