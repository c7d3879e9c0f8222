import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmacSha256 } from '../../src/lib/hmac.ts';

const secrets = fc.string({ unit: 'binary', maxLength: 200 });
const labels = fc.string({ unit: 'binary', maxLength: 60 });
const messages = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 4 });

test("is Node's own HMAC, whatever the secret and the message, and whatever came before", () => {
  fc.assert(
    fc.property(secrets, labels, messages, (secret, label, several) => {
      for (const message of several) {
        const reference = createHmac('sha256', secret).update(label).update(message);
        expect(hmacSha256(secret, label, message)).toBe(reference.digest('binary'));
      }
    }),
  );
});

test('is what RFC 4231 says, for a short secret and for one longer than a block', () => {
  const inHex = (mac: string): string => Buffer.from(mac, 'latin1').toString('hex');
  expect(inHex(hmacSha256('Jefe', 'what do ', Buffer.from('ya want for nothing?')))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  const long = 'k'.repeat(131);
  const reference = createHmac('sha256', long).update('x').digest('hex');
  expect(inHex(hmacSha256(long, 'x', Buffer.alloc(0)))).toBe(reference);
  expect(hmacSha256(long, 'x', Buffer.alloc(0), 'hex')).toBe(reference);
});
