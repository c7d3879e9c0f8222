import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { languages } from '../../src/domain/language.ts';
import { builtInTopics, ownTopicSlug } from '../../src/domain/topic.ts';
import type { Message } from '../../src/domain/words.ts';
import { renderDigest, renderNotice } from '../../src/mail/render.ts';
import { loadTemplates, noticeNames } from '../../src/mail/templates.ts';
import { sampleDigest, sampleNotice } from './sample-mail.ts';

const messagesOf = async (language: string): Promise<Record<string, Message>> =>
  JSON.parse(await readFile(`templates/messages/${language}.json`, 'utf8'));

const placeholders = (message: Message): readonly string[] => {
  const texts = typeof message === 'string' ? [message] : Object.values(message);
  return [...new Set(texts.join(' ').match(/\{[\w-]+\}/g))].sort();
};

describe('the message files', () => {
  test('say the same in every language, with the same placeholders', async () => {
    const english = await messagesOf('en');
    for (const language of languages) {
      const messages = await messagesOf(language);
      expect(Object.keys(messages)).toEqual(Object.keys(english));
      for (const [key, message] of Object.entries(english))
        expect([key, placeholders(messages[key] ?? '')]).toEqual([key, placeholders(message)]);
    }
  });

  test.each(languages)('leave no English and no gap in a mail in %s', async (language) => {
    const templates = await loadTemplates('templates');
    const digest = renderDigest(templates, { ...sampleDigest(3), language });
    expect(digest.html).toContain(`<html lang="${language}"`);
    expect(`${digest.subject}${digest.html}${digest.text}`).not.toMatch(/undefined|\{\w+\}/);
    const english = await messagesOf('en');
    for (const name of noticeNames) {
      const { subject, html, text } = renderNotice(templates, name, { ...sampleNotice, language });
      expect(`${subject}${html}${text}`).not.toMatch(/undefined|\{\w+\}/);
      if (language !== 'en') expect(text).not.toContain(english[`${name}.heading`]);
    }
  });

  test('count as each language counts', async () => {
    const { words } = await loadTemplates('templates');
    const said = (language: 'en' | 'fr' | 'de' | 'ja', count: number) =>
      words[language].say('reason.comments', { count });
    expect([said('en', 1), said('en', 1234)]).toEqual(['1 comment', '1,234 comments']);
    expect([said('fr', 0), said('fr', 2)]).toEqual(['0 commentaire', '2 commentaires']);
    expect(said('de', 12_345)).toBe('12.345 Kommentare');
    expect(said('ja', 1)).toBe('コメント 1 件');
    expect(words.de.fullDay('2026-03-20')).toBe('Freitag, 20. März 2026');
    expect(words.zh.fullDay('2026-03-20')).toBe('2026年3月20日星期五');
  });
});

describe('the names of topics', () => {
  const translated = languages.filter((language) => language !== 'en');

  test.each(translated)('are there for the whole catalogue in %s', async (language) => {
    const file = await readFile(`templates/messages/topics/${language}.json`, 'utf8');
    const names: Record<string, string> = JSON.parse(file);
    expect(Object.keys(names)).toEqual(builtInTopics().map(({ slug }) => slug));
    const { words } = await loadTemplates('templates');
    for (const { slug, kind } of builtInTopics()) {
      const code = kind === 'category' ? ` (${slug})` : '';
      expect(words[language].topic(slug)).toBe(`${names[slug]}${code}`);
    }
    // Themes are told apart by their names alone.
    const themes = builtInTopics().filter(({ kind }) => kind === 'theme');
    expect(new Set(themes.map(({ slug }) => names[slug])).size).toBe(themes.length);
  });

  test('are the catalogue’s in English, a query of a reader’s own, and else the slug', async () => {
    const { words } = await loadTemplates('templates');
    expect(words.en.topic('cs.CL')).toBe('Computation and Language (cs.CL)');
    expect(words.de.topic('cs.CL')).toBe('Computerlinguistik (cs.CL)');
    expect(words.ja.topic('robot-learning')).toBe('ロボット学習');
    expect(words.ja.topic(ownTopicSlug('origami OR "folded paper"'))).toBe(
      'origami OR "folded paper"',
    );
    expect(words.fr.topic('of-another-version')).toBe('of-another-version');
  });
});

let dir: string;
const copyTemplates = async (): Promise<void> => {
  dir = await mkdtemp(join(tmpdir(), 'messages-'));
  await cp('templates', dir, { recursive: true });
};
const faultOfCopy = (): Promise<string> =>
  loadTemplates(dir).then(
    () => 'accepted',
    (error: Error) => error.message.replace(`${dir}/`, ''),
  );

describe('an operator’s names of topics', () => {
  beforeEach(copyTemplates);
  afterEach(() => rm(dir, { recursive: true }));
  const write = (language: string, text: string): Promise<void> =>
    writeFile(join(dir, 'messages', 'topics', `${language}.json`), text);

  test('may be few, for any language, English too; the others stay English', async () => {
    await write('de', '{ "cs.RO": "Maschinenmenschen" }');
    await write('en', '{ "speech": "Talk" }');
    await rm(join(dir, 'messages/topics/fr.json'));
    const { words } = await loadTemplates(dir);
    expect([words.de.topic('cs.RO'), words.de.topic('speech')]).toEqual([
      ...['Maschinenmenschen (cs.RO)', 'Speech'],
    ]);
    expect([words.en.topic('speech'), words.fr.topic('speech')]).toEqual(['Talk', 'Speech']);
  });

  test.each([
    ['{\n "cs.RO": "Roboter",\n "cs.XX": "Nichts"\n}', ':3: "cs.XX" is no topic of the catalogue'],
    ['{\n "cs.RO": ""\n}', ':2: "cs.RO" must be a name'],
    ['{\n "cs.RO": 7\n}', ':2: "cs.RO" must be a name'],
    ['["Roboter"]', ':1: must be an object of messages'],
  ])('are refused as %j', async (text, reason) => {
    await write('de', text);
    expect(await faultOfCopy()).toBe(`messages/topics/de.json${reason}`);
  });
});

describe('a message file gone wrong', () => {
  beforeEach(copyTemplates);
  afterEach(() => rm(dir, { recursive: true }));

  const change = async (file: string, from: string | RegExp, to: string): Promise<number> => {
    const path = join(dir, 'messages', file);
    const source = await readFile(path, 'utf8');
    const index = source.search(from);
    expect(index).toBeGreaterThan(-1);
    await writeFile(path, source.replace(from, to));
    return source.slice(0, index).split('\n').length;
  };
  test.each([
    ['de.json', /"footer.web"/, '"footer.wbe"', '"footer.wbe" is asked for by no template'],
    ['de.json', '{email}', '{mail}', 'uses {mail}; it may use {email}'],
    ['fr.json', '"one": "{count} commentaire", ', '', 'lacks the plural form "one"'],
    ['en.json', '"one": "{count} comment"', '"few": "{count} comment"', 'plural form "few"'],
    ['es.json', '"PDF",', '42,', 'must be a text'],
    ['es.json', '"PDF",', '{ "one": "a", "other": "b" },', 'counts nothing'],
    ['zh.json', '"退订",', '"退订"', ''],
  ])('%s with %s made %s is refused at its line', async (file, from, to, reason) => {
    const line = await change(file, from, to);
    const message = await faultOfCopy();
    expect(message).toMatch(new RegExp(`^messages/${file}:(?:${line}|${line + 1}): `));
    expect(message).toContain(reason);
  });

  test('is refused where a message is missing, or a language', async () => {
    await change('ja.json', /^ *"link.mute".*\n/m, '');
    expect(await faultOfCopy()).toBe('messages/ja.json:1: "link.mute" is missing');
    await rm(join(dir, 'messages/ja.json'));
    expect(await faultOfCopy()).toContain('messages/ja.json:1: cannot be read (ENOENT)');
  });

  test('may hold messages that a template of the operator asks for', async () => {
    for (const language of languages) {
      const path = join(dir, 'messages', `${language}.json`);
      const source = await readFile(path, 'utf8');
      await writeFile(path, source.replace('{', '{ "our.greeting": "Grüß Gott, {who}",'));
    }
    expect(await faultOfCopy()).toMatch(
      /^messages\/en\.json:1: "our\.greeting" is asked for by no/,
    );
    const footer = join(dir, 'partials/footer.txt');
    await writeFile(footer, `{{say "our.greeting" who="Graz"}}\n${await readFile(footer, 'utf8')}`);
    expect(renderDigest(await loadTemplates(dir), sampleDigest(1)).text).toContain(
      'Grüß Gott, Graz',
    );
  });
});
