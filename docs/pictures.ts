/**
 * The pictures of the README, made anew by `npm run pictures`: the bundled sample goes through the
 * service's own pieces in a temporary folder (import, rank, choose, render, web), at a fixed
 * moment, and Chromium photographs what a reader would see. `CHROMIUM` names another browser, and
 * names after the command (`npm run pictures -- home paper`) take those pictures alone.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { publishDaily } from '../src/app/publish.ts';
import { createRankings } from '../src/app/ranking.ts';
import { loadSample } from '../src/app/sample.ts';
import { topicNumbers } from '../src/app/topics.ts';
import { listTrending } from '../src/app/trending.ts';
import type { CommandContext } from '../src/cli/command.ts';
import { loadMailKit } from '../src/cli/wiring.ts';
import { findByEmail, insertSubscriber } from '../src/db/subscribers.ts';
import { makeToken } from '../src/lib/token.ts';
import { webDeps } from '../src/service/answers/web-deps.ts';
import { createWeb } from '../src/web/routes.ts';
import { startServer } from '../src/web/server.ts';
import { root, stillContext } from '../test/system/still-context.ts';
import { photographMails } from './mail-pictures.ts';

const images = join(root, 'docs', 'images');

/** A moment at which the sample's observations are fresh: pictures come out the same each time. */
const moment = new Date('2026-03-27T08:05:00Z');

/** The sample is loaded with the corpus's last observations in the past. */
const loadedAt = new Date('2026-04-01T00:00:00Z');

const dayMs = 86_400_000;

const reader = {
  email: 'ada@example.org',
  settings: {
    topics: ['video-generation', 'robot-learning', 'llm-reasoning', 'cs.CL'],
    frequency: { kind: 'daily' },
    hour: 8,
    timeZone: 'Europe/London',
    language: 'en',
    papers: 5,
  },
} as const;

const settings = {
  BASE_URL: 'https://paperboy.example',
  MAIL_FROM: 'Paperboy <papers@paperboy.example>',
};

const addReader = (context: CommandContext): void => {
  const db = context.openDb();
  insertSubscriber(db, {
    ...reader,
    key: Buffer.alloc(16, 'ada'),
    status: 'active',
    topicIds: topicNumbers(db, reader.settings.topics),
    at: moment,
  });
};

/*
 * Most readers' machines have Georgia and a Helvetica; where Chromium runs without a desktop the
 * nearest free faces stand in for them.
 */
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>${join(root, 'node_modules', '@expo-google-fonts', 'gelasio')}</dir>
${(
  [
    ['system-ui', 'Inter', 'Noto Sans', 'Liberation Sans'],
    ['sans-serif', 'Inter', 'Noto Sans', 'Liberation Sans'],
    ['Georgia', 'Gelasio', 'Noto Serif', 'Liberation Serif'],
    ['Charter', 'Gelasio', 'Noto Serif', 'Liberation Serif'],
  ] as const
)
  .map(
    ([asked, ...given]) =>
      `<match><test name="family"><string>${asked}</string></test><edit name="family" mode="prepend" binding="strong">${given.map((name) => `<string>${name}</string>`).join('')}</edit></match>`,
  )
  .join('\n')}
</fontconfig>
`;

type Shot = {
  readonly name: string;
  readonly width: number;
  readonly dark?: boolean;
  /** Pixels of the page to show; all of it when left out. */
  readonly height?: number;
} & ({ readonly html: string } | { readonly url: string });

const wanted = process.argv.slice(2);

const photograph = async (browser: Browser, shot: Shot): Promise<void> => {
  if (wanted.length > 0 && !wanted.includes(shot.name)) return;
  const page = await browser.newPage({
    viewport: { width: shot.width, height: shot.height ?? 600 },
    colorScheme: shot.dark ? 'dark' : 'light',
  });
  if ('html' in shot) await page.setContent(shot.html);
  else await page.goto(shot.url, { waitUntil: 'networkidle' });
  await page.screenshot({
    path: join(images, `${shot.name}.png`),
    fullPage: shot.height === undefined,
  });
  await page.close();
};

/** Pages as somebody would see them who comes for the first time, reads a paper, and changes their settings. */
const photographPages = async (
  browser: Browser,
  context: CommandContext,
  site: string,
): Promise<void> => {
  const db = context.openDb();
  const listing = listTrending(db, createRankings(db)(moment), {}, 1);
  const best = listing.kind === 'ok' ? listing.papers[0] : undefined;
  const ada = findByEmail(db, reader.email);
  if (!best || !ada) throw new Error('nothing to take pictures of');
  const settings = `${site}/manage/${makeToken(context.secret(), 'manage', ada.key)}`;
  const paper = `${site}/papers/${best.paper.id}`;
  await photograph(browser, { name: 'home', width: 1280, height: 1000, url: site });
  await photograph(browser, { name: 'home-dark', width: 375, height: 800, dark: true, url: site });
  await photograph(browser, { name: 'paper', width: 1280, height: 1000, url: paper });
  await photograph(browser, { name: 'settings', width: 1280, height: 1000, url: settings });
  const month = `${site}/editions/2026-03`;
  await photograph(browser, {
    name: 'month-dark',
    width: 1280,
    height: 800,
    dark: true,
    url: month,
  });
};

const takePictures = async (folder: string): Promise<void> => {
  const context = stillContext(folder, moment, settings);
  await loadSample(context.openDb(), join(root, 'src', 'sample'), loadedAt);
  addReader(context);
  for (const ago of [4, 3, 2, 1, 0])
    publishDaily(context.openDb(), new Date(moment.getTime() - ago * dayMs));
  const kit = await loadMailKit(context);
  const web = createWeb(webDeps(context, kit));
  const server = await startServer(web, { host: '127.0.0.1', port: 0 });
  const fonts = join(folder, 'fonts.conf');
  await writeFile(fonts, fontsConf);
  const browser = await chromium.launch({
    env: { ...process.env, FONTCONFIG_FILE: fonts },
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
  try {
    await photographMails(browser, context, images, wanted);
    await photographPages(browser, context, `http://127.0.0.1:${server.port}`);
  } finally {
    await browser.close();
    await server.close();
    context.openDb().$client.close();
  }
};

const folder = await mkdtemp(join(tmpdir(), 'paperboy-pictures-'));
try {
  await takePictures(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
