/** The forms' input: read leniently here, checked strictly in `check-form.ts`. */
import { defaultSettings, renderFrequency, type Settings } from '../domain/subscription.ts';

/** What a person typed, as it goes back into the form when something is wrong. */
export type FormValues = {
  readonly email: string;
  readonly topics: readonly string[];
  /** The reader's own queries, one a line. */
  readonly queries: string;
  /** Authors to follow, one name a line: each is a query of its own. */
  readonly authors: string;
  /** Muted terms, one a line. */
  readonly muted: string;
  readonly frequency: string;
  readonly weekday: string;
  readonly hour: string;
  readonly timeZone: string;
  readonly papers: string;
  readonly language: string;
};

export type FieldError = {
  readonly message: string;
  /** The query at fault and the place in it. */
  readonly query?: { readonly text: string; readonly position: number };
};

export type FormErrors = Readonly<Partial<Record<keyof FormValues, readonly FieldError[]>>>;

/** A parsed body as Hono gives it with `all: true`. */
export type FormBody = Readonly<Record<string, unknown>>;

export const queryPrefix = 'query:';

export const emptyForm: FormValues = {
  email: '',
  topics: [],
  queries: '',
  authors: '',
  muted: '',
  frequency: defaultSettings.frequency.kind,
  weekday: 'mon',
  hour: String(defaultSettings.hour),
  timeZone: defaultSettings.timeZone,
  papers: String(defaultSettings.papers),
  language: defaultSettings.language,
};

/** Fields of a form as sent: files and strange shapes count as nothing, absent ones as usual. */
export const readForm = (body: FormBody, usual: FormValues = emptyForm): FormValues => {
  const text = (name: keyof FormValues): string => textOf(body[name]) ?? String(usual[name]);
  return {
    email: text('email'),
    topics: [body.topics].flat().filter((topic) => typeof topic === 'string'),
    queries: text('queries'),
    authors: text('authors'),
    muted: text('muted'),
    frequency: text('frequency'),
    weekday: text('weekday'),
    hour: text('hour'),
    timeZone: text('timeZone'),
    papers: text('papers'),
    language: text('language') || usual.language,
  };
};

export const textOf = (value: unknown): string | undefined => {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : undefined;
};

/** The form that would give these settings. */
export const formOf = (settings: Settings, email = ''): FormValues => {
  const own = settings.topics
    .filter((topic) => topic.startsWith(queryPrefix))
    .map((topic) => topic.slice(queryPrefix.length));
  const [frequency = 'daily', weekday = 'mon'] = renderFrequency(settings.frequency).split(':');
  return {
    email,
    topics: settings.topics.filter((topic) => !topic.startsWith(queryPrefix)),
    queries: own.filter((query) => followed(query) === undefined).join('\n'),
    authors: own.flatMap((query) => followed(query) ?? []).join('\n'),
    muted: (settings.muted ?? []).join('\n'),
    frequency,
    weekday,
    hour: String(settings.hour),
    timeZone: settings.timeZone,
    papers: String(settings.papers),
    language: settings.language,
  };
};

/** The query that follows an author. */
export const authorQuery = (name: string): string => `author:"${name.replaceAll('"', '')}"`;

/** The author a query follows, when that is all it does. */
/** The name a query follows, when it follows one author and nothing else. */
export const followed = (query: string): string | undefined =>
  /^author:"([^"]+)"$/.exec(query)?.[1];
