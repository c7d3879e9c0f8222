/**
 * Templates come in threes (subject, text, MJML) that a person without TypeScript can edit. Each is
 * compiled once: MJML to an HTML skeleton with its placeholders still in it, which Handlebars makes
 * a function. MJML inserts text as it is, so escaping is left to Handlebars alone.
 */
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import Handlebars from 'handlebars';
import { defaultLanguage, type Language } from '../domain/language.ts';
import type { MessageValues, Words } from '../domain/words.ts';
import { isLatin, runsLeftwards } from '../domain/written.ts';
import { holeEnd, holeStart, innerEnd, innerStart, wrapMark } from './marks.ts';
import { loadMessages } from './messages.ts';
import { wrapText } from './plain.ts';
import { mjml2html } from './skeletons.ts';
import { messagesAskedBy } from './template-asks.ts';
import { sampleFields } from './template-fields.ts';
import type { SourceFile } from './template-source.ts';
import { lineSaying, readSource, TemplateError } from './template-source.ts';
import { markPapers, parseTemplate } from './template-tree.ts';

export const noticeNames = [
  ...(['confirmation', 'welcome', 'already', 'changed', 'goodbye'] as const),
] as const;
export type NoticeName = (typeof noticeNames)[number];
export type TemplateName = 'digest' | NoticeName;
const templateNames: readonly TemplateName[] = ['digest', ...noticeNames];

type Fill = (fields: object, words: Words) => string;
export type MailTemplate = {
  readonly subject: Fill;
  readonly html: Fill;
  readonly text: Fill;
  /** The same with `blockStart` and `blockEnd` around each paper, for the press. */
  readonly marked: { readonly html: Fill; readonly text: Fill };
};

export type Templates = Readonly<Record<TemplateName, MailTemplate>> & {
  /** The wording, by language. */
  readonly words: Readonly<Record<Language, Words>>;
};

/**
 * Reads and compiles every template of a folder and tries each on sample mails.
 * @throws TemplateError naming file and line of the first mistake.
 */
export const loadTemplates = async (dir: string): Promise<Templates> => {
  const root = resolve(dir);
  const partials = await readPartials(join(root, 'partials'));
  const triples = await Promise.all(templateNames.map((name) => readTriple(root, name)));
  const sources = [
    ...partials,
    ...triples.flatMap(({ subject, text, mjml }) => [subject, text, mjml]),
  ];
  const words = await loadMessages(root, messagesAskedBy(sources));
  const load = async (triple: Triple) =>
    [triple.name, await compileTriple(root, triple, partials, words[defaultLanguage])] as const;
  const loaded = Object.fromEntries(await Promise.all(triples.map(load)));
  return { ...(loaded as Record<TemplateName, MailTemplate>), words };
};

const readPartials = async (dir: string): Promise<readonly SourceFile[]> => {
  const names = await readdir(dir).catch(() => []);
  const known = names.filter((name) => /\.(?:mjml|html|txt)$/.test(name)).sort();
  return Promise.all(known.map((name) => readSource(join(dir, name))));
};

type Triple = {
  readonly name: TemplateName;
  readonly subject: SourceFile;
  readonly text: SourceFile;
  readonly mjml: SourceFile;
};

const readTriple = async (root: string, name: TemplateName): Promise<Triple> => {
  const read = (ending: string) => readSource(join(root, `${name}${ending}`));
  const [subject, text, mjml] = await Promise.all([
    read('.subject.txt'),
    read('.txt'),
    read('.mjml'),
  ]);
  return { name, subject, text, mjml };
};

const compileTriple = async (
  root: string,
  { name, subject, text, mjml }: Triple,
  partials: readonly SourceFile[],
  words: Words,
): Promise<MailTemplate> => {
  const isText = ({ file }: SourceFile): boolean => file.endsWith('.txt');
  const plain = plainHandlebars(partials.filter(isText));
  const rich = withSides(withMessages(Handlebars.create()));
  const asText = (source: hbs.AST.Program): Fill => inWords(plain.compile(source, textOptions));
  const asHtml = (source: hbs.AST.Program): Fill => inWords(rich.compile(source, { strict: true }));
  const skeleton = { file: mjml.file, text: await mjmlSkeleton(root, mjml) };
  const template = {
    subject: asText(parseTemplate(subject)),
    text: asText(parseTemplate(text)),
    html: asHtml(parseTemplate(skeleton)),
    marked: { text: asText(markPapers(text)), html: asHtml(markPapers(skeleton)) },
  };
  const textSources: readonly [SourceFile, ...SourceFile[]] = [text, ...partials.filter(isText)];
  const htmlSources: readonly [SourceFile, ...SourceFile[]] = [
    mjml,
    ...partials.filter((partial) => !isText(partial)),
  ];
  for (const fields of name === 'digest' ? sampleFields.digest : sampleFields.notice) {
    const tryOut = (fill: Fill, sources: readonly [SourceFile, ...SourceFile[]]) =>
      tryFilling(() => fill(fields, words), sources);
    tryOut(template.subject, [subject]);
    tryOut(template.text, textSources);
    tryOut(template.html, htmlSources);
  }
  return template;
};

const textOptions = { strict: true, noEscape: true } as const;

const inWords =
  (template: HandlebarsTemplateDelegate): Fill =>
  (fields, words) =>
    template(fields, { data: { words } });

const tryFilling = (fill: () => void, sources: readonly [SourceFile, ...SourceFile[]]): void => {
  try {
    fill();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Handlebars quotes the name it does not know; the line it counts is the skeleton's.
    const name = /"([^"]+)"/.exec(reason)?.[1] ?? /partial (\S+)/.exec(reason)?.[1];
    const place = name === undefined ? undefined : lineSaying(sources, name);
    const isUnknown = / not defined in /.test(reason);
    throw new TemplateError(
      place?.file ?? sources[0].file,
      place?.line ?? 1,
      isUnknown ? `there is no field "${name}" here (docs/templates.md tells of all)` : reason,
    );
  }
};

type Engine = typeof Handlebars;

/** `{{say "key" name=value}}` writes a message in the mail's language. */
const withMessages = (engine: Engine): Engine => {
  engine.registerHelper(
    'say',
    (key: unknown, { hash, data }: { hash: MessageValues; data: { words: Words } }) => {
      const said = data.words.find(String(key), hash);
      if (said === undefined) throw new Error(`"${key}" is no message`);
      return said;
    },
  );
  return engine;
};

/**
 * What a text's element must say of it: `{{side title}}` where it runs from right to left, in
 * attributes that old mail programs know, and for authors' words `{{side title "paper"}}`, their
 * language, where the mail's is another.
 */
const withSides = (engine: Engine): Engine => {
  engine.registerHelper('side', (text: unknown, ...rest: unknown[]) => {
    const { data } = rest.at(-1) as { data: { words: Words } };
    if (runsLeftwards(String(text))) return new engine.SafeString(' dir="rtl" align="right"');
    const isForeign = rest.length > 1 && data.words.language !== papersLanguage;
    return isForeign && isLatin(String(text)) ? new engine.SafeString(' lang="en"') : '';
  });
  return engine;
};

/** Nearly all papers on arXiv are in English, and no source tells of those that are not. */
const papersLanguage: Language = 'en';

/** In characters: on a telephone, which shows some forty, a longer one would break in two. */
const ruleWidth = 32;

const plainHandlebars = (partials: readonly SourceFile[]): Engine => {
  const plain = withMessages(Handlebars.create());
  plain.registerHelper('rule', (line: unknown) =>
    (typeof line === 'string' ? line : '-').repeat(ruleWidth),
  );
  plain.registerHelper('wrap', (text: unknown, { hash }: { hash: Record<string, string> }) => {
    const value = String(text);
    return value.includes(holeStart) ? wrapLater(value, hash) : wrapText(value, hash);
  });
  for (const source of partials)
    plain.registerPartial(
      basename(source.file, '.txt'),
      plain.compile(parseTemplate(source), textOptions),
    );
  return plain;
};

// What holds a hole is wrapped when the hole is filled.
const wrapLater = (text: string, hash: Record<string, string>): string => {
  const inner = text.replaceAll(holeStart, innerStart).replaceAll(holeEnd, innerEnd);
  return `${holeStart}${inner}${wrapMark}${JSON.stringify(hash)}${holeEnd}`;
};

const mjmlSkeleton = async (root: string, { file, text }: SourceFile): Promise<string> => {
  const options = {
    filePath: file,
    actualPath: file,
    includePath: root,
    ignoreIncludes: false,
    keepComments: false,
    // MJML would fetch a web font for every family name it recognises.
    fonts: {},
  };
  const { html, errors } = await mjml2html(text, options).catch((error: unknown) => {
    throw new TemplateError(file, 1, error instanceof Error ? error.message : String(error));
  });
  const [problem] = errors;
  if (problem) {
    const place = /^Line \d+ of (.+?)(?:, included at .*)? \([\w-]+\) — /.exec(
      problem.formattedMessage,
    );
    throw new TemplateError(place?.[1] ?? file, problem.line, problem.message);
  }
  // MJML reports an include outside the folder only inside the result.
  if (html.includes('mj-include denied')) {
    const line = lineSaying(
      [{ file, text }],
      'mj-include',
      /mj-include[^>]*path="(?!\.\/partials)/,
    );
    throw new TemplateError(file, line?.line ?? 1, 'mj-include may only read from this folder');
  }
  // Indentation is a fifth of MJML's output, and the paper rows repeat it.
  return html.replace(/^[ \t]+/gm, '').replace(/\n{2,}/g, '\n');
};
