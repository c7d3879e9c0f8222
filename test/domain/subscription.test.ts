import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emailKey,
  isStatus,
  parseEmail,
  parseFrequency,
  parseTimeZone,
  renderFrequency,
} from '../../src/domain/subscription.ts';
import { anyText } from '../any-text.ts';

describe('an address', () => {
  const good: readonly (readonly [string, string])[] = [
    ['mira@example.org', 'mira@example.org'],
    [' Mira+papers@Example.ORG ', 'Mira+papers@example.org'],
    ["o'neil.x@a-b.example.co", "o'neil.x@a-b.example.co"],
    ['jürgen@müller.example', 'jürgen@müller.example'],
    ['x@xn--mller-kva.example', 'x@müller.example'],
    ['x@XN--MLLER-KVA.example', 'x@müller.example'],
    // Domains that can be had, and that the decoder will not spell.
    ['x@xn--i-7iq.ws', 'x@xn--i-7iq.ws'],
    ['x@xn--parallel-koa.cat', 'x@xn--parallel-koa.cat'],
  ];
  test.each(good)('"%s" is taken as %s', (text, email) => {
    expect(parseEmail(text)).toBe(email);
  });

  const bad = [
    'x@xn--mller-kva.example/path',
    'x@xn--mller-kva.example?x=1',
    'x@xn--mller-kva.exa\nmple',
    'x@host.example/xn--',
    '',
    'mira',
    '@example.org',
    'mira@',
    'mira@localhost',
    'a@b@example.org',
    'a b@example.org',
    'mira@example.org\r\nBcc: x@example.org',
    'mira\u0000@example.org',
    '"mira"@example.org',
    'mira@[127.0.0.1]',
    '<mira@example.org>',
    'mira@example.org,x@example.org',
    '.mira@example.org',
    'mi..ra@example.org',
    'mira@-example.org',
    'mira@example..org',
    `${'x'.repeat(65)}@example.org`,
    `x@${'y'.repeat(60)}.${'y'.repeat(60)}.${'y'.repeat(60)}.${'y'.repeat(60)}.${'y'.repeat(60)}.org`,
  ];
  test.each(bad)('%j is none', (text) => {
    expect(parseEmail(text)).toBeUndefined();
  });

  test('never carries white space, control characters, or header syntax', () => {
    const text = fc.oneof(
      anyText(100),
      fc.tuple(anyText(8), fc.constant('@example.org')).map((p) => p.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        const email = parseEmail(given);
        if (email !== undefined) expect(email).not.toMatch(/[\s\p{C}<>",;:()[\]\\]/u);
      }),
    );
  });

  test('is the same mailbox in any case', () => {
    expect(emailKey('Mira@example.org')).toBe(emailKey('mira@EXAMPLE.org'));
    expect(emailKey('mi.ra@example.org')).not.toBe(emailKey('mira@example.org'));
  });
});

describe('settings in words', () => {
  test.each(['daily', 'weekdays', 'weekly:mon', 'weekly:sun'])('read and written: %s', (text) => {
    const frequency = parseFrequency(text);
    expect(frequency && renderFrequency(frequency)).toBe(text);
  });

  test.each(['', 'hourly', 'weekly', 'weekly:', 'weekly:monday', 'weekly:mon:tue', 'daily:mon'])(
    '%j is no frequency',
    (text) => {
      expect(parseFrequency(text)).toBeUndefined();
    },
  );

  test('know the zones of the world and no offsets', () => {
    for (const zone of [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Asia/Calcutta'])
      expect(parseTimeZone(zone), zone).toBe(zone);
    for (const zone of ['', '+02:00', 'Mars/Olympus', 'Europe/Berlin ', '../etc'])
      expect(parseTimeZone(zone), zone).toBeUndefined();
  });

  test('know their statuses', () => {
    expect(isStatus('paused')).toBe(true);
    expect(isStatus('deleted')).toBe(false);
  });
});
