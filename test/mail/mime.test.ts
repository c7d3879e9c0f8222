import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseMessage } from '../../src/mail/mime.ts';

const parse = (text: string) => parseMessage(Buffer.from(text, 'latin1'));

it('unfolds headers and keeps repeated ones in order', () => {
  const { headers } = parse('Received: one\r\n\ttwo\r\nReceived: three\r\nTo: x\r\n\r\nbody');
  expect(headers.get('received')).toEqual(['one two', 'three']);
  expect(headers.get('to')).toEqual(['x']);
});

it('walks nested parts and leaves an enclosed message as it is', () => {
  const { parts } = parse(
    [
      'Content-Type: multipart/mixed; boundary="a"',
      '',
      'preamble',
      '--a',
      'Content-Type: multipart/alternative; boundary=b',
      '',
      '--b',
      '',
      'plain',
      '--b--',
      '--a',
      'Content-Type: message/rfc822',
      '',
      'Subject: inner',
      '',
      'text',
      '--a--',
    ].join('\n'),
  );
  expect(parts.map(({ type, text }) => [type, text.trim()])).toEqual([
    ['text/plain', 'plain'],
    ['message/rfc822', 'Subject: inner\n\ntext'],
  ]);
});

it.each([
  ['quoted-printable', 'utf-8', 'caf=C3=A9 =\nau lait', 'café au lait'],
  ['base64', 'utf-8', 'Y2Fmw6k=', 'café'],
  ['8bit', 'iso-8859-1', 'caf\u00e9', 'café'],
  ['7bit', 'us-ascii', '\u001b$BG-\u001b(B', '猫'],
  ['7bit', 'no-such-charset', 'caf\u00e9', 'caf\u00e9'],
])('decodes %s in %s', (encoding, charset, body, expected) => {
  const head = `Content-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: ${encoding}`;
  expect(parse(`${head}\n\n${body}`).parts[0]?.text).toBe(expected);
});

it('takes a multipart without its boundary for text', () => {
  const { parts } = parse('Content-Type: multipart/report; boundary=gone\n\njust text');
  expect(parts.map(({ text }) => text)).toEqual(['just text']);
});

it('survives any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(parseMessage(Buffer.from(bytes)).parts.length).toBeGreaterThan(0);
    }),
  );
});
