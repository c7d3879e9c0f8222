/**
 * What the mails look like, kept in files: a change of look or wording shows in them, and is meant
 * or is a mistake. `npm run golden` writes them anew.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RenderedMail } from '../../src/mail/render.ts';
import { loadTemplates, type Templates } from '../../src/mail/templates.ts';
import { mailFamily } from './mail-family.ts';

let templates: Templates;
beforeAll(async () => {
  templates = await loadTemplates('templates');
});

describe.each(['en', 'ja'] as const)('the mails in %s', (language) => {
  test('are as they were', async () => {
    for (const [name, mail] of Object.entries(mailFamily(templates, language))) {
      // The longest one is the daily one many times over.
      if (name === 'longest') continue;
      const file = `golden/${name}.${language}`;
      await expect(mail.html).toMatchFileSnapshot(`${file}.html`);
      await expect(withSubject(mail)).toMatchFileSnapshot(`${file}.txt`);
    }
  });
});

const withSubject = ({ subject, text }: RenderedMail): string => `Subject: ${subject}\n\n${text}`;
