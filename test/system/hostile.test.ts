/** What a browser makes of a mail of nothing but hostile papers. Needs Chromium. */
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostileMail } from '../hostile.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

let browser: Browser;
let page = '';
beforeAll(async () => {
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  page = (await hostileMail()).page;
});
afterAll(() => browser?.close());

it.each([320, 800])(
  'at %i pixels it runs no script, loads nothing and keeps its width',
  async (width) => {
    const tab = await browser.newPage({ viewport: { width, height: 900 } });
    const asked: string[] = [];
    const said: string[] = [];
    tab.on('request', (request) => asked.push(request.url()));
    tab.on('dialog', async (dialog) => {
      said.push(dialog.message());
      await dialog.dismiss();
    });
    await tab.setContent(page);
    const title = await tab.title();
    expect(title).toContain('Paperboy');
    expect(await tab.locator('script, img, iframe, form').count()).toBe(0);
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await tab.evaluate('document.querySelectorAll("h1").length')).toBe(1);
    expect({ asked, said }).toEqual({ asked: [], said: [] });
    await tab.close();
  },
);

it('a title that runs from right to left stands at the right of its block', async () => {
  const tab = await browser.newPage({ viewport: { width: 800, height: 900 } });
  await tab.setContent(page);
  const gaps = (await tab.evaluate(`[...document.querySelectorAll('h2[dir=rtl]')].map((title) => {
    const line = document.createRange();
    line.selectNodeContents(title);
    const [text, block] = [line.getBoundingClientRect(), title.getBoundingClientRect()];
    return { left: text.left - block.left, right: block.right - text.right };
  })`)) as readonly { readonly left: number; readonly right: number }[];
  expect(gaps.length).toBeGreaterThan(1);
  for (const { left, right } of gaps) {
    expect(right).toBeLessThan(2);
    expect(left).toBeGreaterThan(2);
  }
  await tab.close();
});
