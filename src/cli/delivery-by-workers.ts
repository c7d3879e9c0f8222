/** The keeper's end of delivering through workers. */

import { openArchive } from '../app/archive.ts';
import type { Delivery } from '../app/deliver.ts';
import { createPace } from '../app/gate.ts';
import { createHandOut } from '../app/hand-out.ts';
import type { MailKit } from '../app/mail-kit.ts';
import { openCommits } from '../db/commits.ts';
import { openBundleQueue } from '../queue/bundles.ts';
import { connectRedis, redisNames } from '../queue/redis.ts';
import { openEntering } from '../queue/reports.ts';
import { openAnswering } from '../queue/word.ts';
import type { CommandContext } from './command.ts';

/** @throws when Redis cannot be reached. */
export const deliveryByWorkers = async (
  context: CommandContext,
  kit: MailKit,
  url: string,
): Promise<Delivery> => {
  const { config, clock, log } = context;
  const db = context.openDb();
  const names = redisNames(kit.secret);
  const redis = await connectRedis(url, (reason) => log.warn({ reason }, 'Redis is away'));
  const onFault = (error: unknown): void => log.error({ err: error }, 'the workers’ word is lost');
  const commits = openCommits(db);
  const queue = openBundleQueue(redis, names);
  const { sendRate, domainRates, warmUp } = config.mail;
  // What may not go at once waits in the ledger, not in a bundle.
  const pace = createPace({ domainRates, warmUp, patienceMs: 0 });
  const handOut = createHandOut({
    ...{ db, commits, clock, archive: openArchive(db, kit) },
    ...{ queue, log, sendRate, pace },
  });
  const answering = openAnswering(redis, names, handOut.answer, onFault);
  const entering = await openEntering(redis, names, handOut.enter, onFault);
  return {
    describe: `workers at ${describeRedis(url)}`,
    deliver: handOut.deliver,
    close: async () => {
      await Promise.all([answering.stop(), entering.stop()]);
      await queue.close();
      await commits.close();
      redis.disconnect();
    },
  };
};

/** Where a Redis is, without the password. */
export const describeRedis = (url: string): string => {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
};
