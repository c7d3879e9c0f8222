/** What Gmail, Outlook, Apple Mail and Yahoo can show, by the data of caniemail.com. */
import { type CanIEmailOptions, caniemail } from 'caniemail';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTemplates, type Templates } from '../../src/mail/templates.ts';
import { mailFamily } from './mail-family.ts';

const clients: CanIEmailOptions['clients'] = ['gmail.*', 'outlook.*', 'apple-mail.*', 'yahoo.*'];

const stylesDropped =
  'what is needed in the light is inline; phones and the dark then get the wide, light mail';

/** Features that one of the clients lacks, and what its readers see instead. */
const fallbacks: Readonly<Record<string, string>> = {
  '<style> element': stylesDropped,
  '@media': stylesDropped,
  'Attribute selector': 'the dark colours of Outlook.com, which no other client asks for',
  'Chaining selectors': stylesDropped,
  'Child combinator': stylesDropped,
  'Class selector': stylesDropped,
  'Descendant combinator': stylesDropped,
  'ID selector': 'a repair of Outlook.com links, which no other client needs',
  'Type selector': stylesDropped,
  ':hover': 'titles are not underlined under the pointer',
  '<body> element': 'the first div inside has the same colour',
  'aria-hidden attribute': 'a screen reader reads out the curve as well as its sentence',
  'aria-label attribute': 'the mail has no name of its own beside its subject',
  'role attribute': 'Windows Mail has no screen reader support for tables anyway',
  'border-radius': 'the button has corners',
  'display:none': 'where one of these ways to hide the preheader fails, the next one works',
  'height property': 'images only, of which there are none',
  opacity: 'where one of these ways to hide the preheader fails, the next one works',
  outline: 'images only, of which there are none',
  overflow: 'where one of these ways to hide the preheader fails, the next one works',
  'text-wrap': 'the last line of a title or of the day may hold one word',
  'white-space': 'the name of a link may break over two lines',
  'word-break': 'a word longer than the line widens the mail',
  'word-spacing': 'the usual one, which it is set to',
};

describe('the mails in Gmail, Outlook, Apple Mail and Yahoo', () => {
  let templates: Templates;
  beforeAll(async () => {
    templates = await loadTemplates('templates');
  });

  test('use nothing that one of them lacks without a fallback, and no fallback is for nothing', () => {
    const lacking = new Set<string>();
    for (const { html } of Object.values(mailFamily(templates, 'en'))) {
      const { issues } = caniemail({ clients, html });
      for (const { title } of [...issues.errors.values()].flat()) lacking.add(title);
    }
    expect([...lacking].sort()).toEqual(Object.keys(fallbacks).sort());
  });

  test('keep each style block under the 16 KB that Gmail takes, and all of them together', () => {
    for (const { html } of Object.values(mailFamily(templates, 'en'))) {
      const blocks = [...html.matchAll(/<style[^>]*>([^<]*)<\/style>/g)].map(([, css = '']) => css);
      expect(blocks.length).toBeGreaterThan(3);
      expect(blocks.join('').length).toBeLessThan(8_192);
    }
  });
});
