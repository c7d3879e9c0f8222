import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { takeWebhook, type WebhookKeys } from '../../src/app/webhook.ts';
import { type Db, openDatabase } from '../../src/db/open.ts';
import { isSuppressed } from '../../src/db/suppressions.ts';

const now = new Date('2026-03-20T12:00:00Z');
const seconds = String(now.getTime() / 1000);
const ada = 'ada@reader.example';
const topic = 'arn:aws:sns:eu-west-1:000000000000:bounces';

const amazon = generateKeyPairSync('rsa', { modulusLength: 2048 });
const sendgrid = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const keys: WebhookKeys = {
  sesTopic: topic,
  postmarkPassword: 'a password for postmark',
  sendgridPublicKey: sendgrid.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  mailgunSigningKey: 'a signing key of mailgun',
};

let db: Db;
let fetched: string[];
beforeEach(() => {
  db = openDatabase(':memory:', 'migrations');
  fetched = [];
});

const post = async (
  provider: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  given: WebhookKeys = keys,
) => {
  const deps = {
    ...{ db, secret: 'unused here', bounceAddress: 'bounces@paperboy.example', keys: given },
    clock: () => now,
    fetchText: async (url: string) => {
      fetched.push(url);
      return String(amazon.publicKey.export({ format: 'pem', type: 'spki' }));
    },
  };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return takeWebhook(deps, provider, { body: text, header: (name) => headers[name] });
};

const verdicts = (outcome: Awaited<ReturnType<typeof post>>): readonly string[] =>
  outcome.kind === 'taken'
    ? outcome.bounces.map(({ recipient, verdict }) => `${recipient} ${verdict}`)
    : [outcome.kind];

describe('Postmark', () => {
  const credentials = Buffer.from(`any:${keys.postmarkPassword}`).toString('base64');
  const headers = { authorization: `Basic ${credentials}` };
  const bounce = { RecordType: 'Bounce', Email: ada, Details: 'smtp;550 5.1.1 no such user' };

  it.each([
    [{ ...bounce, Type: 'HardBounce' }, [`${ada} hard`]],
    [{ ...bounce, Type: 'SoftBounce', Details: 'mailbox full' }, [`${ada} soft`]],
    [{ ...bounce, Type: 'AutoResponder' }, []],
    [{ RecordType: 'SpamComplaint', Email: ada }, [`${ada} complaint`]],
    [
      {
        RecordType: 'SubscriptionChange',
        Recipient: ada,
        SuppressSending: true,
        Origin: 'Recipient',
      },
      [`${ada} opt-out`],
    ],
    [{ RecordType: 'Delivery', Recipient: ada }, []],
  ])('%j', async (event, expected) => {
    expect(verdicts(await post('postmark', event, headers))).toEqual(expected);
  });

  it('is refused without the password', async () => {
    expect(verdicts(await post('postmark', { ...bounce, Type: 'HardBounce' }))).toEqual([
      'refused',
    ]);
    expect(isSuppressed(db, ada)).toBe(false);
  });
});

describe('SendGrid', () => {
  const signed = (body: string, timestamp = seconds) => ({
    'x-twilio-email-event-webhook-timestamp': timestamp,
    'x-twilio-email-event-webhook-signature': sign(
      'sha256',
      Buffer.from(timestamp + body),
      sendgrid.privateKey,
    ).toString('base64'),
  });
  const events = JSON.stringify([
    { email: ada, event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 no such user' },
    { email: 'bo@reader.example', event: 'bounce', type: 'blocked', reason: '554 blocked' },
    { email: 'cy@reader.example', event: 'spamreport' },
    { email: 'di@reader.example', event: 'group_unsubscribe' },
    { email: 'ed@reader.example', event: 'dropped', reason: 'Bounced Address' },
    { email: 'fa@reader.example', event: 'deferred', reason: '450 later' },
  ]);

  it('tells each event of a batch', async () => {
    expect(verdicts(await post('sendgrid', events, signed(events)))).toEqual([
      `${ada} hard`,
      'bo@reader.example soft',
      'cy@reader.example complaint',
      'di@reader.example opt-out',
      'ed@reader.example hard',
    ]);
    expect(isSuppressed(db, ada)).toBe(true);
  });

  it('is refused with another body, without a signature, or a day later', async () => {
    const old = String(Number(seconds) - 2 * 24 * 60 * 60);
    expect(verdicts(await post('sendgrid', '[]', signed(events)))).toEqual(['refused']);
    expect(verdicts(await post('sendgrid', events))).toEqual(['refused']);
    expect(verdicts(await post('sendgrid', events, signed(events, old)))).toEqual(['refused']);
  });
});

describe('Mailgun', () => {
  const signature = {
    timestamp: seconds,
    token: 'once',
    signature: createHmac('sha256', keys.mailgunSigningKey ?? '')
      .update(`${seconds}once`)
      .digest('hex'),
  };
  const failure = (over: object) => ({
    signature,
    'event-data': { event: 'failed', severity: 'permanent', recipient: ada, ...over },
  });

  it.each([
    [failure({ 'delivery-status': { code: 550, message: '5.1.1 no such user' } }), [`${ada} hard`]],
    [failure({ 'delivery-status': { code: 552, message: 'mailbox full' } }), [`${ada} soft`]],
    [failure({ severity: 'temporary' }), []],
    [failure({ reason: 'suppress-bounce' }), [`${ada} hard`]],
    [failure({ event: 'complained' }), [`${ada} complaint`]],
    [failure({ event: 'unsubscribed' }), [`${ada} opt-out`]],
  ])('%j', async (event, expected) => {
    expect(verdicts(await post('mailgun', event))).toEqual(expected);
  });

  it('is refused with a signature of somebody else', async () => {
    const forged = { ...failure({ event: 'complained' }), signature: { ...signature, token: 'x' } };
    expect(verdicts(await post('mailgun', forged))).toEqual(['refused']);
  });
});

describe('SES through SNS', () => {
  const bounce = {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [{ emailAddress: ada, status: '5.1.1' }],
  };
  const message = (over: Readonly<Record<string, string>> = {}) => {
    const plain: Record<string, string> = {
      Type: 'Notification',
      MessageId: 'm-1',
      TopicArn: topic,
      Message: JSON.stringify({ notificationType: 'Bounce', bounce }),
      Timestamp: now.toISOString(),
      SignatureVersion: '2',
      SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/made-up.pem',
      ...over,
    };
    const names = [
      'Message',
      'MessageId',
      'SubscribeURL',
      'Timestamp',
      'Token',
      'TopicArn',
      'Type',
    ];
    const text = names
      .flatMap((name) => (plain[name] === undefined ? [] : [`${name}\n${plain[name]}\n`]))
      .join('');
    const signature = sign('sha256', Buffer.from(text), amazon.privateKey).toString('base64');
    return { ...plain, Signature: signature };
  };

  it('is applied', async () => {
    expect(verdicts(await post('ses', message()))).toEqual([`${ada} hard`]);
    expect(isSuppressed(db, ada)).toBe(true);
  });

  it('has its subscription confirmed', async () => {
    const url = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';
    const asked = message({ Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: url });
    expect(verdicts(await post('ses', asked))).toEqual([]);
    expect(fetched).toContain(url);
  });

  it('is refused with another topic, a changed message, or a certificate from elsewhere', async () => {
    const elsewhere = { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com.evil.example/c.pem' };
    expect(verdicts(await post('ses', message({ TopicArn: `${topic}-2` })))).toEqual(['refused']);
    expect(verdicts(await post('ses', { ...message(), MessageId: 'm-2' }))).toEqual(['refused']);
    fetched = [];
    expect(verdicts(await post('ses', message(elsewhere)))).toEqual(['refused']);
    expect(fetched).toEqual([]);
  });
});

it.each(['ses', 'postmark', 'sendgrid', 'mailgun', 'nobody'])(
  '%s is not found where it is not set up',
  async (provider) => expect(verdicts(await post(provider, {}, {}, {}))).toEqual(['not-found']),
);
