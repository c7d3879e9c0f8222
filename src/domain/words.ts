/**
 * Putting things into words in one language. Every sentence is a message with `{placeholders}`,
 * told apart by plural form where it counts something; dates and numbers are written as the
 * language writes them.
 */
import type { Language } from './language.ts';
import type { MessageKey } from './message-keys.ts';
import type { Day } from './paper.ts';
import { builtInTopics, ownQuery, type Topic } from './topic.ts';

/** A sentence, or one for each plural form (CLDR's `one`, `few`, `other` …), chosen by `{count}`. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

export type Messages = Readonly<Record<string, Message>>;

export type MessageValues = Readonly<Record<string, string | number>>;

/** What a language calls built-in topics, by slug; a category's name stands without its code. */
export type TopicNames = Readonly<Record<string, string>>;

export type Words = {
  readonly language: Language;
  /** A message with its placeholders filled: numbers as the language writes them, texts as they are. */
  readonly say: (key: MessageKey, values?: MessageValues) => string;
  /** The same for a key that only a template knows; `undefined` when there is no such message. */
  readonly find: (key: string, values?: MessageValues) => string | undefined;
  readonly number: (value: number) => string;
  /** `Friday, 20 March 2026` */
  readonly fullDay: (day: Day) => string;
  /** `20 March 2026` */
  readonly longDay: (day: Day) => string;
  /** `Friday` */
  readonly weekday: (day: Day) => string;
  /** `08:00` */
  readonly hour: (hour: number) => string;
  /** `a, b and c` */
  readonly list: (texts: readonly string[]) => string;
  /** A topic by its name, under its slug; a reader's own by its query. */
  readonly topic: (slug: string) => string;
};

/** What Intl should follow; English day and month are written the way most of the world does. */
const locales: Readonly<Record<Language, string>> = {
  ...{ en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES', zh: 'zh-CN', ja: 'ja-JP' },
};

export const createWords = (
  language: Language,
  messages: Messages,
  topics: TopicNames = {},
): Words => {
  const locale = locales[language];
  // Made once each: making a format takes longer than a mail.
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const plurals = new Intl.PluralRules(locale);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const hours = new Intl.DateTimeFormat(locale, {
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' },
  });
  const names = namesOf(topics);
  const dayFormat = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
    return (day: Day): string => format.format(new Date(`${day}T00:00:00Z`));
  };
  const find = (key: string, values: MessageValues = {}): string | undefined => {
    const message = messages[key];
    if (message === undefined) return undefined;
    const text = typeof message === 'string' ? message : chooseForm(message, values, plurals);
    return text.replace(/\{([\w-]+)\}/g, (written, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? numbers.format(value) : (value ?? written);
    });
  };
  return {
    language,
    find,
    say: (key, values) => find(key, values) ?? key,
    number: numbers.format,
    fullDay: dayFormat({ dateStyle: 'full' }),
    longDay: dayFormat({ dateStyle: 'long' }),
    weekday: dayFormat({ weekday: 'long' }),
    hour: (hour) => hours.format(new Date(Date.UTC(2000, 0, 1, hour))),
    list: (texts) => lists.format(texts),
    topic: (slug) => ownQuery(slug) ?? names.get(slug) ?? slug,
  };
};

const namesOf = (topics: TopicNames): ReadonlyMap<string, string> =>
  new Map(builtInTopics().map((topic) => [topic.slug, nameOf(topic, topics[topic.slug])]));

// A category is known by its code as much as by its name.
const nameOf = ({ kind, slug, name }: Topic, own: string | undefined): string => {
  if (own === undefined) return name;
  return kind === 'category' ? `${own} (${slug})` : own;
};

const chooseForm = (
  forms: Exclude<Message, string>,
  { count }: MessageValues,
  plurals: Intl.PluralRules,
): string => {
  const form = typeof count === 'number' ? forms[plurals.select(count)] : undefined;
  return form ?? forms.other ?? '';
};
