import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeMessage } from '../../src/mail/compose.ts';
import { loadDkimKeys, signRsa } from '../../src/mail/dkim.ts';
import { fieldMaker } from '../../src/mail/headers.ts';
import { assembleMessage, toBody } from '../../src/mail/message.ts';
import { sampleMessage } from './sample-mail.ts';

const headOf = (bytes: Buffer): string => bytes.subarray(0, bytes.indexOf('\r\n\r\n')).toString();
const fieldNames = (bytes: Buffer): string[] =>
  headOf(bytes)
    .split(/\r\n(?![ \t])/)
    .map((line) => line.slice(0, line.indexOf(':')).toLowerCase());

/** RFC 5321 and 5322 as far as bytes go. */
const expectWellFormed = (bytes: Buffer): void => {
  const text = bytes.toString('latin1');
  expect(text).not.toMatch(/\r(?!\n)|(?<!\r)\n/);
  expect(text.endsWith('\r\n')).toBe(true);
  expect(text).toMatch(/^[\t\r\n -~]*$/);
  for (const line of text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
  const names = fieldNames(bytes);
  for (const once of ['from', 'to', 'date', 'message-id', 'subject', 'mime-version'])
    expect(names.filter((name) => name === once)).toEqual([once]);
  expect(names).not.toContain('bcc');
};

describe('a digest message', () => {
  test('is read back whole by a mail parser', async () => {
    const text = 'Grüße: α → β\n.dot\nlast\n';
    const bytes = await composeMessage({ ...sampleMessage, text, html: '<p>.α</p>' });
    expectWellFormed(bytes);
    const mail = await simpleParser(bytes);
    expect(mail.subject).toBe(sampleMessage.subject);
    expect(mail.from?.value).toEqual([{ name: 'Paperboy', address: 'papers@paperboy.example' }]);
    expect(mail.messageId).toBe('<delivery-1@paperboy.example>');
    expect(mail.date).toEqual(sampleMessage.date);
    expect(mail.text).toBe(text);
    expect(mail.html).toContain('.α');
  });

  test('is of its own sender and moment, whatever was composed before', async () => {
    const senders = ['Paperboy', 'Owls & Kites', 'Paperboy'];
    for (const [hour, name] of senders.entries()) {
      const from = { name, address: `papers-${hour}@paperboy.example` };
      const date = new Date(Date.UTC(2026, 2, 20, hour));
      const input = { ...sampleMessage, from, date, messageId: `<${hour}@paperboy.example>` };
      const mail = await simpleParser(await composeMessage(input));
      expect(mail.from?.value).toEqual([from]);
      expect(mail.date).toEqual(date);
      expect(mail.messageId).toBe(`<${hour}@paperboy.example>`);
    }
  });

  test('carries the headers of a list mail', async () => {
    const head = headOf(await composeMessage(sampleMessage)).replace(/\r\n(?=[ \t])/g, '');
    expect(head).toContain(
      'List-Unsubscribe: <https://paperboy.example/unsubscribe/token>, <mailto:unsubscribe+token@paperboy.example>',
    );
    expect(head).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
    expect(head).toMatch(/^List-I[dD]: Paperboy <digest\.paperboy\.example>$/m);
    expect(head).toMatch(/^Precedence: bulk$/m);
    expect(head).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(head).toMatch(/^Feedback-ID: digest:daily:paperboy:paperboy$/m);
    expect(head).toMatch(/^Content-Type: multipart\/alternative/m);
    expect(head).not.toMatch(/^(?:X-|Return-Path)/im);
  });

  test('is the same bytes for the same input', async () => {
    const [once, again] = [
      await composeMessage(sampleMessage),
      await composeMessage(sampleMessage),
    ];
    expect(once.equals(again)).toBe(true);
  });

  test('cannot be given another header by a subject, a name or a text', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(
        'a\r\nBcc: evil@example.org',
        'x\rBcc: y',
        'z\n\n<body>',
        '👩‍🔬'.repeat(1_000),
        'ابجد'.repeat(1_500),
        'w'.repeat(5_000),
        '.\r\n.\r\nMAIL FROM:<x>',
      ),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (words) => {
        const from = { ...sampleMessage.from, name: words };
        const message = { ...sampleMessage, from, subject: words, text: words, html: words };
        const bytes = await composeMessage(message);
        expectWellFormed(bytes);
        const mail = await simpleParser(bytes);
        expect(mail.from?.value.map(({ address }) => address)).toEqual([from.address]);
      }),
      { numRuns: 80 },
    );
  });

  test.each([
    ['to', 'a@example.org\r\nBcc: evil@example.org'],
    ['to', 'a@b@example.org'],
    ['to', 'a, b@example.org'],
    ['messageId', 'x@y\r\nBcc: z'],
    ['feedbackId', 'a\nb'],
    ['listId', 'digest\r\n.example'],
    ['unsubscribeUrl', 'https://x.example/\r\nBcc: y'],
    ['unsubscribeUrl', 'https://x.example/>, <https://y.example'],
    ['unsubscribeUrl', 'javascript:1'],
    ['unsubscribeMailto', 'x@y.example\r\nA: b'],
    ['returnPath', 'x@y.example>\r\nDATA'],
  ])('is refused with %s = %j', async (field, value) => {
    await expect(composeMessage({ ...sampleMessage, [field]: value })).rejects.toThrow();
  });

  test('writes international domains in ASCII and keeps an international mailbox', async () => {
    const domain = await composeMessage({ ...sampleMessage, to: 'mira@bücher.example' });
    expect(headOf(domain)).toContain('To: mira@xn--bcher-kva.example');
    const mailbox = await composeMessage({ ...sampleMessage, to: 'mirá@example.org' });
    expect((await simpleParser(mailbox)).to).toMatchObject({
      value: [{ address: 'mirá@example.org' }],
    });
  });
});

test('a notice says it is automatic and is no list mail', async () => {
  const { unsubscribeUrl: _, unsubscribeMailto: __, ...rest } = sampleMessage;
  const names = fieldNames(await composeMessage({ ...rest, kind: 'notice' }));
  expect(names).toContain('auto-submitted');
  for (const name of ['list-id', 'list-unsubscribe', 'precedence'])
    expect(names).not.toContain(name);
});

describe('DKIM', () => {
  let dir: string;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ed25519 = generateKeyPairSync('ed25519');
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const keyFile = async (content: string | Buffer, name = 'key.pem'): Promise<string> => {
    const file = join(dir, name);
    await writeFile(file, content);
    return file;
  };
  const load = async (content: string | Buffer) =>
    loadDkimKeys({
      domain: 'paperboy.example',
      keys: [{ selector: 's1', privateKeyFile: await keyFile(content) }],
    });
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'dkim-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  const publicKeys = {
    rsa: rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    ed25519: ed25519.publicKey
      .export({ type: 'spki', format: 'der' })
      .subarray(-32)
      .toString('base64'),
  };
  const verdict = async (bytes: Buffer, type: 'rsa' | 'ed25519') => {
    const resolver = async () => [[`v=DKIM1; k=${type}; p=${publicKeys[type]}`]];
    const { results } = await dkimVerify(bytes, { resolver });
    return results[0];
  };

  test.each(['rsa', 'ed25519'] as const)(
    '%s signatures verify and cover every header that counts',
    async (type) => {
      const key = await load((type === 'rsa' ? rsa : ed25519).privateKey.export(pem));
      const text = 'Trailing blanks  \n\n\nα  β\t\tγ\n\n\n';
      const bytes = await composeMessage({ ...sampleMessage, text, subject: 'α '.repeat(90) }, key);
      expectWellFormed(bytes);
      const result = await verdict(bytes, type);
      expect(result?.status.result).toBe('pass');
      const signed =
        /\bh=([^;]*);/.exec(headOf(bytes).replace(/\r\n\s*/g, ''))?.[1]?.split(':') ?? [];
      expect(signed.filter((name) => name === 'from')).toHaveLength(2);
      for (const name of [
        'to',
        'subject',
        'date',
        'message-id',
        'mime-version',
        'content-type',
        'list-id',
        'list-unsubscribe',
        'list-unsubscribe-post',
        'feedback-id',
      ])
        expect(signed).toContain(name);
    },
  );

  test("by RSA in the thread that asks are Node's own, octet by octet", () => {
    for (const bits of [1024, 2048, 3072]) {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
      for (const data of ['', 'x', 'from:a@b.example\r\n'.repeat(100)].map((text) =>
        Buffer.from(text),
      ))
        expect(signRsa(privateKey, data).equals(sign('sha256', data, privateKey))).toBe(true);
    }
  });

  test('tell the time of their own mail, whatever was signed before', async () => {
    const key = await load(ed25519.privateKey.export(pem));
    for (const seconds of [1_000, 1_001, 1_000]) {
      const date = new Date(seconds * 1000);
      const bytes = await composeMessage({ ...sampleMessage, date }, key);
      expect(headOf(bytes)).toContain(` t=${seconds};`);
      expect((await verdict(bytes, 'ed25519'))?.status.result).toBe('pass');
    }
  });

  test('sign heads of any shape, however many were signed between', async () => {
    const key = await load(ed25519.privateKey.export(pem));
    const names = ['To', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'List-Id', 'Feedback-ID'];
    // Each is another choice, and another order, of as many fields.
    const shapes = Array.from({ length: 30 }, (_, n) => [
      ...['From', 'Subject', names[n % 7], 'X-Other', names[(n * 3 + 1) % 7], names[(n * 5) % 7]],
    ]);
    for (const shape of [...shapes, ...shapes.toReversed()]) {
      const fields = shape.map((name = '', at) => fieldMaker(name)(`mira${at}@example.org`));
      const body = toBody({ text: 'x\r\n', html: 'x\r\n' });
      const bytes = await assembleMessage(fields, body, key, new Date(0));
      expect((await verdict(bytes, 'ed25519'))?.status.result, shape.join()).toBe('pass');
    }
  });

  test('by both kinds of key at once verifies for receivers that know either', async () => {
    const keys = await loadDkimKeys({
      domain: 'paperboy.example',
      keys: [
        { selector: 'r', privateKeyFile: await keyFile(rsa.privateKey.export(pem), 'r.pem') },
        { selector: 'e', privateKeyFile: await keyFile(ed25519.privateKey.export(pem), 'e.pem') },
      ],
    });
    const bytes = await composeMessage({ ...sampleMessage, subject: 'α '.repeat(90) }, keys);
    expectWellFormed(bytes);
    const records: Readonly<Record<string, string>> = {
      'r._domainkey.paperboy.example': `v=DKIM1; k=rsa; p=${publicKeys.rsa}`,
      'e._domainkey.paperboy.example': `v=DKIM1; k=ed25519; p=${publicKeys.ed25519}`,
    };
    const resolver = async (name: string) => [[records[name] ?? '']];
    const { results } = await dkimVerify(bytes, { resolver });
    expect(results.map(({ selector, status }) => [selector, status.result])).toEqual([
      ['r', 'pass'],
      ['e', 'pass'],
    ]);
    expect(headOf(bytes).match(/ a=[\w-]+/g)).toEqual([' a=rsa-sha256', ' a=ed25519-sha256']);
    // A receiver, or a list server, may strip one of them.
    const alone = bytes.toString('latin1').replace(/^DKIM-Signature:.*?\r\n(?![ \t])/s, '');
    const { results: rest } = await dkimVerify(Buffer.from(alone, 'latin1'), { resolver });
    expect(rest.map(({ selector, status }) => [selector, status.result])).toEqual([['e', 'pass']]);
  });

  test('notices a changed body, a changed header and a second From', async () => {
    const key = await load(rsa.privateKey.export(pem));
    const signed = (await composeMessage(sampleMessage, key)).toString('latin1');
    const forged = [
      signed.replace('Hello', 'Hallo'),
      signed.replace('Subject: Small', 'Subject: Large'),
      signed.replace(/^From: /m, 'From: evil@example.org\r\nFrom: '),
    ];
    for (const message of forged) {
      expect(message).not.toBe(signed);
      expect((await verdict(Buffer.from(message, 'latin1'), 'rsa'))?.status.result).not.toBe(
        'pass',
      );
    }
  });

  test('that fails fails its mail alone, whatever other keys are at work', async () => {
    const [good] = await load(rsa.privateKey.export(pem));
    if (!good) throw new Error('no key');
    // A public key cannot sign.
    const bad = { ...good, algorithm: 'ed25519-sha256', privateKey: ed25519.publicKey } as const;
    const left: unknown[] = [];
    const note = (reason: unknown): void => void left.push(reason);
    process.on('unhandledRejection', note);
    for (const keys of [
      [good, bad],
      [bad, good],
      [bad, bad],
    ])
      await expect(composeMessage(sampleMessage, keys)).rejects.toThrow();
    await new Promise(setImmediate);
    process.off('unhandledRejection', note);
    expect(left).toEqual([]);
  });

  test('refuses a key that cannot sign', async () => {
    await expect(load('no key')).rejects.toThrow('DKIM_PRIVATE_KEY_FILE holds no private key');
    await expect(load(rsa.publicKey.export({ type: 'spki', format: 'pem' }))).rejects.toThrow(
      /holds no private key \(PEM\): .*; it is the public half, which goes into DNS/,
    );
    const locked = rsa.privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'owl' });
    await expect(load(locked)).rejects.toThrow(/is locked by a passphrase, .*key\.pem/);
    const weak = generateKeyPairSync('rsa', { modulusLength: 512 });
    await expect(load(weak.privateKey.export(pem))).rejects.toThrow(
      /1,024 bits or more, .* DKIM_PRIVATE_KEY_FILE .*key\.pem holds rsa of 512 bits/,
    );
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await expect(load(other.privateKey.export(pem))).rejects.toThrow('holds ec');
    const good = { selector: 's1', privateKeyFile: await keyFile(rsa.privateKey.export(pem)) };
    const none = { selector: 's2', privateKeyFile: join(dir, 'none') };
    const domain = 'paperboy.example';
    await expect(loadDkimKeys({ domain, keys: [good, none] })).rejects.toThrow(
      /cannot be read: .*none \(there is no such file\)/,
    );
    const evil = { ...good, selector: 'x; d=evil' };
    await expect(loadDkimKeys({ domain, keys: [evil] })).rejects.toThrow('DKIM_SELECTOR');
    const injected = { domain: 'x; d=evil', keys: [good] };
    await expect(loadDkimKeys(injected)).rejects.toThrow('DKIM_DOMAIN');
  });
});
