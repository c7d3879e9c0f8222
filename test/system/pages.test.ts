/** What only a browser can show. Needs Chromium, as Debian installs it or CHROMIUM names it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { type RunningServer, startServer } from '../../src/web/server.ts';
import { type Fake, fake, paper, rank } from '../web/fakes.ts';
import { launchBrowser } from './browser.ts';

const hostile = '"><img src=x onerror="document.title=1"><script>document.title=2</script>';
const papers = rank([paper({ id: '2603.66666', title: hostile, abstract: hostile })]);

describe('in a browser', () => {
  let browser: Browser;
  let server: RunningServer;
  let service: Fake;
  let url: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    service = fake({
      outboxDir: 'outbox',
      listTrending: () => ({ kind: 'ok', asOf: new Date(0), rankedAt: new Date(0), papers }),
    });
    server = await startServer(createWeb(service.deps), { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${server.port}`;
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const open = async (path: string, script = true): Promise<Page> => {
    const context = await browser.newContext({
      javaScriptEnabled: script,
      viewport: { width: 320, height: 700 },
      timezoneId: 'Asia/Tokyo',
    });
    const page = await context.newPage();
    await page.goto(url + path);
    return page;
  };

  it.each([true, false])('a person subscribes, once mistaken (script: %s)', async (script) => {
    service.changes.length = 0;
    const page = await open('/', script);
    await page.getByLabel('E-mail address').fill('reader at example');
    if (script) await page.getByLabel('Filter the topics').fill('gard');
    else await page.getByText('Themes of growth').click();
    await page.getByRole('checkbox', { name: 'Model gardens' }).check();
    await page.getByRole('button', { name: 'Send me papers' }).click();
    await page.getByText('One thing needs another look').waitFor();
    await page.getByLabel('E-mail address').fill('reader@example.org');
    await page.getByRole('button', { name: 'Send me papers' }).click();
    await page.getByRole('heading', { name: 'One more click' }).waitFor();
    const timeZone = script ? 'Asia/Tokyo' : 'UTC';
    const settings = expect.objectContaining({ topics: ['gardens'], timeZone });
    expect(service.changes).toEqual([['subscribe', { email: 'reader@example.org', settings }]]);
    await page.context().close();
  });

  it('a preview that succeeds takes the errors of the try before with it', async () => {
    const page = await open('/manage/man4ge');
    const papers = page.locator('#f-papers');
    await papers.fill('0');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.errors').waitFor();
    expect(await papers.getAttribute('aria-invalid')).toBe('true');
    await papers.fill('5');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('heading', { name: 'Your next digest, if it came now' }).waitFor();
    expect(
      await page.locator('.errors, .error, [aria-invalid], [aria-describedby*="e-"]').count(),
    ).toBe(0);
    await page.context().close();
  });

  it('a hostile title runs no script, and no page breaks its own content policy', async () => {
    const page = await open('/');
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    for (const path of ['/', '/papers?q=x', '/papers/2603.10001', '/topics', '/manage/man4ge']) {
      await page.goto(url + path);
      expect(await page.title()).toContain('Paperboy');
      const width = await page.locator('html').evaluate((root) => root.scrollWidth);
      expect(width).toBeLessThanOrEqual(320);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
