import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PaperView } from '../../src/mail/render.ts';
import { renderDigest, renderNotice } from '../../src/mail/render.ts';
import type { Templates } from '../../src/mail/templates.ts';
import { loadTemplates, noticeNames } from '../../src/mail/templates.ts';
import { sampleDigest, sampleNotice, samplePaper } from './sample-mail.ts';

let templates: Templates;
beforeAll(async () => {
  templates = await loadTemplates('templates');
});

const htmlLinks = (html: string): Set<string> =>
  new Set([...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => unescapeHtml(href)));
const unescapeHtml = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
const textLinks = (text: string): Set<string> =>
  new Set([...text.matchAll(/https?:\/\/\S+/g)].map(([link]) => link));

const hostilePaper = (rank: number, words: string): PaperView => ({
  ...samplePaper(rank),
  title: words,
  text: words,
  why: words,
  authorsLine: words,
  topic: words,
  category: words,
});

describe('a digest', () => {
  test('of ten papers is under 45 KB of HTML, of thirty under 90 KB', () => {
    expect(Buffer.byteLength(renderDigest(templates, sampleDigest(10)).html)).toBeLessThan(45_000);
    expect(Buffer.byteLength(renderDigest(templates, sampleDigest(30)).html)).toBeLessThan(90_000);
  });

  test.each([['"'], ['<&>'], ['語'], ['👩‍🔬'], ['word ']])(
    'of thirty papers full of %s stays under 90 KB',
    (unit) => {
      const papers = Array.from({ length: 30 }, (_, i) => ({
        ...hostilePaper(i + 1, unit.repeat(2000)),
        links: Array.from({ length: 9 }, (_, n) => ({
          label: unit.repeat(50),
          href: `https://paperboy.example/?${'a='.repeat(n * 60)}`,
        })),
      }));
      const { html } = renderDigest(templates, { ...sampleDigest(0), papers });
      expect(Buffer.byteLength(html)).toBeLessThan(90_000);
      expect(html).toContain('https://paperboy.example/unsubscribe/token');
    },
  );

  test('holds the same links in its text as in its HTML', () => {
    const mail = renderDigest(templates, sampleDigest(10));
    const inHtml = htmlLinks(mail.html);
    inHtml.delete('https://paperboy.example/');
    // More, less and mute are one page, and in the text one link.
    const pages = new Set([...inHtml].map((link) => link.replace(/\?say=\w+$/, '')));
    expect([...textLinks(mail.text)].sort()).toEqual([...pages].sort());
    for (const { title } of sampleDigest(10).papers) {
      expect(unescapeHtml(mail.html)).toContain(title);
      expect(mail.text.replace(/\s+/g, ' ')).toContain(title);
    }
  });

  test('lists the title link in the text when no other link repeats it', () => {
    const papers = [{ ...samplePaper(1), href: 'https://paperboy.example/papers/x', links: [] }];
    const { text } = renderDigest(templates, { ...sampleDigest(0), papers });
    expect(text).toContain('https://paperboy.example/papers/x');
  });

  test('sets what runs from right to left so, in attributes that old mail programs know', () => {
    const title = 'نماذج صغيرة: GPT-4';
    const papers = [
      { ...samplePaper(1), title, topic: 'מודלים', category: '', authorsLine: 'Li Wenqing, نور' },
    ];
    const { html } = renderDigest(templates, { ...sampleDigest(0), papers });
    const rtl = [
      ...html.matchAll(/<(\w+)[^>]*dir="rtl" align="right"[^>]*>(?:<a [^>]*>)?([^<]*)/g),
    ];
    expect(rtl.map(([, element, text]) => [element, text])).toEqual([
      ['p', 'מודלים'],
      ['h2', title],
    ]);
  });

  test('tells in a mail of another language that the authors’ words are English, where they are', () => {
    const papers = [samplePaper(1), { ...samplePaper(2), title: '紙を折る' }];
    const english = renderDigest(templates, { ...sampleDigest(0), papers }).html;
    const { html } = renderDigest(templates, { ...sampleDigest(0), language: 'de', papers });
    const foreign = html.match(/<(?:h2|p)[^>]* lang="en"/g) ?? [];
    expect(foreign.map((tag) => tag.slice(0, 3))).toEqual(['<h2', '<p ', '<p ']);
    expect(english).not.toMatch(/<(?:h2|p)[^>]* lang=/);
  });

  test('escapes markup in HTML and leaves it as it is in text', () => {
    const title = `<script>alert("1")</script> & 'more'`;
    const mail = renderDigest(templates, {
      ...sampleDigest(0),
      papers: [{ ...samplePaper(1), title }],
    });
    expect(mail.html).not.toContain('<script');
    expect(mail.html).toContain('&lt;script&gt;');
    expect(mail.text).toContain(title);
    expect(mail.subject).toBe(title);
  });

  test('drops links that are neither http, https nor mailto', () => {
    const bad = [
      'javascript:alert(1)',
      'data:text/html,x',
      ' java\nscript:x',
      'file:///etc',
      '//x',
    ];
    const papers = bad.map((href, i) => ({
      ...samplePaper(i + 1),
      href,
      links: [{ label: 'bad', href }],
    }));
    const mail = renderDigest(templates, { ...sampleDigest(0), papers });
    for (const link of htmlLinks(mail.html)) expect(link).toMatch(/^(?:https?|mailto):/);
    expect(mail.html).not.toContain('>bad<');
    expect(mail.text).not.toMatch(/javascript|data:/);
  });

  test('has a subject of the top paper’s point and how many more', () => {
    const { subject } = renderDigest(templates, sampleDigest(10));
    expect(subject).toBe('Listening Models That Learn from Nine Minutes of Birdsong and 9 more');
    expect(renderDigest(templates, sampleDigest(1)).subject).not.toContain('more');
  });

  test('wraps its text at 72 columns but for links', () => {
    const papers = [1, 2, 3, 4].map((rank) => hostilePaper(rank, 'x'.repeat(5_000)));
    for (const view of [sampleDigest(10), { ...sampleDigest(0), papers }])
      for (const line of renderDigest(templates, view).text.split('\n'))
        if (!line.includes('://')) expect([...line].length).toBeLessThanOrEqual(72);
  });

  test('has no control characters, bidi overrides or line breaks in its subject, whatever comes', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(anything, (words) => {
        const mail = renderDigest(templates, {
          ...sampleDigest(0),
          dayLine: words,
          papers: [hostilePaper(1, words)],
        });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
        expect(mail.subject).not.toMatch(/[\u0000-\u001F\u202A-\u202E\u2066-\u2069]/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
        expect(mail.text).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
        expect(mail.html.match(/<h2/g)).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });

  test('declares its language, both colour schemes and tables that are only layout', () => {
    const { html } = renderDigest(templates, { ...sampleDigest(2), readerNote: 'A note.' });
    expect(html).toContain('<html lang="en"');
    expect(html).toContain('name="color-scheme" content="light dark"');
    expect(html).not.toContain('<img');
    expect(html).not.toContain('fonts.googleapis');
    expect(html).toContain('A note.');
    for (const [table] of html.matchAll(/<table[^>]*>/g))
      expect(table).toMatch(/role="(?:presentation|none)"/);
  });
});

describe('the foot of a mail', () => {
  test('holds the postal address where there is one', () => {
    const postalAddress = 'Paperboy & Sons, 1 Example Street';
    const mails = [
      renderDigest(templates, { ...sampleDigest(1), postalAddress }),
      ...noticeNames.map((name) =>
        renderNotice(templates, name, { ...sampleNotice, postalAddress }),
      ),
    ];
    for (const { html, text } of mails) {
      expect(unescapeHtml(html)).toContain(postalAddress);
      expect(text).toContain(postalAddress);
    }
    expect(renderDigest(templates, sampleDigest(1)).text).not.toContain('Street');
  });
});

describe('a notice', () => {
  test.each(noticeNames)('%s says to whom and holds its links in both parts', (name) => {
    const mail = renderNotice(templates, name, sampleNotice);
    expect(mail.subject).not.toBe('');
    for (const part of [mail.html, mail.text]) expect(part).toContain('mira@example.org');
    for (const link of textLinks(mail.text)) expect(htmlLinks(mail.html)).toContain(link);
  });

  test('is refused without the link it is about', () => {
    const links = { confirm: 'javascript:x' };
    expect(() => renderNotice(templates, 'confirmation', { ...sampleNotice, links })).toThrow(
      'the confirmation mail needs a confirm link',
    );
  });
});
