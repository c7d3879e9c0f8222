/** A provider's post, authenticated and applied. */
import type { Bounce } from '../domain/bounce-message.ts';
import { readSesEvent } from '../domain/bounce-ses.ts';
import { fieldsOf, parseJson, textOf } from '../domain/json-fields.ts';
import { readMailgun, readPostmark, readSendGrid } from '../domain/webhook-events.ts';
import { isSameText } from '../lib/token.ts';
import {
  isMailgunSigned,
  isSendGridSigned,
  isSnsSigned,
  isSnsUrl,
  type SnsMessage,
} from '../lib/webhook-signature.ts';
import { type BounceDeps, type TakenBounce, takeBounces } from './bounce.ts';

export const providers = ['ses', 'postmark', 'sendgrid', 'mailgun'] as const;
export type Provider = (typeof providers)[number];

/** What authenticates each provider; one that is not set up is not answered. */
export type WebhookKeys = {
  /** The ARN of the SNS topic that SES publishes to: anyone may publish to a topic of their own. */
  readonly sesTopic?: string;
  /** The password in the address given to Postmark, which signs nothing. */
  readonly postmarkPassword?: string;
  readonly sendgridPublicKey?: string;
  readonly mailgunSigningKey?: string;
};

export type WebhookDeps = BounceDeps & {
  readonly keys: WebhookKeys;
  readonly clock: () => Date;
  /** A GET, for SNS's certificate and the confirmation of its subscription. */
  readonly fetchText: (url: string) => Promise<string>;
};

export type WebhookPost = {
  readonly body: string;
  /** By lower-case name. */
  readonly header: (name: string) => string | undefined;
};

export type WebhookOutcome =
  | { readonly kind: 'taken'; readonly bounces: readonly TakenBounce[] }
  /** The provider is unknown, or not set up here. */
  | { readonly kind: 'not-found' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'ill-formed' };

type Read =
  | { readonly kind: 'read'; readonly bounces: readonly Bounce[] }
  | Exclude<WebhookOutcome, { kind: 'taken' }>;

const refused = { kind: 'refused' } as const;

/** Repeats are harmless: providers post again until they are answered. */
export const takeWebhook = async (
  deps: WebhookDeps,
  provider: string,
  post: WebhookPost,
): Promise<WebhookOutcome> => {
  const known = providers.find((each) => each === provider);
  if (!known) return { kind: 'not-found' };
  const read = await readers[known](deps, post);
  if (read.kind !== 'read') return read;
  const now = deps.clock();
  return { kind: 'taken', bounces: takeBounces(deps, read.bounces, { origin: 'provider', now }) };
};

type Reader = (deps: WebhookDeps, post: WebhookPost) => Read | Promise<Read>;

const jsonOf = (body: string, reader: (payload: unknown) => readonly Bounce[]): Read => {
  const payload = parseJson(body);
  return payload === undefined
    ? { kind: 'ill-formed' }
    : { kind: 'read', bounces: reader(payload) };
};

const fromPostmark: Reader = ({ keys }, { body, header }) => {
  if (keys.postmarkPassword === undefined) return { kind: 'not-found' };
  const credentials = /^basic (.+)$/i.exec(header('authorization') ?? '')?.[1] ?? '';
  const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? [];
  if (!isSameText(password ?? '', keys.postmarkPassword)) return refused;
  return jsonOf(body, readPostmark);
};

const fromSendGrid: Reader = ({ keys, clock }, { body, header }) => {
  if (keys.sendgridPublicKey === undefined) return { kind: 'not-found' };
  const signature = {
    timestamp: header('x-twilio-email-event-webhook-timestamp') ?? '',
    signature: header('x-twilio-email-event-webhook-signature') ?? '',
  };
  if (!isSendGridSigned(keys.sendgridPublicKey, signature, body, clock())) return refused;
  return jsonOf(body, readSendGrid);
};

const fromMailgun: Reader = ({ keys, clock }, { body }) => {
  if (keys.mailgunSigningKey === undefined) return { kind: 'not-found' };
  const given = fieldsOf(fieldsOf(parseJson(body))['signature']);
  const signature = {
    timestamp: textOf(given['timestamp']),
    token: textOf(given['token']),
    signature: textOf(given['signature']),
  };
  if (!isMailgunSigned(keys.mailgunSigningKey, signature, clock())) return refused;
  return jsonOf(body, readMailgun);
};

const fromSes: Reader = async ({ keys, fetchText }, { body }) => {
  if (keys.sesTopic === undefined) return { kind: 'not-found' };
  const payload = parseJson(body);
  if (payload === undefined) return { kind: 'ill-formed' };
  const message: SnsMessage = Object.fromEntries(
    Object.entries(fieldsOf(payload)).map(([name, value]) => [name, textOf(value)]),
  );
  const certificateUrl = message['SigningCertURL'] ?? '';
  if (message['TopicArn'] !== keys.sesTopic || !isSnsUrl(certificateUrl)) return refused;
  if (!isSnsSigned(message, await fetchText(certificateUrl))) return refused;
  if (message['Type'] === 'SubscriptionConfirmation') {
    if (!isSnsUrl(message['SubscribeURL'] ?? '')) return refused;
    await fetchText(message['SubscribeURL'] ?? '');
    return { kind: 'read', bounces: [] };
  }
  const event = parseJson(message['Message'] ?? '');
  return { kind: 'read', bounces: readSesEvent(fieldsOf(event)) };
};

const readers: Readonly<Record<Provider, Reader>> = {
  ses: fromSes,
  postmark: fromPostmark,
  sendgrid: fromSendGrid,
  mailgun: fromMailgun,
};
