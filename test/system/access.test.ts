/** Every page as axe-core sees it, light and dark, and on screens and in letters of any size. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { type RunningServer, startServer } from '../../src/web/server.ts';
import { fake, mail, tokens } from '../web/fakes.ts';
import { launchBrowser, withPage } from './browser.ts';

const paths = [
  '/',
  '/subscribe?topics=tides&queries=moss',
  '/topics',
  '/topics/cs.CL',
  '/papers',
  '/papers?q=a&cat=cs.CL&sort=newest',
  '/papers?q=moss+(fern',
  '/papers?q=moss&from=2026-02-30',
  '/papers/2603.10001',
  '/papers/title:a-paper-known-by-its-title',
  '/authors/Ada%20Example',
  '/editions',
  '/editions/2026-03-19',
  '/editions/2026-W12',
  '/editions/2026-03',
  '/trending-explained',
  '/privacy',
  '/embed?topic=tides',
  '/nowhere/at-all',
  `/confirm/${tokens.confirm}`,
  `/manage/${tokens.manage}?saved`,
  `/unsubscribe/${tokens.unsubscribe}`,
  `/status/${tokens.status}`,
  '/outbox',
  `/outbox/${mail.name}`,
];

type Violation = {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
};

describe('every page', () => {
  let browser: Browser;
  let server: RunningServer;
  let url: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    const { deps } = fake({ outboxDir: 'outbox' });
    server = await startServer(createWeb(deps), { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${server.port}`;
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** What axe finds wrong. The mail in its frame is no page of ours. */
  const violations = async (page: Page): Promise<readonly string[]> => {
    await page.evaluate(axe.source);
    const found = await page.evaluate<readonly Violation[]>(
      `axe.run(document, { iframes: false, resultTypes: ['violations'] }).then((r) => r.violations)`,
    );
    return found.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`),
    );
  };

  /** Folded parts are unfolded, or nothing in them would be looked at. */
  const unfold = (page: Page) =>
    page.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true`);

  it.each(['light', 'dark'] as const)('axe finds nothing, %s', async (colorScheme) => {
    const wrong: string[] = [];
    await withPage(
      browser,
      { colorScheme, viewport: { width: 1280, height: 900 } },
      async (page) => {
        for (const path of paths) {
          await page.goto(url + path);
          await unfold(page);
          wrong.push(...(await violations(page)).map((words) => `${path} ${words}`));
        }
      },
    );
    expect(wrong).toEqual([]);
  });

  it('axe finds nothing where mistakes and a preview are shown', async () => {
    await withPage(browser, { viewport: { width: 800, height: 900 } }, async (page) => {
      await page.goto(`${url}/subscribe`);
      await page.getByLabel('E-mail address').fill('nobody');
      await page.getByRole('button', { name: 'Send me papers' }).click();
      await page.getByRole('alert').waitFor();
      await unfold(page);
      expect(await violations(page)).toEqual([]);
      await page.goto(`${url}/subscribe?topics=tides`);
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.locator('section#preview').waitFor();
      expect(await violations(page)).toEqual([]);
    });
  });

  /** Whether anything has to be scrolled sideways to be read. */
  const overflow = (page: Page) =>
    page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

  it.each([
    ['at 320 pixels', 320, '100%'],
    // WCAG 1.4.4: a window of 1280 in which everything is twice as large.
    ['at 200 %', 640, '100%'],
    ['in letters twice as large on a phone', 400, '200%'],
  ])('fits the screen %s', async (_, width, letters) => {
    const wide: string[] = [];
    const options = { viewport: { width, height: 800 }, bypassCSP: true };
    await withPage(browser, options, async (page) => {
      for (const path of paths) {
        await page.goto(url + path);
        await page.addStyleTag({ content: `html { font-size: ${letters} }` });
        await unfold(page);
        const beyond = await overflow(page);
        if (beyond > 0) wide.push(`${path}: ${beyond} pixels`);
      }
    });
    expect(wide).toEqual([]);
  });

  it('a phone sees the way to the form at once, and the menu in one row', async () => {
    const options = { viewport: { width: 320, height: 640 } };
    await withPage(browser, options, async (page) => {
      await page.goto(url);
      const rows = await page
        .locator('.masthead li')
        .evaluateAll(
          (items) => new Set(items.map((item) => item.getBoundingClientRect().top)).size,
        );
      expect(rows).toBe(1);
      const button = page.locator('main').getByRole('link', { name: 'Subscribe', exact: true });
      const box = await button.boundingBox();
      expect((box?.y ?? 9_999) + (box?.height ?? 0)).toBeLessThan(640);
      await button.click();
      await expect
        .poll(async () => (await page.getByLabel('E-mail address').boundingBox())?.y)
        .toBeLessThan(640);
    });
  });

  it('prints without the form, the navigation and the foot', async () => {
    await withPage(browser, {}, async (page) => {
      await page.goto(url);
      await page.emulateMedia({ media: 'print' });
      for (const hidden of ['.masthead nav', '.coupon', '.foot'])
        expect(await page.locator(hidden).first().isVisible(), hidden).toBe(false);
      expect(await page.locator('.paper h3').first().isVisible()).toBe(true);
    });
  });
});
