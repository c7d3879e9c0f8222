/** The forms' input checked: every problem told at once, each at its field. */
import { z } from 'zod';
import { parseLanguage } from '../domain/language.ts';
import type { QueryFault } from '../domain/query.ts';
import {
  mostMuted,
  mostTopics,
  papersPerDigest,
  parseEmail,
  parseFrequency,
  parseTimeZone,
  type Settings,
} from '../domain/subscription.ts';
import {
  authorQuery,
  type FieldError,
  type FormErrors,
  type FormValues,
  queryPrefix,
} from './forms.ts';

export type Parsed<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'invalid'; readonly errors: FormErrors };

export type TopicKnowledge = {
  readonly isTopic: (slug: string) => boolean;
  readonly validateQuery: (text: string) => QueryFault | undefined;
  /** A muted term is a query by words; what is no such query is a fault. */
  readonly validateMuted: (term: string) => QueryFault | undefined;
};

const longestQuery = 500;

export const parseSettings = (values: FormValues, known: TopicKnowledge): Parsed<Settings> =>
  check(settingsSchema(known), shape(values));

export const parseSubscription = (
  values: FormValues,
  known: TopicKnowledge,
): Parsed<{ readonly email: string; readonly settings: Settings }> => {
  const settings = check(settingsSchema(known), shape(values));
  const email = check(z.object({ email: emailSchema }), { email: values.email });
  if (settings.kind === 'ok' && email.kind === 'ok') {
    return { kind: 'ok', value: { email: email.value.email, settings: settings.value } };
  }
  const errorsOf = (parsed: Parsed<unknown>) => (parsed.kind === 'invalid' ? parsed.errors : {});
  return { kind: 'invalid', errors: { ...errorsOf(email), ...errorsOf(settings) } };
};

const shape = (values: FormValues) => ({
  topics: { slugs: values.topics, lines: values.queries, names: values.authors },
  muted: values.muted,
  frequency: values.frequency === 'weekly' ? `weekly:${values.weekday}` : values.frequency,
  hour: values.hour,
  timeZone: values.timeZone,
  papers: values.papers,
  language: values.language,
});

/** A text the domain's own parser accepts, with what to say when it does not. */
const parsedText = <T>(parse: (text: string) => T | undefined, message: (text: string) => string) =>
  z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: message(text) });
    return z.NEVER;
  });

const parseWhole = (least: number, most: number) => (text: string) => {
  const value = /^\d{1,3}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
};

const emailSchema = parsedText(parseEmail, (text) =>
  text.trim() === ''
    ? 'Please give the address your digest should go to.'
    : 'This does not look like an e-mail address. It should be like ada@example.org.',
);

const { least, most } = papersPerDigest;

const settingsSchema = (known: TopicKnowledge) =>
  z.object({
    topics: topicsSchema(known),
    muted: mutedSchema(known),
    frequency: parsedText(parseFrequency, () => 'Please choose how often, and on which day.'),
    hour: parsedText(parseWhole(0, 23), () => 'Please choose an hour from 00:00 to 23:00.'),
    timeZone: parsedText(parseTimeZone, () => 'Please choose a time zone from the list.'),
    papers: parsedText(
      parseWhole(least, most),
      () => `Please choose a number of papers from ${least} to ${most}.`,
    ),
    language: parsedText(parseLanguage, () => 'Please choose a language from the list.'),
  });

const splitLines = (lines: string): readonly string[] => {
  const trimmed = lines.split(/\r\n|\r|\n/).map((line) => line.trim());
  return [...new Set(trimmed.filter((line) => line !== ''))];
};

type Blame = (field: keyof FormValues, error: FieldError) => void;

const blameIn =
  (context: z.RefinementCtx): Blame =>
  (field, error) =>
    context.addIssue({
      code: 'custom',
      path: [field],
      message: error.message,
      params: { query: error.query },
    });

const topicsSchema = (known: TopicKnowledge) =>
  z
    .object({ slugs: z.array(z.string()), lines: z.string(), names: z.string() })
    .superRefine(({ slugs, lines, names }, context) => {
      const blame = blameIn(context);
      const [queries, authors] = [splitLines(lines), splitLines(names)];
      for (const slug of slugs.filter((each) => !known.isTopic(each))) {
        blame('topics', { message: `There is no topic “${slug.slice(0, 80)}”.` });
      }
      for (const error of faultsOf(queries, known.validateQuery)) blame('queries', error);
      for (const error of nameFaults(authors, known)) blame('authors', error);
      const count = new Set(slugs).size + queries.length + authors.length;
      if (count === 0) {
        blame('topics', { message: 'Please choose at least one topic, or write a query.' });
      } else if (count > mostTopics) {
        blame('topics', { message: `That is ${count} topics; ${mostTopics} is the most.` });
      }
    })
    .transform(({ slugs, lines, names }): readonly string[] => {
      const own = [...splitLines(lines), ...splitLines(names).map(authorQuery)];
      return [...new Set([...slugs, ...own.map((query) => queryPrefix + query)])];
    });

const mutedSchema = (known: TopicKnowledge) =>
  z
    .string()
    .transform(splitLines)
    .superRefine((terms, context) => {
      for (const error of faultsOf(terms, known.validateMuted)) blameIn(context)('muted', error);
      if (terms.length > mostMuted)
        blameIn(context)('muted', {
          message: `That is ${terms.length} lines; ${mostMuted} is the most.`,
        });
    });

const longestName = 100;

// A name is told apart from a query by the field it stands in, so it may hold no operator's quotes.
const nameFaults = (names: readonly string[], known: TopicKnowledge): readonly FieldError[] =>
  names.flatMap((name) => {
    if (name.length > longestName)
      return [{ message: `A name has at most ${longestName} characters.` }];
    const fault = known.validateQuery(authorQuery(name));
    return fault ? [{ message: `“${name}” is no name to look for.` }] : [];
  });

const faultsOf = (
  queries: readonly string[],
  validate: (text: string) => QueryFault | undefined,
): readonly FieldError[] =>
  queries.flatMap((text) => {
    if (text.length > longestQuery) {
      return [{ message: `A query has at most ${longestQuery} characters.` }];
    }
    const fault = validate(text);
    return fault ? [{ message: fault.message, query: { text, position: fault.position } }] : [];
  });

const check = <T>(schema: z.ZodType<T>, input: unknown): Parsed<T> => {
  const result = schema.safeParse(input);
  if (result.success) return { kind: 'ok', value: result.data };
  const errors: Partial<Record<keyof FormValues, FieldError[]>> = {};
  for (const issue of result.error.issues) {
    const field = issue.path.at(-1) as keyof FormValues;
    const query = issue.code === 'custom' ? issue.params?.query : undefined;
    errors[field] ??= [];
    errors[field].push({ message: issue.message, ...(query ? { query } : {}) });
  }
  return { kind: 'invalid', errors };
};
