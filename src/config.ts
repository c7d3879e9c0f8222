/** Settings from the environment, parsed once. Every problem is reported at once. */
import { z } from 'zod';
import { conflicts, type WrongSetting, wrongSetting } from './config-cures.ts';
import {
  commaList,
  days,
  emailAddress,
  httpUrl,
  imapUrl,
  isYes,
  knownCategories,
  knownSources,
  type Mailbox,
  mailbox,
  ownTemplates,
  pairKeys,
  parsedBy,
  parseUrl,
  smtpUrl,
  yesOrNo,
} from './config-fields.ts';
import { type Finding, finding } from './domain/finding.ts';
import { type DomainRates, parseDomainRates, parseWarmUp, type WarmUp } from './domain/pace.ts';
import { isPublicKey } from './lib/webhook-signature.ts';
import { defaultSources, type SourceName } from './sources/live.ts';

/** As many as the strictest of the well-known relays bear for long. */
const usualConnections = 5;

export type Config = {
  readonly databaseFile: string;
  readonly outboxDir: string;
  readonly templatesDir: string;
  readonly baseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly trustProxy: boolean;
  /** Nothing is written: pages, feeds and API of a database that another service keeps. */
  readonly readOnly: boolean;
  /** A WebSub hub that is told when feeds have news. */
  readonly hubUrl?: string;
  /** Unset: made on first start and kept beside the database. */
  readonly secret?: string;
  /** Opens the operator's page. Unset: one made from the secret. */
  readonly statusToken?: string;
  /** Where the weekly report goes. Unset: nowhere. */
  readonly operatorEmail?: string;
  readonly logLevel: string;
  readonly mail: {
    readonly from: Mailbox;
    /** Unset: mails are written as files into `outboxDir`. */
    readonly smtpUrl?: string;
    readonly bounceAddress?: string;
    /** At the foot of every mail, where the law wants one. */
    readonly postalAddress?: string;
    /** Messages a second at most. */
    readonly sendRate?: number;
    /** To the mail server at once; the ledger's doubt after a crash is at most one mail for each. */
    readonly connections: number;
    /** Messages a second at most, by domain. */
    readonly domainRates?: DomainRates;
    /** Mails a day at most while the sending address is new. */
    readonly warmUp?: WarmUp;
    readonly dkim?: {
      readonly domain: string;
      readonly keys: readonly { readonly selector: string; readonly privateKeyFile: string }[];
    };
  };
  readonly bounces: {
    /** A mailbox to read bounces from. */
    readonly imapUrl?: string;
    readonly webhooks: {
      readonly sesTopic?: string;
      readonly postmarkPassword?: string;
      readonly sendgridPublicKey?: string;
      readonly mailgunSigningKey?: string;
    };
  };
  readonly sources: readonly SourceName[];
  readonly arxivCategories: readonly string[];
  readonly urls: {
    readonly hfApi: string;
    readonly arxivApi: string;
    readonly arxivRss: string;
    readonly arxivOai: string;
    readonly githubApi: string;
    readonly hnApi: string;
    readonly openAlexApi: string;
  };
  /** How long what is old is kept, in days; signals for ever where unset. */
  readonly retention: { readonly mailDays: number; readonly signalDays?: number };
  readonly githubToken?: string;
  readonly openAlexKey?: string;
  /** Mails are printed and sent by workers that share this Redis. Unset: by this process. */
  readonly redisUrl?: string;
  /** An endpoint that speaks OpenAI's embeddings protocol. Unset: the local vectors alone. */
  readonly embeddings?: { readonly url: string; readonly model: string; readonly key?: string };
};

export type ConfigOutcome =
  | { readonly kind: 'ok'; readonly config: Config }
  | {
      readonly kind: 'invalid';
      /** A line each, without a secret in it. */
      readonly problems: readonly string[];
      /** The same, with what to do about each. */
      readonly findings: readonly Finding[];
    };

const environment = z.object({
  DATABASE_URL: z
    .string()
    .refine((text) => text.startsWith('file:') && text.length > 5, 'does not start with "file:"')
    .default('file:./data/paperboy.db'),
  OUTBOX_DIR: z.string().default('./data/outbox'),
  TEMPLATES_DIR: z.string().optional(),
  BASE_URL: httpUrl.optional(),
  WEBSUB_HUB: httpUrl.optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'is not a port number')
    .transform(Number)
    .refine((port) => port <= 65_535, 'is not a port number')
    .default(3000),
  TRUST_PROXY: yesOrNo.default('false'),
  READ_ONLY: yesOrNo.default('false'),
  SECRET: z.string().min(32, 'is shorter than 32 characters').optional(),
  STATUS_TOKEN: z
    .string()
    .regex(/^[\w-]{16,200}$/, 'is not 16 or more letters, digits, - and _')
    .optional(),
  OPERATOR_EMAIL: emailAddress.optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'is no log level')
    .default('info'),
  MAIL_FROM: mailbox.optional(),
  SMTP_URL: smtpUrl.optional(),
  BOUNCE_ADDRESS: emailAddress.optional(),
  POSTAL_ADDRESS: z.string().trim().max(300, 'is longer than 300 characters').optional(),
  BOUNCE_IMAP_URL: imapUrl.optional(),
  WEBHOOK_SES_TOPIC: z
    .string()
    .regex(/^arn:[\w-]+:sns:/, 'is not the ARN of an SNS topic')
    .optional(),
  WEBHOOK_POSTMARK_PASSWORD: z.string().min(16, 'is shorter than 16 characters').optional(),
  WEBHOOK_SENDGRID_KEY: z
    .string()
    .refine(isPublicKey, "is not the public key of SendGrid's signed event webhook")
    .optional(),
  WEBHOOK_MAILGUN_KEY: z.string().min(16, 'is shorter than 16 characters').optional(),
  SEND_RATE: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'is not a number of messages a second')
    .transform(Number)
    .refine((rate) => rate > 0, 'must be above zero')
    .optional(),
  SMTP_CONNECTIONS: z
    .string()
    .regex(/^[1-9]\d?$|^100$/, 'is no whole number from 1 to 100')
    .transform(Number)
    .default(usualConnections),
  DOMAIN_RATES: parsedBy(parseDomainRates).optional(),
  WARM_UP: parsedBy(parseWarmUp).optional(),
  KEEP_MAIL_DAYS: days(180).default(400),
  KEEP_SIGNALS_DAYS: days(180).optional(),
  DKIM_DOMAIN: z.string().optional(),
  DKIM_SELECTOR: commaList.optional(),
  DKIM_PRIVATE_KEY_FILE: commaList.optional(),
  SOURCES: knownSources.default([...defaultSources]),
  ARXIV_CATEGORIES: knownCategories.default([
    ...['cs.AI', 'cs.CL', 'cs.CV', 'cs.IR', 'cs.LG', 'cs.MA', 'cs.RO', 'cs.SE', 'stat.ML'],
  ]),
  HF_API_URL: httpUrl.default('https://huggingface.co/api'),
  ARXIV_API_URL: httpUrl.default('https://export.arxiv.org/api/query'),
  ARXIV_RSS_URL: httpUrl.default('https://rss.arxiv.org/atom'),
  ARXIV_OAI_URL: httpUrl.default('https://oaipmh.arxiv.org/oai'),
  GITHUB_API_URL: httpUrl.default('https://api.github.com'),
  GITHUB_TOKEN: z.string().optional(),
  HN_API_URL: httpUrl.default('https://hn.algolia.com/api/v1'),
  OPENALEX_API_URL: httpUrl.default('https://api.openalex.org'),
  OPENALEX_API_KEY: z.string().optional(),
  EMBEDDINGS_URL: httpUrl.optional(),
  EMBEDDINGS_MODEL: z.string().optional(),
  EMBEDDINGS_KEY: z.string().optional(),
  REDIS_URL: z
    .string()
    .refine(
      (text) => /^rediss?:$/.test(parseUrl(text)?.protocol ?? ''),
      'is not an address such as redis://localhost:6379',
    )
    .optional(),
});

/** Every setting there is. */
export const settingNames: readonly string[] = Object.keys(environment.shape);

type Environment = z.infer<typeof environment>;

/** Reads settings; an empty variable counts as unset. */
export const parseConfig = (env: Readonly<Record<string, string | undefined>>): ConfigOutcome => {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = environment.safeParse(given);
  const wrong = [
    ...(parsed.error?.issues ?? []).map((issue) =>
      wrongSetting(issue.path.join('.'), issue.message),
    ),
    ...conflicts(given),
  ];
  return parsed.success && wrong.length === 0
    ? { kind: 'ok', config: toConfig(parsed.data) }
    : {
        kind: 'invalid',
        problems: wrong.map(({ name, what }) => `${name} ${what}`),
        findings: wrong.map(toFinding),
      };
};

const toFinding = ({ name, what, do: cure }: WrongSetting): Finding =>
  finding(
    'fault',
    `settings.wrong.${name.split(' ')[0]}`,
    `${name} ${what}`,
    'Paperboy does not start with it',
    cure,
  );

const toConfig = (env: Environment): Config => ({
  databaseFile: env.DATABASE_URL.slice('file:'.length),
  outboxDir: env.OUTBOX_DIR,
  templatesDir: env.TEMPLATES_DIR ?? ownTemplates,
  // So that the links in mails lead here, whatever port was chosen.
  baseUrl: env.BASE_URL ?? `http://localhost:${env.PORT}`,
  host: env.HOST,
  port: env.PORT,
  trustProxy: isYes(env.TRUST_PROXY),
  readOnly: isYes(env.READ_ONLY),
  ...(env.WEBSUB_HUB && { hubUrl: env.WEBSUB_HUB }),
  ...(env.SECRET && { secret: env.SECRET }),
  ...(env.STATUS_TOKEN && { statusToken: env.STATUS_TOKEN }),
  ...(env.OPERATOR_EMAIL && { operatorEmail: env.OPERATOR_EMAIL }),
  logLevel: env.LOG_LEVEL,
  mail: {
    from: env.MAIL_FROM ?? { name: 'Paperboy', address: 'paperboy@localhost' },
    ...(env.SMTP_URL && { smtpUrl: env.SMTP_URL }),
    ...(env.BOUNCE_ADDRESS && { bounceAddress: env.BOUNCE_ADDRESS }),
    ...(env.POSTAL_ADDRESS && { postalAddress: env.POSTAL_ADDRESS }),
    ...(env.SEND_RATE && { sendRate: env.SEND_RATE }),
    connections: env.SMTP_CONNECTIONS,
    ...(env.DOMAIN_RATES && { domainRates: env.DOMAIN_RATES }),
    ...(env.WARM_UP && { warmUp: env.WARM_UP }),
    ...(env.DKIM_DOMAIN &&
      env.DKIM_SELECTOR &&
      env.DKIM_PRIVATE_KEY_FILE && {
        dkim: {
          domain: env.DKIM_DOMAIN,
          keys: pairKeys(env.DKIM_SELECTOR, env.DKIM_PRIVATE_KEY_FILE),
        },
      }),
  },
  bounces: {
    ...(env.BOUNCE_IMAP_URL && { imapUrl: env.BOUNCE_IMAP_URL }),
    webhooks: {
      ...(env.WEBHOOK_SES_TOPIC && { sesTopic: env.WEBHOOK_SES_TOPIC }),
      ...(env.WEBHOOK_POSTMARK_PASSWORD && { postmarkPassword: env.WEBHOOK_POSTMARK_PASSWORD }),
      ...(env.WEBHOOK_SENDGRID_KEY && { sendgridPublicKey: env.WEBHOOK_SENDGRID_KEY }),
      ...(env.WEBHOOK_MAILGUN_KEY && { mailgunSigningKey: env.WEBHOOK_MAILGUN_KEY }),
    },
  },
  retention: {
    mailDays: env.KEEP_MAIL_DAYS,
    ...(env.KEEP_SIGNALS_DAYS && { signalDays: env.KEEP_SIGNALS_DAYS }),
  },
  sources: env.SOURCES,
  arxivCategories: env.ARXIV_CATEGORIES,
  urls: {
    hfApi: env.HF_API_URL,
    arxivApi: env.ARXIV_API_URL,
    arxivRss: env.ARXIV_RSS_URL,
    arxivOai: env.ARXIV_OAI_URL,
    githubApi: env.GITHUB_API_URL,
    hnApi: env.HN_API_URL,
    openAlexApi: env.OPENALEX_API_URL,
  },
  ...(env.GITHUB_TOKEN && { githubToken: env.GITHUB_TOKEN }),
  ...(env.OPENALEX_API_KEY && { openAlexKey: env.OPENALEX_API_KEY }),
  ...(env.REDIS_URL && { redisUrl: env.REDIS_URL }),
  ...(env.EMBEDDINGS_URL &&
    env.EMBEDDINGS_MODEL && {
      embeddings: {
        url: env.EMBEDDINGS_URL,
        model: env.EMBEDDINGS_MODEL,
        ...(env.EMBEDDINGS_KEY && { key: env.EMBEDDINGS_KEY }),
      },
    }),
});
