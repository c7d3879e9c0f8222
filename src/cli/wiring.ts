/** Adapters made from the settings, for the commands and the service. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openArchive } from '../app/archive.ts';
import type { DeliverDeps } from '../app/deliver.ts';
import { createPace } from '../app/gate.ts';
import type { IngestDeps } from '../app/ingest.ts';
import type { MailKit } from '../app/mail-kit.ts';
import { createPrinter } from '../app/print-mail.ts';
import { createPoliteFetch } from '../lib/polite-fetch.ts';
import { loadDkimKeys } from '../mail/dkim.ts';
import { outboxFault, outboxTransport } from '../mail/outbox.ts';
import { smtpTransport } from '../mail/smtp.ts';
import { loadTemplates } from '../mail/templates.ts';
import type { Transport } from '../mail/transport.ts';
import { type CommandContext, CommandFailure } from './command.ts';

const megabyte = 1024 * 1024;

export const ingestDeps = (context: CommandContext): IngestDeps => {
  const { config, clock, log, owner, isGone } = context;
  const pause: IngestDeps['sleep'] = (ms, signal) => sleep(ms, undefined, signal ? { signal } : {});
  const politeFetch = createPoliteFetch({
    clock,
    sleep: pause,
    defaults: {
      timeoutMs: 30_000,
      maxBytes: 64 * megabyte,
      // Who asks, and where to complain, as every one of the services wants it.
      userAgent: `Paperboy/0.1 (+${config.baseUrl}; mailto:${config.mail.from.address})`,
    },
  });
  return {
    ...{ db: context.openDb(), clock, log, owner, isGone, sleep: pause, politeFetch },
    config: {
      urls: config.urls,
      categories: config.arxivCategories,
      ...(config.githubToken && { githubToken: config.githubToken }),
      ...(config.openAlexKey && { openAlexKey: config.openAlexKey }),
    },
  };
};

/** Templates compiled, the DKIM keys proven; throws when either cannot be. */
export const loadMailKit = async (context: CommandContext): Promise<MailKit> => {
  const { config } = context;
  const { mail } = config;
  return {
    templates: await loadTemplates(config.templatesDir),
    baseUrl: config.baseUrl,
    secret: context.secret(),
    from: mail.from,
    returnPath: mail.bounceAddress ?? mail.from.address,
    signsReturns: mail.bounceAddress !== undefined,
    postalAddress: mail.postalAddress,
    ...(mail.dkim && { dkim: await loadDkimKeys(mail.dkim) }),
  };
};

/** What delivering takes, with the pace the settings allow. */
export const deliverDeps = (
  context: CommandContext,
  kit: MailKit,
  transport: Transport,
): DeliverDeps => {
  const { clock, log, owner, config } = context;
  const db = context.openDb();
  const { sendRate, domainRates, warmUp, connections } = config.mail;
  return {
    ...{ db, clock, transport, owner, log, sendRate },
    print: createPrinter(kit, openArchive(db, kit)),
    concurrency: 2 * connections,
    pace: createPace({ domainRates, warmUp }),
  };
};

/** @throws when mails are to become files and cannot. */
export const checkOutbox = async ({ config }: CommandContext): Promise<void> => {
  if (config.mail.smtpUrl !== undefined) return;
  const fault = await outboxFault(config.outboxDir);
  if (fault)
    throw new CommandFailure(
      `OUTBOX_DIR is ${config.outboxDir}, where no mail can be written: ${fault}`,
    );
};

export const makeTransport = (
  { config }: CommandContext,
  atOnce = config.mail.connections,
): Transport =>
  config.mail.smtpUrl === undefined
    ? outboxTransport(config.outboxDir)
    : smtpTransport(config.mail.smtpUrl, { connections: atOnce });

/** Whether mails go further than files. */
export const leavesHere = ({ config }: CommandContext): boolean =>
  config.mail.smtpUrl !== undefined || config.redisUrl !== undefined;
