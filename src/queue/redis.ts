/**
 * Redis carries work from the process that keeps the ledger to those that print and send, and their
 * word back. Nothing in it is the truth: all of it may be lost at any moment, and the ledger tells
 * what is left to do.
 */
import { createHmac } from 'node:crypto';
import { Redis } from 'ioredis';

export type RedisNames = {
  /** Begins every key, so that two services on one Redis never meet. */
  readonly prefix: string;
  /** A list: the questions of the workers. */
  readonly questions: string;
  /** A channel: the answers to one worker. */
  readonly answersTo: (worker: string) => string;
  /** A stream: how attempts ended. */
  readonly reports: string;
};

/** The names of one installation's keys. They are made from its secret: who has another finds nothing. */
export const redisNames = (secret: string): RedisNames => {
  const mark = createHmac('sha256', secret).update('redis\0names').digest('hex').slice(0, 12);
  const prefix = `paperboy:${mark}`;
  return {
    prefix,
    questions: `${prefix}:questions`,
    answersTo: (worker) => `${prefix}:answers:${worker}`,
    reports: `${prefix}:reports`,
  };
};

const longestPauseMs = 2_000;

/**
 * A connection that comes back by itself. Commands given while it is away wait for it; `onLost` is
 * told once each time it goes.
 * @throws when there is no Redis to begin with.
 */
export const connectRedis = async (
  url: string,
  onLost: (reason: string) => void,
): Promise<Redis> => {
  let known = false;
  const redis = new Redis(url, {
    // BullMQ wants its blocking reads never to be given up.
    maxRetriesPerRequest: null,
    lazyConnect: true,
    retryStrategy: (times) => (known ? Math.min(100 * times, longestPauseMs) : null),
  });
  let reason = '';
  let told = true;
  redis.on('error', (error: Error) => {
    reason = error.message;
    if (!told) onLost(reason);
    told = true;
  });
  redis.on('ready', () => {
    known = true;
    told = false;
  });
  await redis.connect().catch((error: unknown) => {
    throw new Error(`Redis cannot be reached: ${reason || String(error)}`);
  });
  return redis;
};

/** Another connection like it: one that blocks or listens can do nothing else. */
export const connectAnother = (redis: Redis): Redis => {
  const another = redis.duplicate();
  // The first connection tells of the loss.
  another.on('error', () => undefined);
  return another;
};
