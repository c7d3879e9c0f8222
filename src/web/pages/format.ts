/** Words and numbers as the pages write them. Days and instants are shown in UTC. */
import type { Day } from '../../domain/paper.ts';

const dayWords = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const dateWords = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const monthWords = new Intl.DateTimeFormat('en-GB', {
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const instantWords = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const count = new Intl.NumberFormat('en-US');
const shortCount = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  maximumSignificantDigits: 3,
});

const startOf = (day: Day): Date => new Date(`${day}T00:00:00Z`);

/** `Friday, 20 March 2026`, or with a time of day ignored. */
export const renderDay = (day: Day | Date): string =>
  dayWords.format(typeof day === 'string' ? startOf(day) : day);

/** `20 March 2026` */
export const renderDate = (day: Day | Date): string =>
  dateWords.format(typeof day === 'string' ? startOf(day) : day);

/** `March 2026` */
export const renderMonth = (day: Day): string => monthWords.format(startOf(day));

/** `20 Mar 2026, 18:00 UTC` */
export const renderInstant = (at: Date): string => `${instantWords.format(at)} UTC`;

export const renderCount = (value: number): string => count.format(value);

/** `9,999`, `56K`: never longer than a plot's margin. */
export const renderShortCount = (value: number): string =>
  value < 10_000 ? count.format(value) : shortCount.format(value);

const sourceNames: Readonly<Record<string, string>> = {
  huggingface: 'Hugging Face',
  github: 'GitHub',
  hackernews: 'Hacker News',
  openalex: 'OpenAlex',
  arxiv: 'arXiv',
  // The bundled papers' summaries are our own.
  sample: 'Paperboy',
};

/** A source by the name people know it under. */
export const sourceName = (source: string): string => sourceNames[source] ?? source;

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${renderCount(value)} ${value === 1 ? one : many}`;

/** At most `length` characters, cut between words and ended by an ellipsis. */
export const shorten = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), length * 0.6)).replace(/[\s,;:.–-]+$/u, '')}…`;
};

/** `Ada Lovelace, Alan Turing, Grace Hopper and 4 more` */
export const renderAuthors = (authors: readonly string[], most: number): string => {
  const more = authors.length - most;
  if (more <= 0) return authors.join(', ');
  return `${authors.slice(0, most).join(', ')} and ${more} more`;
};

/** The URL when it is one a page may link to (http or https), nothing otherwise. */
export const safeUrl = (url: string | undefined): string | undefined => {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
};

/** A paper's own page; the slash of an old arXiv id stays a slash. */
export const paperPath = (id: string): string =>
  `/papers/${id.split('/').map(encodeURIComponent).join('/')}`;

export const authorPath = (name: string): string => `/authors/${encodeURIComponent(name)}`;

export const topicPath = (slug: string): string => `/topics/${encodeURIComponent(slug)}`;

/** A category's name as stored ends with its code, which pages show beside it. */
export const topicName = ({
  name,
  slug,
}: {
  readonly name: string;
  readonly slug: string;
}): string => (name.endsWith(` (${slug})`) ? name.slice(0, -slug.length - 3) : name);

export const searchPath = (query: string): string => `/papers?q=${encodeURIComponent(query)}`;
