/** What to do about each setting that is wrong, alone or beside others. */
import { isLoopbackUrl, unpairedKeys } from './config-fields.ts';
import { hasRoomForVerp } from './lib/verp.ts';
import { parseSmtpUrl } from './mail/smtp-server.ts';

export type WrongSetting = {
  /** The setting's name, or the names of those that go together. */
  readonly name: string;
  /** What is so, after the name. */
  readonly what: string;
  readonly do: string;
};

type Cure = { readonly do: string; readonly example?: string };

const cure = (text: string, example?: string): Cure => ({
  do: text,
  ...(example !== undefined && { example }),
});

const address = (example: string): Cure =>
  cure('unset it to use the public address, or give a whole one', example);

/** Settings that can be wrong each by itself; the examples are such as would be taken. */
export const cures: Readonly<Record<string, Cure>> = {
  DATABASE_URL: cure('write "file:" and a path', 'file:/var/lib/paperboy/paperboy.db'),
  BASE_URL: cure('give the whole address that readers reach', 'https://papers.example.org'),
  WEBSUB_HUB: cure('give the whole address of the hub, or unset it', 'https://hub.example.org'),
  PORT: cure('give a number from 0 to 65535', '3000'),
  TRUST_PROXY: cure('say true behind a proxy of yours, and false otherwise', 'true'),
  READ_ONLY: cure('say true where nothing may be written, and false otherwise', 'false'),
  SECRET: cure('unset it, and one is made; or keep what "openssl rand -hex 32" prints'),
  STATUS_TOKEN: cure('unset it, and one is made; or keep what "openssl rand -hex 16" prints'),
  OPERATOR_EMAIL: cure('give one address', 'you@example.org'),
  LOG_LEVEL: cure('say fatal, error, warn, info, debug, trace or silent', 'info'),
  MAIL_FROM: cure('give the address readers see', 'Paperboy <papers@example.org>'),
  SMTP_URL: cure(
    'write login and server as one address, with %40 for @ and %2F for / in a password',
    'smtp://paperboy:PASSWORD@mail.example.org:587',
  ),
  BOUNCE_ADDRESS: cure('give one address', 'bounces@example.org'),
  POSTAL_ADDRESS: cure('shorten it', 'The Round, 1 Owl Street, Exampletown'),
  BOUNCE_IMAP_URL: cure(
    'write login, server and mailbox as one address, with %40 for @ and %2F for / in a password',
    'imaps://bounces%40example.org:PASSWORD@mail.example.org/INBOX',
  ),
  WEBHOOK_SES_TOPIC: cure(
    'copy the ARN of the topic that SES publishes to',
    'arn:aws:sns:eu-west-1:123456789012:bounces',
  ),
  WEBHOOK_POSTMARK_PASSWORD: cure(
    'keep what "openssl rand -hex 16" prints, and write it into the address given to Postmark',
  ),
  WEBHOOK_SENDGRID_KEY: cure('copy the whole verification key of the signed event webhook'),
  WEBHOOK_MAILGUN_KEY: cure('copy the whole webhook signing key'),
  SEND_RATE: cure('give messages a second, or unset it for no limit', '2.5'),
  SMTP_CONNECTIONS: cure('give how many connections the mail server may have, or unset it', '5'),
  DOMAIN_RATES: cure('give messages a second by domain, * for each other one', 'gmail.com=2,*=5'),
  WARM_UP: cure('give the first day and its number of mails', '2026-12-01:200'),
  KEEP_MAIL_DAYS: cure('give 180 days or more', '400'),
  KEEP_SIGNALS_DAYS: cure('give 180 days or more, or unset it to keep everything', '400'),
  SOURCES: cure('name sources there are, with commas between; a lone comma for none', 'arxiv'),
  ARXIV_CATEGORIES: cure(
    'name categories or archives of https://arxiv.org/category_taxonomy, with commas between',
    'cs.CL,math',
  ),
  HF_API_URL: address('https://huggingface.co/api'),
  ARXIV_API_URL: address('https://export.arxiv.org/api/query'),
  ARXIV_RSS_URL: address('https://rss.arxiv.org/atom'),
  ARXIV_OAI_URL: address('https://oaipmh.arxiv.org/oai'),
  GITHUB_API_URL: address('https://api.github.com'),
  HN_API_URL: address('https://hn.algolia.com/api/v1'),
  OPENALEX_API_URL: address('https://api.openalex.org'),
  EMBEDDINGS_URL: cure(
    'give the whole address of the endpoint, or unset it',
    'http://127.0.0.1:8080/v1',
  ),
  REDIS_URL: cure('give the address of the server, or unset it', 'redis://localhost:6379'),
};

/** A setting that is wrong by itself. */
export const wrongSetting = (name: string, what: string): WrongSetting => ({
  ...{ name, what, do: cureOf(name) },
});

const cureOf = (name: string): string => {
  const { do: text, example } = cures[name] ?? { do: 'see README.md, "Settings"' };
  return example === undefined ? text : `${text}, as in ${name}=${quoted(example)}`;
};

/** As a shell and a file of settings both read it. */
const quoted = (value: string): string => (/[\s<>*]/.test(value) ? `"${value}"` : value);

type Given = Readonly<Record<string, string | undefined>>;

const dkimNames = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_PRIVATE_KEY_FILE'] as const;

/** What is wrong between settings, told beside what is wrong with each. */
export const conflicts = (env: Given): readonly WrongSetting[] => [
  ...mailConflicts(env),
  ...pairConflicts(env),
  ...dkimConflicts(env),
];

const mailConflicts = (env: Given): readonly WrongSetting[] => {
  const found: WrongSetting[] = [];
  const { SMTP_URL: smtp, BASE_URL: base, BOUNCE_ADDRESS: bounce } = env;
  if (smtp && !env['MAIL_FROM'])
    found.push(
      wrongSetting('MAIL_FROM', 'is needed when SMTP_URL is set: it is the address readers see'),
    );
  const sendsAbroad = parseSmtpUrl(smtp ?? '').kind === 'ok' && !isLoopbackUrl(smtp ?? '');
  if (sendsAbroad && isLoopbackUrl(base ?? 'http://localhost'))
    found.push(
      wrongSetting(
        'BASE_URL',
        'must be an address readers can reach when mail leaves this machine',
      ),
    );
  if (bounce && !hasRoomForVerp(bounce))
    found.push({
      name: 'BOUNCE_ADDRESS',
      what: 'must have at most 21 characters before the @: a signature is added',
      do: 'shorten what stands before the @, as in BOUNCE_ADDRESS=bounces@example.org',
    });
  return found;
};

const pairConflicts = (env: Given): readonly WrongSetting[] =>
  (env['EMBEDDINGS_URL'] === undefined) === (env['EMBEDDINGS_MODEL'] === undefined)
    ? []
    : [
        {
          name: 'EMBEDDINGS_URL and EMBEDDINGS_MODEL',
          what: 'must be set together',
          do: 'set the other one too, or unset both',
        },
      ];

const dkimConflicts = (env: Given): readonly WrongSetting[] => {
  const missing = dkimNames.filter((name) => env[name] === undefined);
  const some = missing.length > 0 && missing.length < dkimNames.length;
  return [
    ...(some
      ? [
          {
            name: missing.join(' and '),
            what: 'must be set too: signing takes all three DKIM settings',
            do: 'set all three (README.md, "Behind a mail server", has the commands that make a key), or unset all three to send unsigned',
          },
        ]
      : []),
    ...unpairedKeys(env['DKIM_SELECTOR'], env['DKIM_PRIVATE_KEY_FILE']).map((what) => ({
      name: 'DKIM_SELECTOR',
      what,
      do: 'name as many selectors as key files, in the same order and with commas between',
    })),
  ];
};
