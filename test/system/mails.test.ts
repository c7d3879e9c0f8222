/** The mails under the eyes of a browser's accessibility rules and of a spam filter. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeMessage } from '../../src/mail/compose.ts';
import { loadTemplates, type Templates } from '../../src/mail/templates.ts';
import { mailFamily } from '../mail/mail-family.ts';
import { sampleMessage } from '../mail/sample-mail.ts';
import { darken, darkeners, measureContrast } from './forced-dark.ts';

const languages = ['en', 'de', 'zh'] as const;
const rules = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

// A mail stands inside the page of a mail client, which has the landmarks.
const axeOptions = {
  rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false } },
};

/** Each of another kind, for what takes seconds a mail. */
const different: readonly string[] = ['daily', 'longest', 'confirmation', 'welcome'];

let templates: Templates;
beforeAll(async () => {
  templates = await loadTemplates('templates');
});

describe('in a browser', () => {
  let browser: Browser;
  let axe: string;
  beforeAll(async () => {
    axe = await readFile(rules, 'utf8');
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    });
  });
  afterAll(() => browser?.close());

  const look = async (html: string, colorScheme: 'light' | 'dark', width: number) => {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
    await page.setContent(html);
    const wider = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    await page.evaluate(axe);
    const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(axeOptions)})`)) as {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly object[] }[];
    };
    await page.close();
    return { wider, violations };
  };

  it.each(languages)('axe finds nothing in the mails in %s, light and dark', async (language) => {
    for (const [name, { html }] of Object.entries(mailFamily(templates, language)))
      for (const colorScheme of ['light', 'dark'] as const) {
        const { violations } = await look(html, colorScheme, 375);
        expect([name, colorScheme, violations]).toEqual([name, colorScheme, []]);
      }
  });

  it.each(darkeners)(
    'all text can be read where a program darkens it by itself: %s',
    async (darkener) => {
      for (const [name, { html }] of Object.entries(mailFamily(templates, 'en'))) {
        const page = await browser.newPage();
        await page.setContent(html);
        const light = await measureContrast(page);
        await darken(page, darkener);
        const dark = await measureContrast(page);
        await page.close();
        expect(dark.length).toBe(light.length);
        const poor = [...light, ...dark].filter(({ contrast }) => contrast < 4.5);
        expect([name, poor]).toEqual([name, []]);
      }
    },
  );

  it('the measure of contrast sees what cannot be read', async () => {
    const page = await browser.newPage();
    await page.setContent('<p style="color:#777">grey</p><p style="background:#000">black</p>');
    const found = await measureContrast(page);
    expect(found.map(({ text, contrast }) => [text, Number(contrast.toFixed(2))])).toEqual([
      ['black', 1],
      ['grey', 4.48],
    ]);
    await page.close();
  });

  it('no mail is wider than a screen of 320 pixels', async () => {
    for (const language of languages)
      for (const [name, { html }] of Object.entries(mailFamily(templates, language)))
        expect([name, (await look(html, 'light', 320)).wider]).toEqual([name, 0]);
  });
});

describe('to a spam filter', () => {
  // Local rules only: the network ones ask about a sender that does not exist.
  const scoreOf = (message: Buffer): Promise<{ readonly score: number; readonly why: string }> =>
    new Promise((resolve, reject) => {
      const child = execFile('spamassassin', ['-L', '-t'], (error, answer) => {
        if (error) return reject(error);
        const score = /Content analysis details:\s+\((-?[\d.]+) points/.exec(answer)?.[1];
        if (score === undefined) return reject(new Error('SpamAssassin gave no score'));
        resolve({ score: Number(score), why: answer.slice(answer.indexOf('Content analysis')) });
      });
      child.stdin?.end(message);
    });

  it.each(languages)('the mails in %s score below 1.0', async (language) => {
    for (const [name, { subject, text, html }] of Object.entries(mailFamily(templates, language))) {
      if (!different.includes(name)) continue;
      const message = await composeMessage({ ...sampleMessage, subject, text, html });
      const { score, why } = await scoreOf(message);
      expect(score, `${name}: ${why}`).toBeLessThan(1);
    }
  });
});
