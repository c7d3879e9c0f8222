/** Settings that are right each by itself and may be wrong together; files others can read. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../config.ts';
import { countSubscribers } from '../../db/subscribers.ts';
import { type Finding, finding, fine } from '../../domain/finding.ts';
import { outboxFault } from '../../mail/outbox.ts';
import { loadTemplates } from '../../mail/templates.ts';
import { type Check, type DoctorDeps, isLoopbackHost } from './deps.ts';

export const checkSettings: Check = ({ config }) => {
  const found = [
    ...addressFindings(config),
    ...pathFindings(config),
    ...proxyFindings(config),
    ...mailFindings(config),
  ];
  return found.length > 0 ? found : [fine('settings', 'the settings go together')];
};

const addressFindings = ({ baseUrl, mail }: Config): readonly Finding[] => {
  const { protocol, hostname } = new URL(baseUrl);
  if (isLoopbackHost(hostname))
    return mail.smtpUrl === undefined
      ? []
      : [
          finding(
            'warning',
            'settings.base-url',
            `BASE_URL is ${baseUrl}`,
            'the links in mails lead nowhere but on this machine',
            'set BASE_URL to the address readers reach',
          ),
        ];
  return protocol === 'https:'
    ? []
    : [
        finding(
          'warning',
          'settings.https',
          `BASE_URL is not https: ${baseUrl}`,
          'links hold a reader’s token, which anybody on the way could read',
          'let a proxy bring TLS (deploy/Caddyfile) and set BASE_URL to https',
        ),
      ];
};

const pathFindings = ({ baseUrl }: Config): readonly Finding[] => {
  const { origin, pathname, search, hash } = new URL(baseUrl);
  const beyond = pathname.replace(/\/$/, '') + search + hash;
  return beyond === ''
    ? []
    : [
        finding(
          'fault',
          'settings.base-path',
          `BASE_URL goes on after its host: ${beyond}`,
          'pages and forms are at the root of a host: links in mails miss them, or their styles and forms are missing',
          `give Paperboy a host name of its own, and set BASE_URL=${origin} or what that is`,
        ),
      ];
};

const proxyFindings = ({ baseUrl, host, trustProxy }: Config): readonly Finding[] => {
  const local = isLoopbackHost(host);
  if (baseUrl.startsWith('https:') && !trustProxy)
    return [
      finding(
        'warning',
        'settings.proxy',
        'TRUST_PROXY is false behind an https address',
        'all readers seem to come from the proxy and share one limit on subscribing',
        'set TRUST_PROXY=true',
      ),
    ];
  if (trustProxy && !local)
    return [
      finding(
        'note',
        'settings.open-port',
        `TRUST_PROXY is true and HOST is ${host}`,
        'whoever reaches this port directly can say they are anybody',
        'let only the proxy reach the port, or set HOST=127.0.0.1',
      ),
    ];
  return [];
};

const mailFindings = ({ mail, bounces, outboxDir }: Config): readonly Finding[] => {
  if (mail.smtpUrl === undefined)
    return [
      finding(
        'note',
        'settings.no-smtp',
        `no mail server is set: mails become files in ${outboxDir}`,
        'no reader gets any',
        'set SMTP_URL and MAIL_FROM once mail is to leave this machine',
      ),
    ];
  const reads = bounces.imapUrl !== undefined || Object.keys(bounces.webhooks).length > 0;
  return reads || mail.bounceAddress !== undefined
    ? []
    : [
        finding(
          'warning',
          'settings.bounces',
          'nothing reads what comes back',
          'mailing dead addresses on and on ruins a sender’s reputation',
          'set BOUNCE_ADDRESS with BOUNCE_IMAP_URL, a webhook or a pipe: docs/bounces.md',
        ),
      ];
};

const others = 0o077;

/** Files that hold secrets must be their owner's alone. */
export const checkFiles: Check = (deps) => {
  const { config } = deps;
  const secrets = [
    ...(config.secret === undefined ? [['the secret', secretFile(config)] as const] : []),
    ...(config.mail.dkim?.keys ?? []).map(
      ({ privateKeyFile }) => ['the DKIM key', privateKeyFile] as const,
    ),
    ['the database', config.databaseFile] as const,
  ];
  return [...secrets.flatMap(([name, file]) => openFile(name, file)), ...missingSecret(deps)];
};

const secretFile = (config: Config): string => join(dirname(config.databaseFile), 'secret');

const openFile = (name: string, file: string): readonly Finding[] => {
  if (!existsSync(file)) return [];
  const mode = statSync(file).mode & 0o777;
  const database = name === 'the database';
  if ((mode & others) === 0) return [fine('files', `${name} is its owner's alone`)];
  return [
    finding(
      database ? 'note' : 'fault',
      database ? 'files.database' : name === 'the secret' ? 'files.secret' : 'files.dkim',
      `${name} ${file} can be read by others (mode ${mode.toString(8)})`,
      database
        ? 'it holds the readers’ addresses'
        : 'whoever reads it can act as any reader, or sign mail in your name',
      `chmod 600 ${file}`,
    ),
  ];
};

const missingSecret = ({ config, db }: DoctorDeps): readonly Finding[] => {
  if (config.secret !== undefined || existsSync(secretFile(config))) return [];
  const readers = Object.values(countSubscribers(db)).reduce((sum, count) => sum + count, 0);
  if (readers === 0) return [];
  return [
    finding(
      'fault',
      'files.no-secret',
      `${secretFile(config)} is gone`,
      'every link in mails sent stops working, unsubscribing too',
      'restore the file from a backup, or set SECRET, before the service starts',
    ),
  ];
};

/** Where mails become files, whether they can. */
export const checkOutbox: Check = async ({ config }) => {
  if (config.mail.smtpUrl !== undefined) return [];
  const fault = await outboxFault(config.outboxDir);
  if (!fault) return [fine('files.outbox', `mails can be written to ${config.outboxDir}`)];
  return [
    finding(
      'fault',
      'files.outbox',
      `no mail can be written to OUTBOX_DIR ${config.outboxDir}: ${fault}`,
      'the service does not start with it',
      'set OUTBOX_DIR to a folder this user may write to, or SMTP_URL to a mail server',
    ),
  ];
};

export const checkTemplates: Check = async ({ config }) => {
  try {
    await loadTemplates(config.templatesDir);
    return [fine('templates', 'the mail templates are sound')];
  } catch (error) {
    return [
      finding(
        'fault',
        'templates',
        `a mail template cannot be used: ${error instanceof Error ? error.message : error}`,
        'the service does not start with it',
        'mend that line, or unset TEMPLATES_DIR to use the templates that come with Paperboy',
      ),
    ];
  }
};
