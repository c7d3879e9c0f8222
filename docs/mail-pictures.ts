/** Pictures of the mails: each kind at two widths, light and dark, and the daily one in other tongues. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { previewDigest } from '../src/app/preview.ts';
import { previewMail } from '../src/app/preview-mail.ts';
import type { CommandContext } from '../src/cli/command.ts';
import { loadMailKit } from '../src/cli/wiring.ts';
import type { Language } from '../src/domain/language.ts';
import { defaultSettings, papersPerDigest, type Settings } from '../src/domain/subscription.ts';
import { renderNotice } from '../src/mail/render.ts';
import { type Darkener, darken } from '../test/system/forced-dark.ts';

/* Enough papers for topics to stand in groups, few enough for one look. */
const topics = ['video-generation', 'robot-learning', 'llm-reasoning', 'cs.CL'];

/** Each kind of mail as HTML, of the sample's papers. */
const makeMails = async (
  context: CommandContext,
  language: Language,
): Promise<Readonly<Record<string, string>>> => {
  const kit = await loadMailKit(context);
  const settings: Settings = { ...defaultSettings, topics, language, papers: 7 };
  const digest = async (own: Partial<Settings>): Promise<string> => {
    const content = previewDigest(
      context.openDb(),
      { ...settings, ...own },
      undefined,
      context.clock(),
    );
    return (await previewMail(kit, content, undefined, context.clock())).html;
  };
  const words = kit.templates.words[language];
  const when = words.say('when.daily', { hour: words.hour(8), zone: 'Europe/London' });
  const confirmation = renderNotice(kit.templates, 'confirmation', {
    language,
    baseUrl: kit.baseUrl,
    email: 'ada@example.org',
    topicsLine: 'Robot learning, LLM reasoning',
    whenLine: words.say('notice.when', { when }),
    links: { confirm: `${kit.baseUrl}/confirm/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE` },
  });
  return {
    daily: await digest({}),
    weekly: await digest({ frequency: { kind: 'weekly', on: 'fri' } }),
    'one-paper': await digest({ papers: 1 }),
    longest: await digest({ papers: papersPerDigest.most, topics: ['all'] }),
    confirmation: confirmation.html,
  };
};

/** Enough of a mail to see each of its colours. */
const tallDark = 1_600;

/** The longest mail is cut here: it goes on as it begins. */
const tallest = 3_000;

/** Takes all of them into a folder; `wanted` names some, none all. */
export const photographMails = async (
  browser: Browser,
  context: CommandContext,
  folder: string,
  wanted: readonly string[],
): Promise<void> => {
  const photograph = async (shot: MailShot): Promise<void> => {
    if (wanted.length === 0 || wanted.includes(shot.name)) await takeMail(browser, shot, folder);
  };
  const english = await makeMails(context, 'en');
  for (const [name, html] of Object.entries(english))
    for (const width of [800, 375])
      for (const dark of [false, true])
        await photograph({
          ...{ name: `mail-${name}-${width}${dark ? '-dark' : ''}`, width, dark, html },
          ...(name === 'longest' && { height: tallest }),
        });
  for (const name of ['daily', 'confirmation'])
    for (const [client, darkener] of darkening)
      await photograph({
        ...{ name: `mail-${name}-375-${client}`, width: 375, height: tallDark },
        ...{ darkener, html: english[name] ?? '' },
      });
  for (const language of ['de', 'zh', 'ja'] as const) {
    const { daily = '' } = await makeMails(context, language);
    await photograph({ name: `mail-daily-375-${language}`, width: 375, html: daily });
  }
};

/** Programs that darken a mail by themselves. */
const darkening: readonly (readonly [client: string, darkener: Darkener])[] = [
  ['iphone-gmail', 'all'],
  ['outlook-com', 'outlook'],
];

type MailShot = {
  readonly name: string;
  readonly html: string;
  readonly width: number;
  readonly dark?: boolean;
  /** Darkened by the program that shows it, not by its own style sheet. */
  readonly darkener?: Darkener;
  /** Pixels to show at most; all of it when left out. */
  readonly height?: number;
};

/** WebP: a third of the bytes of PNG for the same picture. */
const takeMail = async (browser: Browser, shot: MailShot, folder: string): Promise<void> => {
  const page = await browser.newPage({
    viewport: { width: shot.width, height: 600 },
    colorScheme: shot.dark ? 'dark' : 'light',
  });
  await page.setContent(shot.html);
  if (shot.darkener) await darken(page, shot.darkener);
  const full = Number(await page.evaluate('document.documentElement.scrollHeight'));
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', {
    ...{ format: 'webp', quality: 68, captureBeyondViewport: true },
    clip: { x: 0, y: 0, width: shot.width, height: Math.min(full, shot.height ?? full), scale: 1 },
  });
  await writeFile(join(folder, `${shot.name}.webp`), Buffer.from(data, 'base64'));
  await page.close();
};
