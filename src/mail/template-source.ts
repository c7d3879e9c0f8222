/** Reading template files and pointing at the mistakes in them. */
import { readFile } from 'node:fs/promises';
import { XMLValidator } from 'fast-xml-parser';
import Handlebars from 'handlebars';

/** A template that cannot be used; the message starts with `file:line`. */
export class TemplateError extends Error {
  readonly file: string;
  readonly line: number;

  constructor(file: string, line: number, reason: string) {
    super(`${file}:${line}: ${reason}`);
    this.name = 'TemplateError';
    this.file = file;
    this.line = line;
  }
}

export type SourceFile = { readonly file: string; readonly text: string };

/**
 * The file, its placeholders well formed and, for MJML and HTML, its tags closed: both MJML and
 * mail clients repair a wrong tag silently, each in their own way.
 * @throws TemplateError also when the file cannot be read.
 */
export const readSource = async (file: string): Promise<SourceFile> => {
  const { text } = await readText(file);
  checkPlaceholders(file, text);
  if (!file.endsWith('.txt')) checkTags(file, text);
  return { file, text: file.endsWith('.subject.txt') ? text.trim() : text };
};

/** The file as it is. @throws TemplateError when it cannot be read. */
export const readText = async (file: string): Promise<SourceFile> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const reason = `cannot be read (${error.code ?? error.message})`;
    const cure =
      'TEMPLATES_DIR must be a folder with every template, such as a copy of Paperboy’s own; unset, it is Paperboy’s own';
    throw new TemplateError(file, 1, error.code === 'ENOENT' ? `${reason}: ${cure}` : reason);
  });
  return { file, text };
};

const checkPlaceholders = (file: string, text: string): void => {
  try {
    Handlebars.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const line = Number(/line (\d+)/.exec(reason)?.[1]) || lineOf(error) || 1;
    throw new TemplateError(file, line, told(text, reason.replace(/\s+/g, ' ')));
  }
};

/** The parser's reason; it names the end of the file where a block was never closed. */
const told = (text: string, reason: string): string => {
  if (!reason.includes("got 'EOF'")) return reason;
  const open: string[] = [];
  for (const [, sign, name = ''] of text.matchAll(/\{\{([#/])\s*([\w-]+)/g))
    if (sign === '#') open.push(name);
    else open.pop();
  return `{{#${open.at(-1) ?? '…'}}} is never closed`;
};

const lineOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'lineNumber' in error
    ? Number(error.lineNumber)
    : undefined;

const checkTags = (file: string, text: string): void => {
  // Placeholders may stand where XML allows nothing, so the check sees blanks in their place.
  const blanked = text.replace(/\{\{.*?\}\}/gs, (placeholder) =>
    placeholder.replace(/[^\n]/g, ' '),
  );
  const result = XMLValidator.validate(`<x>${blanked}</x>`, { allowBooleanAttributes: true });
  if (result !== true) throw new TemplateError(file, result.err.line, result.err.msg);
};

/** Where a name first stands inside a placeholder (or `pattern` matches), `undefined` if nowhere. */
export const lineSaying = (
  sources: readonly SourceFile[],
  name: string,
  pattern: RegExp = new RegExp(
    `\\{\\{[^}]*(?<![\\w-])${name.replace(/[^\w-]/g, '\\$&')}(?![\\w-])`,
  ),
): { readonly file: string; readonly line: number } | undefined => {
  for (const { file, text } of sources) {
    const index = text.search(pattern);
    if (index >= 0) return { file, line: text.slice(0, index).split('\n').length };
  }
  return undefined;
};
