/** Chromium as Debian installs it, or as CHROMIUM names it. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });

/** Opens a page in a browser of its own, does something there, and closes it. */
export const withPage = async <T>(
  browser: Browser,
  options: BrowserContextOptions,
  act: (page: Page) => Promise<T>,
): Promise<T> => {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  try {
    return await act(await context.newPage());
  } finally {
    await context.close();
  }
};
