/** Who posted it: the signatures of the providers' webhooks. All compare in constant time. */
import { createHmac, createPublicKey, verify } from 'node:crypto';
import { isSameText } from './token.ts';

/** Providers try again for hours; what is older than a day is a replay. */
const longestAgeMs = 24 * 60 * 60 * 1000;

const isRecent = (seconds: string, now: Date): boolean =>
  /^\d{9,11}$/.test(seconds) && Math.abs(now.getTime() - Number(seconds) * 1000) <= longestAgeMs;

export type SendGridSignature = {
  /** `X-Twilio-Email-Event-Webhook-Timestamp`, seconds since 1970. */
  readonly timestamp: string;
  /** `X-Twilio-Email-Event-Webhook-Signature`, base64 of an ECDSA signature in DER. */
  readonly signature: string;
};

/** SendGrid's signed event webhook; `publicKey` as its settings page shows it, base64 of SPKI. */
export const isSendGridSigned = (
  publicKey: string,
  { timestamp, signature }: SendGridSignature,
  body: string,
  now: Date,
): boolean => {
  if (!isRecent(timestamp, now)) return false;
  const key = createPublicKey({
    key: Buffer.from(publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  return verify('sha256', Buffer.from(timestamp + body), key, Buffer.from(signature, 'base64'));
};

/** Whether a text is a public key such as `isSendGridSigned` takes. */
export const isPublicKey = (text: string): boolean => {
  try {
    createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return true;
  } catch {
    return false;
  }
};

export type MailgunSignature = {
  readonly timestamp: string;
  readonly token: string;
  readonly signature: string;
};

/** Mailgun's `signature` object: HMAC-SHA256 of time and token, which does not cover the event. */
export const isMailgunSigned = (
  signingKey: string,
  { timestamp, token, signature }: MailgunSignature,
  now: Date,
): boolean => {
  if (!isRecent(timestamp, now)) return false;
  const expected = createHmac('sha256', signingKey)
    .update(timestamp + token)
    .digest('hex');
  return isSameText(signature, expected);
};

/** A message of Amazon SNS, its values as text. */
export type SnsMessage = Readonly<Record<string, string>>;

const notificationFields = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const confirmationFields = [
  ...['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
];

/**
 * Whether SNS signed this message with the certificate (PEM).
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export const isSnsSigned = (message: SnsMessage, certificate: string): boolean => {
  const names = message['Type'] === 'Notification' ? notificationFields : confirmationFields;
  const text = names
    .flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`]))
    .join('');
  const algorithm = message['SignatureVersion'] === '2' ? 'sha256' : 'sha1';
  try {
    return verify(
      algorithm,
      Buffer.from(text),
      certificate,
      Buffer.from(message['Signature'] ?? '', 'base64'),
    );
  } catch {
    return false;
  }
};

/** Whether an address is one of Amazon's SNS: anyone could host a certificate elsewhere. */
export const isSnsUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port } = new URL(text);
  return (
    protocol === 'https:' &&
    port === '' &&
    /^sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?$/.test(hostname)
  );
};
