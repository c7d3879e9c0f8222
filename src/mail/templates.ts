/**
 * Templates come in threes (subject, text, MJML) that a person without TypeScript can edit. Each is
 * compiled once: MJML to an HTML skeleton with its placeholders still in it, which Handlebars makes
 * a function. MJML inserts text as it is, so escaping is left to Handlebars alone.
 */
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import Handlebars from 'handlebars';
import mjml2html from 'mjml';
import { textWidth, wrapText } from './plain.ts';
import { sampleFields } from './template-fields.ts';
import type { SourceFile } from './template-source.ts';
import { lineSaying, readSource, TemplateError } from './template-source.ts';

export const noticeNames = ['confirmation', 'welcome', 'already'] as const;
export type NoticeName = (typeof noticeNames)[number];
export type TemplateName = 'digest' | NoticeName;

type Fill = (fields: object) => string;
export type MailTemplate = {
  readonly subject: Fill;
  readonly html: Fill;
  readonly text: Fill;
  /** The same with `blockStart` and `blockEnd` around each paper, for the press. */
  readonly marked: { readonly html: Fill; readonly text: Fill };
};

/** Marks no text holds, since `clampText` removes them: around each paper's block … */
export const blockStart = '\uFDD0';
export const blockEnd = '\uFDD1';
/** … and around the name of a hole, with how it is to be wrapped. */
export const holeStart = '\uFDD2';
export const holeEnd = '\uFDD3';
export const wrapMark = '\uFDD4';
export type Templates = Readonly<Record<TemplateName, MailTemplate>>;

/**
 * Reads and compiles every template of a folder and tries each on sample mails.
 * @throws TemplateError naming file and line of the first mistake.
 */
export const loadTemplates = async (dir: string): Promise<Templates> => {
  const root = resolve(dir);
  const partials = await readPartials(join(root, 'partials'));
  const load = (name: TemplateName) => loadTriple(root, name, partials);
  return {
    digest: await load('digest'),
    confirmation: await load('confirmation'),
    welcome: await load('welcome'),
    already: await load('already'),
  };
};

const readPartials = async (dir: string): Promise<readonly SourceFile[]> => {
  const names = await readdir(dir).catch(() => []);
  const known = names.filter((name) => /\.(?:mjml|html|txt)$/.test(name)).sort();
  return Promise.all(known.map((name) => readSource(join(dir, name))));
};

const loadTriple = async (
  root: string,
  name: TemplateName,
  partials: readonly SourceFile[],
): Promise<MailTemplate> => {
  const read = (ending: string) => readSource(join(root, `${name}${ending}`));
  const [subject, text, mjml] = await Promise.all([
    read('.subject.txt'),
    read('.txt'),
    read('.mjml'),
  ]);
  const isText = ({ file }: SourceFile): boolean => file.endsWith('.txt');
  const plain = plainHandlebars(partials.filter(isText));
  const compileText = ({ text: source }: SourceFile): Fill =>
    plain.compile(source, { strict: true, noEscape: true });
  const skeleton = await mjmlSkeleton(root, mjml);
  const template = {
    subject: compileText(subject),
    text: compileText(text),
    html: Handlebars.create().compile(skeleton, { strict: true }),
    marked: {
      text: plain.compile(markPapers(text.text), { strict: true, noEscape: true }),
      html: Handlebars.create().compile(markPapers(skeleton), { strict: true }),
    },
  };
  const textSources: readonly [SourceFile, ...SourceFile[]] = [text, ...partials.filter(isText)];
  const htmlSources: readonly [SourceFile, ...SourceFile[]] = [
    mjml,
    ...partials.filter((partial) => !isText(partial)),
  ];
  for (const fields of name === 'digest' ? sampleFields.digest : sampleFields.notice) {
    tryOut(template.subject, fields, [subject]);
    tryOut(template.text, fields, textSources);
    tryOut(template.html, fields, htmlSources);
  }
  return template;
};

/** The template with marks around the body of `{{#each papers}}`. */
const markPapers = (source: string): object => {
  // White space around the tags has been settled by now, so the marks cannot change it.
  const program = parseTemplate(source);
  const loops = program.body.filter(isPaperLoop);
  for (const { program: body } of loops) {
    body.body.unshift(contentNode(blockStart, body));
    body.body.push(contentNode(blockEnd, body));
  }
  return program;
};

const parseTemplate = (source: string): hbs.AST.Program => {
  try {
    return Handlebars.parse(source);
  } catch {
    // Its faults are told, with their place, when the template itself is tried.
    return Handlebars.parse('');
  }
};

type PaperLoop = hbs.AST.BlockStatement & { path: hbs.AST.PathExpression };

const isPaperLoop = (node: hbs.AST.Statement): node is PaperLoop =>
  node.type === 'BlockStatement' &&
  (node as PaperLoop).path.original === 'each' &&
  (node as hbs.AST.BlockStatement).params.some(
    (param) => (param as hbs.AST.PathExpression).original === 'papers',
  );

const contentNode = (value: string, { loc }: hbs.AST.Program): hbs.AST.ContentStatement => ({
  type: 'ContentStatement',
  value,
  // The library's types take it for flags; its compiler does not look at it.
  original: {} as hbs.AST.StripFlags,
  loc,
});

const tryOut = (fill: Fill, fields: object, sources: readonly [SourceFile, ...SourceFile[]]) => {
  try {
    fill(fields);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Handlebars quotes the name it does not know; the line it counts is the skeleton's.
    const name = /"([^"]+)"/.exec(reason)?.[1] ?? /partial (\S+)/.exec(reason)?.[1];
    const place = name === undefined ? undefined : lineSaying(sources, name);
    throw new TemplateError(place?.file ?? sources[0].file, place?.line ?? 1, reason);
  }
};

const plainHandlebars = (partials: readonly SourceFile[]): typeof Handlebars => {
  const plain = Handlebars.create();
  plain.registerHelper('rule', () => '-'.repeat(textWidth));
  plain.registerHelper('wrap', (text: unknown, { hash }: { hash: Record<string, string> }) => {
    const value = String(text);
    // A hole is wrapped when it is filled.
    return value.startsWith(holeStart)
      ? `${value.slice(0, -1)}${wrapMark}${JSON.stringify(hash)}${holeEnd}`
      : wrapText(value, hash);
  });
  for (const { file, text } of partials) plain.registerPartial(basename(file, '.txt'), text);
  return plain;
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
