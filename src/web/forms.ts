/** The forms' input: read leniently, checked strictly, every problem told at once. */
import { z } from 'zod';
import type { QueryFault } from '../domain/query.ts';
import {
  defaultSettings,
  mostTopics,
  papersPerDigest,
  parseEmail,
  parseFrequency,
  parseTimeZone,
  renderFrequency,
  type Settings,
} from '../domain/subscription.ts';

/** What a person typed, as it goes back into the form when something is wrong. */
export type FormValues = {
  readonly email: string;
  readonly topics: readonly string[];
  /** The reader's own queries, one a line. */
  readonly queries: string;
  readonly frequency: string;
  readonly weekday: string;
  readonly hour: string;
  readonly timeZone: string;
  readonly papers: string;
};

export type FieldError = {
  readonly message: string;
  /** The query at fault and the place in it. */
  readonly query?: { readonly text: string; readonly position: number };
};

export type FormErrors = Readonly<Partial<Record<keyof FormValues, readonly FieldError[]>>>;

export type Parsed<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'invalid'; readonly errors: FormErrors };

export type TopicKnowledge = {
  readonly isTopic: (slug: string) => boolean;
  readonly validateQuery: (text: string) => QueryFault | undefined;
};

/** A parsed body as Hono gives it with `all: true`. */
export type FormBody = Readonly<Record<string, unknown>>;

const longestQuery = 500;
const queryPrefix = 'query:';

export const emptyForm: FormValues = {
  email: '',
  topics: [],
  queries: '',
  frequency: defaultSettings.frequency.kind,
  weekday: 'mon',
  hour: String(defaultSettings.hour),
  timeZone: defaultSettings.timeZone,
  papers: String(defaultSettings.papers),
};

/** Fields of a form as sent: files and strange shapes count as nothing, absent ones as usual. */
export const readForm = (body: FormBody): FormValues => {
  const text = (name: keyof FormValues): string => textOf(body[name]) ?? String(emptyForm[name]);
  return {
    email: text('email'),
    topics: [body.topics].flat().filter((topic) => typeof topic === 'string'),
    queries: text('queries'),
    frequency: text('frequency'),
    weekday: text('weekday'),
    hour: text('hour'),
    timeZone: text('timeZone'),
    papers: text('papers'),
  };
};

export const textOf = (value: unknown): string | undefined => {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : undefined;
};

/** The form that would give these settings. */
export const formOf = (settings: Settings, email = ''): FormValues => {
  const own = settings.topics.filter((topic) => topic.startsWith(queryPrefix));
  const [frequency = 'daily', weekday = 'mon'] = renderFrequency(settings.frequency).split(':');
  return {
    email,
    topics: settings.topics.filter((topic) => !topic.startsWith(queryPrefix)),
    queries: own.map((topic) => topic.slice(queryPrefix.length)).join('\n'),
    frequency,
    weekday,
    hour: String(settings.hour),
    timeZone: settings.timeZone,
    papers: String(settings.papers),
  };
};

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
  topics: { slugs: values.topics, lines: values.queries },
  frequency: values.frequency === 'weekly' ? `weekly:${values.weekday}` : values.frequency,
  hour: values.hour,
  timeZone: values.timeZone,
  papers: values.papers,
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
    frequency: parsedText(parseFrequency, () => 'Please choose how often, and on which day.'),
    hour: parsedText(parseWhole(0, 23), () => 'Please choose an hour from 00:00 to 23:00.'),
    timeZone: parsedText(parseTimeZone, () => 'Please choose a time zone from the list.'),
    papers: parsedText(
      parseWhole(least, most),
      () => `Please choose a number of papers from ${least} to ${most}.`,
    ),
  });

const topicsSchema = (known: TopicKnowledge) =>
  z
    .object({ slugs: z.array(z.string()), lines: z.string() })
    .superRefine(({ slugs, lines }, context) => {
      const blame = (field: keyof FormValues, error: FieldError) =>
        context.addIssue({
          code: 'custom',
          path: [field],
          message: error.message,
          params: { query: error.query },
        });
      const queries = splitQueries(lines);
      for (const slug of slugs.filter((each) => !known.isTopic(each))) {
        blame('topics', { message: `There is no topic “${slug.slice(0, 80)}”.` });
      }
      for (const error of faultsOf(queries, known)) blame('queries', error);
      const count = new Set(slugs).size + queries.length;
      if (count === 0) {
        blame('topics', { message: 'Please choose at least one topic, or write a query.' });
      } else if (count > mostTopics) {
        blame('topics', { message: `That is ${count} topics; ${mostTopics} is the most.` });
      }
    })
    .transform(({ slugs, lines }): readonly string[] => [
      ...new Set([...slugs, ...splitQueries(lines).map((query) => queryPrefix + query)]),
    ]);

const splitQueries = (lines: string): readonly string[] => [
  ...new Set(
    lines
      .split(/\r\n|\r|\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];

const faultsOf = (queries: readonly string[], known: TopicKnowledge): readonly FieldError[] =>
  queries.flatMap((text) => {
    if (text.length > longestQuery) {
      return [{ message: `A query has at most ${longestQuery} characters.` }];
    }
    const fault = known.validateQuery(text);
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
