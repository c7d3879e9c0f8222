import { afterEach, expect, it } from 'vitest';
import type { CommandContext } from '../../../src/cli/command.ts';
import { type Config, parseConfig } from '../../../src/config.ts';
import { openDatabase } from '../../../src/db/open.ts';
import { insertSubscriber } from '../../../src/db/subscribers.ts';
import { isSuppressed } from '../../../src/db/suppressions.ts';
import { defaultSettings } from '../../../src/domain/subscription.ts';
import { newKey } from '../../../src/lib/token.ts';
import { verpAddress } from '../../../src/lib/verp.ts';
import { bounceJobs } from '../../../src/service/jobs/bounces.ts';
import { type ImapServer, imapServer } from '../../mail/imap-server.ts';
import { dsn } from '../../mail/reports.ts';

const secret = 'a secret of more than thirty-two characters';
const silent = () => undefined;

let server: ImapServer | undefined;
afterEach(() => server?.close());

const config = (env: Readonly<Record<string, string>>): Config => {
  const outcome = parseConfig(env);
  if (outcome.kind === 'invalid') throw new Error(outcome.problems.join());
  return outcome.config;
};

const failed = { Action: 'failed', Status: '5.1.1', 'Diagnostic-Code': 'smtp; 550 no such user' };
const report = (recipient: string, to: string): string =>
  dsn([{ 'Final-Recipient': `rfc822; ${recipient}`, ...failed }], { to, returned: ['', 'x'] }).join(
    '\r\n',
  );

it('the service applies what came to a signed address and leaves forgeries to people', async () => {
  const db = openDatabase(':memory:', 'migrations');
  const at = new Date('2026-03-20T12:00:00Z');
  const key = newKey();
  for (const [email, own] of [
    ['ada@reader.example', key],
    ['bo@reader.example', newKey()],
  ] as const)
    insertSubscriber(db, {
      key: own,
      email,
      status: 'active',
      settings: { ...defaultSettings, topics: [] },
      topicIds: [],
      at,
    });
  const address = 'bounces@paperboy.example';
  server = await imapServer([
    report('ada@reader.example', verpAddress(secret, address, key)),
    report('bo@reader.example', address),
  ]);
  const context = {
    config: config({ BOUNCE_ADDRESS: address, BOUNCE_IMAP_URL: server.url }),
    clock: () => at,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    openDb: () => db,
  } as unknown as CommandContext;
  const [job] = bounceJobs(context, secret);
  await job?.run(new AbortController().signal);
  expect(isSuppressed(db, 'ada@reader.example')).toBe(true);
  expect(isSuppressed(db, 'bo@reader.example')).toBe(false);
  expect(server.folders.get('INBOX')?.map(({ flags }) => flags)).toEqual([['\\Seen'], []]);
});

it('there is no job without a mailbox', () => {
  expect(bounceJobs({ config: config({}) } as unknown as CommandContext, secret)).toEqual([]);
});

it.each([
  [{ BOUNCE_IMAP_URL: 'https://mail.example' }, 'BOUNCE_IMAP_URL'],
  [{ BOUNCE_IMAP_URL: 'imaps://mail.example/INBOX' }, 'BOUNCE_IMAP_URL'],
  [{ BOUNCE_ADDRESS: 'where-all-our-bounces-go@paperboy.example' }, '21 characters'],
  [{ WEBHOOK_SES_TOPIC: 'bounces' }, 'WEBHOOK_SES_TOPIC'],
  [{ WEBHOOK_SENDGRID_KEY: 'no key' }, 'WEBHOOK_SENDGRID_KEY'],
  [{ WEBHOOK_MAILGUN_KEY: 'short' }, 'WEBHOOK_MAILGUN_KEY'],
])('the start is stopped by %j', (env, expected) => {
  const outcome = parseConfig(env);
  expect(outcome.kind === 'invalid' ? outcome.problems.join() : 'ok').toContain(expected);
});
