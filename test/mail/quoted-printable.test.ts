import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePiece } from '../../src/mail/quoted-printable.ts';

/** RFC 2045 §6.7. */
const decode = (encoded: string): string =>
  Buffer.from(
    encoded
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    'latin1',
  ).toString('utf8');

test('a piece is encoded in whole lines that say what it said, whatever it is', () => {
  const plain = fc.stringMatching(/^[!-~ .=]{0,300}$/);
  fc.assert(
    fc.property(fc.oneof(plain, fc.string({ unit: 'grapheme', maxLength: 300 })), (text) => {
      const encoded = encodePiece(text);
      const lines = encoded.split('\r\n');
      expect(lines.pop()).toBe('');
      for (const line of lines) {
        expect(line.length).toBeLessThanOrEqual(76);
        // As relaxed canonicalisation leaves them, and SMTP need not stuff them.
        expect(line).not.toMatch(/[ \t]$|[ \t]{2}|^\./);
      }
      expect(decode(encoded)).toBe(text.replace(/\r\n?/g, '\n').replace(/\n/g, '\r\n'));
    }),
    { numRuns: 500 },
  );
});

test('a long line that would begin with a dot after its break has the dot written out', () => {
  const text = `${'a'.repeat(75)}.b`;
  expect(encodePiece(text)).toBe(`${'a'.repeat(75)}=\r\n=2Eb=\r\n`);
});
