/** What a person does here, from the first look to the last, against the whole service. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, withPage } from './browser.ts';
import { type LiveService, startLiveService } from './live-service.ts';

type Focus = { readonly name: string; readonly outlineStyle: string };

const whereFocusIs = `(() => {
  const element = document.activeElement;
  const label = element.labels?.[0]?.textContent ?? element.getAttribute('aria-label');
  const name = (label ?? element.textContent ?? '').trim();
  return { name, outlineStyle: getComputedStyle(element).outlineStyle };
})()`;

describe('a person', () => {
  let browser: Browser;
  let service: LiveService;

  beforeAll(async () => {
    [browser, service] = await Promise.all([launchBrowser(), startLiveService()]);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const heading = (page: Page, name: string | RegExp) =>
    page.getByRole('heading', { level: 1, name }).waitFor();
  const press = (page: Page, name: string) =>
    page.getByRole('button', { name, exact: true }).click();

  const choose = async (page: Page, group: string, topic: string): Promise<void> => {
    await page.locator('summary', { hasText: group }).first().click();
    await page.getByRole('checkbox', { name: topic, exact: true }).check();
  };

  const subscribe = async (page: Page, email: string): Promise<void> => {
    await page.goto(service.url);
    await page.getByLabel('E-mail address').fill(email);
    await choose(page, 'Language models', 'LLM reasoning');
    await press(page, 'Send me papers');
    await heading(page, 'One more click');
  };

  const confirmFromMail = async (page: Page, email: string): Promise<void> => {
    expect(await service.deliver()).toBe(1);
    await page.goto(`${service.url}/outbox`);
    await page.locator('li', { hasText: email }).getByRole('link').first().click();
    await page
      .frameLocator('iframe')
      .getByRole('link', { name: /confirm/i })
      .first()
      .click();
    await page.waitForURL('**/confirm/*');
    await press(page, 'Confirm');
    await heading(page, 'You are subscribed');
  };

  const changeTopics = async (page: Page): Promise<void> => {
    await page.getByRole('link', { name: 'Change your settings' }).click();
    await heading(page, 'Your settings');
    await page.getByRole('checkbox', { name: 'LLM reasoning' }).uncheck();
    await choose(page, 'Robotics', 'Robot learning');
    await page.locator('summary', { hasText: 'Authors, own queries, mutes' }).click();
    await page.getByLabel('Never show me').fill('"no such phrase"');
    await press(page, 'Preview');
    await page.getByRole('heading', { name: 'Your next digest, if it came now' }).waitFor();
    await press(page, 'Save');
    await page.getByText('Saved.', { exact: true }).waitFor();
    expect(await page.getByRole('checkbox', { name: 'Robot learning' }).isChecked()).toBe(true);
    expect(await page.locator('[value="llm-reasoning"]').isChecked()).toBe(false);
    expect(await page.getByLabel('Never show me').inputValue()).toBe('"no such phrase"');
  };

  const pauseAndResume = async (page: Page): Promise<void> => {
    await page.getByLabel('Pause').selectOption({ label: 'for a month' });
    await press(page, 'Pause');
    await page.getByText('paused until').waitFor();
    await press(page, 'Resume');
    await page.getByText('delivered as you like').waitFor();
  };

  const readPaper = async (page: Page): Promise<void> => {
    await page.getByRole('link', { name: 'Search', exact: true }).click();
    await page.getByLabel('Search for papers').fill('robot');
    await press(page, 'Search');
    const first = page.locator('.paper h3 a').first();
    const title = await first.innerText();
    await first.click();
    await heading(page, title);
    const arxiv = page.getByRole('link', { name: 'Read on arXiv' });
    expect(await arxiv.getAttribute('href')).toMatch(/^https:\/\/arxiv\.org\/abs\//);
  };

  const takeFeed = async (page: Page, manage: string): Promise<void> => {
    await page.goto(manage);
    const link = page.getByRole('link', { name: 'Atom', exact: true }).first();
    const answer = await page.request.get(service.url + (await link.getAttribute('href')));
    expect(answer.status()).toBe(200);
    expect(await answer.text()).toContain('<feed');
  };

  const leave = async (page: Page, manage: string): Promise<void> => {
    await page.goto(manage);
    await page.getByRole('link', { name: 'Unsubscribe' }).click();
    await press(page, 'Unsubscribe');
    await heading(page, 'You are unsubscribed');
    // A slip: whoever came by a mail needs no other to come back.
    await press(page, 'Subscribe again');
    await heading(page, 'You are subscribed');
    await page.goto(manage);
    await page.getByRole('link', { name: 'Unsubscribe' }).click();
    await press(page, 'Unsubscribe');
    await heading(page, 'You are unsubscribed');
    await page.goto(manage);
    await page.getByText('unsubscribed: no mail comes').waitFor();
  };

  it.each([
    ['with script', true, 1280],
    ['without script, on a small screen', false, 320],
  ])(
    'subscribes, confirms, changes topics, pauses, searches, reads, takes the feed and leaves, %s',
    async (_, javaScriptEnabled, width) => {
      const email = `reader-${width}@example.org`;
      const foreign: string[] = [];
      const options = { javaScriptEnabled, viewport: { width, height: 800 } };
      await withPage(browser, options, async (page) => {
        page.on('request', (request) => {
          if (!request.url().startsWith(service.url)) foreign.push(request.url());
        });
        await subscribe(page, email);
        await confirmFromMail(page, email);
        await changeTopics(page);
        const manage = page.url();
        await pauseAndResume(page);
        await readPaper(page);
        await takeFeed(page, manage);
        expect(await service.deliver()).toBe(1);
        await leave(page, manage);
        expect(await service.deliver()).toBe(1);
        await page.goto(`${service.url}/outbox`);
        await page.locator('li', { hasText: email }).getByText('Goodbye').waitFor();
        expect(await service.deliver()).toBe(0);
      });
      expect(foreign).toEqual([]);
    },
  );

  /** Presses Tab until something of that name has the focus, which must be seen to have it. */
  const tabTo = async (page: Page, name: string): Promise<void> => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate<Focus>(whereFocusIs);
      expect(focus.outlineStyle, `the focus on "${focus.name}" is not seen`).not.toBe('none');
      if (focus.name === name) return;
    }
    throw new Error(`"${name}" cannot be reached by Tab`);
  };

  it('subscribes and reads by keyboard alone', async () => {
    await withPage(browser, { viewport: { width: 1280, height: 800 } }, async (page) => {
      const { keyboard } = page;
      await page.goto(`${service.url}/subscribe`);
      await keyboard.press('Tab');
      await keyboard.press('Enter');
      expect(new URL(page.url()).hash).toBe('#main');
      await tabTo(page, 'E-mail address');
      await keyboard.type('keys@example.org');
      await tabTo(page, 'Filter the topics');
      await keyboard.type('robot learn');
      await tabTo(page, 'Robot learning');
      await keyboard.press('Space');
      await page.locator('.week').waitFor();
      await tabTo(page, 'Preview');
      await keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Your next digest, if it came now' }).waitFor();
      // The focus has moved on to what was asked for.
      await page.locator('#preview-title:focus').waitFor();
      await page.getByRole('button', { name: 'Send me papers' }).focus();
      await keyboard.press('Enter');
      await heading(page, 'One more click');
      await page.goto(service.url);
      const title = await page.locator('.paper h3 a').first().innerText();
      await tabTo(page, title);
      await keyboard.press('Enter');
      await heading(page, title);
      await tabTo(page, 'The numbers');
      await keyboard.press('Enter');
      await tabTo(page, 'Observations');
    });
  });

  it('is told of mistakes at the field, and of a query’s while typing it', async () => {
    await withPage(browser, { viewport: { width: 800, height: 800 } }, async (page) => {
      await page.goto(`${service.url}/subscribe?queries=robot`);
      await page.locator('.verdicts .good').waitFor();
      await page.getByLabel('Your own queries').fill('robot (');
      await page.locator('.verdicts .bad').waitFor();
      await press(page, 'Send me papers');
      await page.getByRole('alert').waitFor();
      const email = page.getByLabel('E-mail address');
      expect(await email.getAttribute('aria-invalid')).toBe('true');
      await page.getByRole('alert').getByRole('link', { name: 'E-mail address' }).click();
      await page.locator('#f-email:focus').waitFor();
    });
  });

  it('loads less than 60 KB for the front page with all its files', async () => {
    await withPage(browser, {}, async (page) => {
      const session = await page.context().newCDPSession(page);
      await session.send('Network.enable');
      let bytes = 0;
      session.on('Network.loadingFinished', ({ encodedDataLength }) => {
        bytes += encodedDataLength;
      });
      await page.goto(service.url, { waitUntil: 'networkidle' });
      expect(bytes).toBeGreaterThan(10_000);
      expect(bytes).toBeLessThan(60_000);
    });
  });
});
