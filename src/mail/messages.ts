/**
 * The wording of mails: one file a language, that a person without TypeScript can edit, and one more
 * for the names of topics. Each is checked whole when it is loaded, the wording against what the
 * program and the templates ask for.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Language, languages } from '../domain/language.ts';
import { messageKeys } from '../domain/message-keys.ts';
import { builtInTopics } from '../domain/topic.ts';
import {
  createWords,
  type Message,
  type Messages,
  type TopicNames,
  type Words,
} from '../domain/words.ts';
import { readText, type SourceFile, TemplateError } from './template-source.ts';

/** Keys of messages, each with the placeholders it may use. */
export type AskedMessages = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The words of every language, from `messages/` in the templates' folder. `askedByTemplates` are
 * the messages the templates name.
 * @throws TemplateError naming file and line of the first mistake.
 */
export const loadMessages = async (
  root: string,
  askedByTemplates: AskedMessages,
): Promise<Readonly<Record<Language, Words>>> => {
  const asked = new Map<string, ReadonlySet<string>>(
    Object.entries(messageKeys).map(([key, names]) => [key, new Set(names)]),
  );
  for (const [key, names] of askedByTemplates) asked.set(key, names);
  const words: Partial<Record<Language, Words>> = {};
  for (const language of languages) {
    const source = await readText(join(root, 'messages', `${language}.json`));
    const topics = await readTopics(join(root, 'messages', 'topics', `${language}.json`));
    words[language] = createWords(language, checkMessages(source, language, asked), topics);
  }
  return words as Record<Language, Words>;
};

/** What a language calls topics; those not in its file keep their English name, as all do without one. */
const readTopics = async (path: string): Promise<TopicNames> => {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return {};
  const source = await readText(path);
  const names = parseObject(source);
  const known = new Set(builtInTopics().map(({ slug }) => slug));
  for (const [slug, name] of Object.entries(names)) {
    const fault = (reason: string) =>
      new TemplateError(source.file, lineOfKey(source, slug), `"${slug}" ${reason}`);
    if (!known.has(slug)) throw fault('is no topic of the catalogue');
    if (typeof name !== 'string' || name.trim() === '') throw fault('must be a name');
  }
  return names as TopicNames;
};

/** The messages of a file. @throws TemplateError when one is missing, unknown or ill formed. */
const checkMessages = (source: SourceFile, language: Language, asked: AskedMessages): Messages => {
  const messages = parseObject(source);
  const fault = (key: string, reason: string) =>
    new TemplateError(source.file, lineOfKey(source, key), `"${key}" ${reason}`);
  for (const [key, message] of Object.entries(messages)) {
    const names = asked.get(key);
    if (!names) throw fault(key, 'is asked for by no template and nothing else');
    const wrong = faultOf(message, language, names);
    if (wrong !== undefined) throw fault(key, wrong);
  }
  const missing = [...asked.keys()].find((key) => !Object.hasOwn(messages, key));
  if (missing !== undefined) throw new TemplateError(source.file, 1, `"${missing}" is missing`);
  return messages as Messages;
};

const parseObject = ({ file, text }: SourceFile): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const at = Number(/position (\d+)/.exec(reason)?.[1] ?? text.length);
    throw new TemplateError(file, text.slice(0, at).split('\n').length, reason);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new TemplateError(file, 1, 'must be an object of messages');
};

const lineOfKey = ({ text }: SourceFile, key: string): number => {
  const index = text.indexOf(JSON.stringify(key));
  return index < 0 ? 1 : text.slice(0, index).split('\n').length;
};

const faultOf = (
  message: unknown,
  language: Language,
  names: ReadonlySet<string>,
): string | undefined => {
  if (typeof message === 'string') return placeholderFault([message], names);
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    return 'must be a text, or a text for each plural form';
  const forms = Object.entries(message);
  const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  for (const [form, text] of forms) {
    if (typeof text !== 'string') return `has a form "${form}" that is no text`;
    if (!known.some((category) => category === form))
      return `has a plural form "${form}"; ${language} has ${known.join(', ')}`;
  }
  // `many` of the Romance languages is for whole millions, where `other` reads well enough.
  const lacking = known.find((form) => form !== 'many' && !Object.hasOwn(message, form));
  if (lacking !== undefined) return `lacks the plural form "${lacking}"`;
  if (!names.has('count')) return 'counts nothing, and so takes one text';
  return placeholderFault(Object.values(message as Message & object), names);
};

const placeholderFault = (
  texts: readonly string[],
  names: ReadonlySet<string>,
): string | undefined => {
  const used = texts.flatMap((text) => [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name));
  const unknown = used.find((name) => name === undefined || !names.has(name));
  if (unknown === undefined) return undefined;
  const may = names.size === 0 ? 'none' : [...names].map((name) => `{${name}}`).join(', ');
  return `uses {${unknown}}; it may use ${may}`;
};
