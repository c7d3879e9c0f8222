import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmacSha256 } from '../../src/lib/hmac.ts';

const octets = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 400 })
  .map((bytes) => String.fromCharCode(...bytes));

test("is Node's own HMAC, whatever the secret and the message, and whatever came before", () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), octets, (secret, message) => {
      const reference = createHmac('sha256', secret).update(message, 'latin1').digest('binary');
      expect(hmacSha256(secret, message)).toBe(reference);
    }),
  );
});

test('is what RFC 4231 says, for a short secret and for one longer than a block', () => {
  const inHex = (mac: string): string => Buffer.from(mac, 'latin1').toString('hex');
  expect(inHex(hmacSha256('Jefe', 'what do ya want for nothing?'))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  const long = 'k'.repeat(131);
  expect(inHex(hmacSha256(long, 'x'))).toBe(createHmac('sha256', long).update('x').digest('hex'));
});
