import { simpleParser } from 'mailparser';
import { beforeAll, describe, expect, test } from 'vitest';
import { hostileMail } from './hostile.ts';
import { hostileTexts } from './hostile-corpus.ts';

let html = '';
let text = '';
let subject = '';
let bytes: Buffer;
let page = '';
let taken = 0;
beforeAll(async () => {
  ({ bytes, page, taken } = await hostileMail());
  const mail = await simpleParser(bytes, { skipTextToHtml: true });
  html = mail.html || '';
  text = mail.text ?? '';
  subject = mail.subject ?? '';
});

/** The elements of a document, as a browser would open them. */
const tags = (document: string): readonly string[] =>
  document.replace(/<!--.*?-->/gs, '').match(/<[a-zA-Z][^>]*>/g) ?? [];

// Overrides, isolates, controls, and what no text should hold.
const harmful =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF]/;

describe('a mail of nothing but hostile papers', () => {
  test('holds nearly all of them, and is whole', () => {
    expect(taken).toBeGreaterThanOrEqual(hostileTexts.length - 3);
    expect(Buffer.byteLength(html)).toBeLessThan(90_000);
    for (const part of [html, page]) {
      expect(part).toContain('/unsubscribe/');
      expect(part.trimEnd().endsWith('</html>')).toBe(true);
      expect(part.match(/<h2/g)?.length).toBeGreaterThanOrEqual(taken);
    }
  });

  test('lets no markup through, neither in the mail nor on the web', () => {
    for (const part of [html, page]) {
      const opened = tags(part);
      expect(opened.filter((tag) => /^<(?:script|img|iframe|form|object|svg)/i.test(tag))).toEqual(
        [],
      );
      expect(opened.filter((tag) => /\son\w+=/i.test(tag.replace(/"[^"]*"/g, '""')))).toEqual([]);
      const addresses = opened.flatMap((tag) => /\shref="([^"]*)"/.exec(tag)?.[1] ?? []);
      expect(addresses.length).toBeGreaterThan(taken);
      for (const address of addresses) expect(address).toMatch(/^(?:https?|mailto):/);
      const bare = part.replace(/<!--.*?-->/gs, '');
      const count = (pattern: string) => bare.match(new RegExp(pattern, 'g'))?.length;
      for (const name of ['table', 'td', 'tr', 'p', 'h2', 'a']) {
        expect(count(`<${name}[\\s>]`), name).toBe(count(`</${name}>`));
      }
    }
  });

  test('fills no template from a title, and gives away no link of its own', () => {
    // Braces are TeX's; the names in them stay words.
    for (const part of [html, page, text]) expect(part.includes('links.manage')).toBe(true);
    for (const part of [html, page, text]) expect(harmful.exec(part)?.[0]).toBeUndefined();
    expect(subject).not.toMatch(/[\r\n]/);
    expect(subject).not.toMatch(harmful);
  });

  test('stays within the lines of SMTP and of a terminal', () => {
    const raw = bytes.toString('latin1');
    expect(raw).not.toMatch(/[^\r]\n|\r[^\n]/);
    for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
    expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/m);
    const prose = text.split('\n').filter((line) => !/https?:/.test(line));
    for (const line of prose) expect([...line].length).toBeLessThanOrEqual(400);
  });

  test('says on the web what the mail says', () => {
    const words = (document: string): string =>
      document
        .replace(/<style.*?<\/style>|<!--.*?-->/gs, '')
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ');
    expect(words(page)).toBe(words(html));
  });
});
