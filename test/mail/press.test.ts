import { resolve } from 'node:path';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { beforeAll, describe, expect, test } from 'vitest';
import { composeMessage } from '../../src/mail/compose.ts';
import { createGalley } from '../../src/mail/galley.ts';
import { headRoom } from '../../src/mail/message.ts';
import { createPress, isPlainHref, type Press } from '../../src/mail/press.ts';
import { type DigestView, type PaperView, renderDigest } from '../../src/mail/render.ts';
import { loadTemplates, type Templates } from '../../src/mail/templates.ts';
import { sampleDigest, sampleMessage } from './sample-mail.ts';

let templates: Templates;
beforeAll(async () => {
  templates = await loadTemplates(resolve('templates'));
});

const printOn = (press: Press, { papers, topicsLine, lead, links, ...view }: DigestView) =>
  press.print(
    createGalley(headRoom),
    press.frame(view),
    { topicsLine, links, ...(lead !== undefined && { lead }) },
    papers.map((paper) => ({
      block: press.set(paper, view.language),
      heading: paper.heading,
      named: paper.named,
    })),
  );

const below = (paper: PaperView): PaperView => ({ ...paper, named: true });

/** What a reader's program shows of a message. */
const read = async (parts: Parameters<typeof composeMessage>[0]) => {
  const mail = await simpleParser(await composeMessage(parts), { skipTextToHtml: true });
  return { subject: mail.subject, html: mail.html, text: mail.text };
};

const expectSame = async (view: DigestView): Promise<void> => {
  const printed = printOn(createPress(templates), view);
  if (!printed) throw new Error('the press gave up');
  const { subject, text, html } = renderDigest(templates, view);
  const { text: _text, html: _html, ...rest } = sampleMessage;
  expect(await read({ ...rest, ...printed })).toEqual(await read({ ...rest, subject, text, html }));
};

describe('the press', () => {
  test.each([1, 2, 10, 30])('prints %i papers exactly as they are rendered', async (papers) => {
    await expectSame(sampleDigest(papers));
  });

  test('prints a note, and leaves no trace of an empty line', async () => {
    await expectSame({ ...sampleDigest(3), readerNote: 'Welcome! <b>&</b> "mornings"' });
    await expectSame({ ...sampleDigest(3), topicsLine: '' });
    const { links, ...view } = sampleDigest(2);
    await expectSame({ ...view, links: { ...links, web: '', feed: 'javascript:alert(1)' } });
  });

  test.each([
    'https://papers.example:8443/for/owls',
    'https://papers.example/a&b',
    "https://papers.example/it's=here",
    'https://papers.example/é ü',
    'https://PAPERS.example',
    'https://papers.example:443',
    'https://papers.example/a/../b',
    'https://[::1]:3000',
  ])('prints links behind %s as they are rendered', async (baseUrl) => {
    const { links, ...view } = sampleDigest(3);
    const moved = (href: string): string => href.replace('https://paperboy.example', baseUrl);
    await expectSame({
      ...{ ...view, baseUrl },
      links: {
        manage: moved(links.manage),
        unsubscribe: moved(links.unsubscribe),
        web: moved(links.web),
        feed: moved(links.feed),
        react: moved(links.react),
      },
    });
  });

  test.each([
    ['https://papers.example', true],
    ['http://localhost:3000', true],
    ['https://papers.example/for/owls', true],
    ['https://papers.example/a&b', false],
    ['https://papers.example/~owl', false],
    ['https://PAPERS.example', false],
    ['https://papers.example:443', false],
    ['https://papers.example/a/../b', false],
    ['https://[::1]:3000', false],
    ['javascript:alert(1)', false],
    ['', false],
  ])('whether %s is plain: %s', (href, isPlain) => {
    expect(isPlainHref(href)).toBe(isPlain);
  });

  test('prints a heading above whichever paper begins a group', async () => {
    for (const headed of [[0], [1, 3], [0, 1, 2, 3]]) {
      const papers = sampleDigest(4).papers.map((paper, index) =>
        headed.includes(index) ? { ...paper, heading: `Group <${index}> & its papers` } : paper,
      );
      await expectSame({ ...sampleDigest(0), papers });
    }
    await expectSame({ ...sampleDigest(3), weekly: true, postalAddress: '1 "Example" Street' });
  });

  test('prints below a topic’s name what is not said in it, in each place', async () => {
    const topics = ['Language models', 'Computation and Language (cs.CL)'];
    for (const named of [[0], [1, 2], [3, 4, 5], [0, 1, 2, 3, 4, 5]]) {
      const papers = sampleDigest(6).papers.map((paper, index) => ({
        ...paper,
        topic: topics[index % 2] ?? '',
        ...(named[0] === index && { heading: 'A heading' }),
        named: named.includes(index),
      }));
      await expectSame({ ...sampleDigest(0), papers });
    }
    await expectSame({ ...sampleDigest(0), papers: sampleDigest(1).papers.map(below) });
  });

  test('prints whatever readers and papers are called', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '\uFDD0a\uFDD1',
        '\uFDD2links.manage\uFDD3',
        '.dot',
        ' two  spaces ',
        '='.repeat(90),
      ),
    );
    await fc.assert(
      fc.asyncProperty(text, text, text, async (title, topic, line) => {
        const view = sampleDigest(2);
        const papers = view.papers.map((paper) => ({ ...paper, title, topic, text: line }));
        await expectSame({
          ...view,
          papers,
          topicsLine: line,
          dayLine: `A day. ${topic}`,
          readerNote: title,
        });
      }),
      { numRuns: 100 },
    );
  });

  test('gives up on a digest that would be cut off by mail programs', () => {
    const view = sampleDigest(30);
    const long = view.papers.map((paper, index) => ({
      ...paper,
      title: `${index} ${'&'.repeat(250)}`,
      text: '&'.repeat(600),
      why: '&'.repeat(190),
      authorsLine: '&'.repeat(190),
    }));
    expect(printOn(createPress(templates), { ...view, papers: long })).toBeUndefined();
  });
});
