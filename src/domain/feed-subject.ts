/** What a feed is about, and the addresses that follow from it. */

export type FeedSubject =
  | { readonly kind: 'everything' }
  | { readonly kind: 'topic'; readonly slug: string }
  | { readonly kind: 'query'; readonly query: string }
  /** All that an author publishes, trending or not. */
  | { readonly kind: 'author'; readonly name: string }
  /** One item a day: what was trending then. */
  | { readonly kind: 'editions' }
  /** A reader's own digests, under the token that is theirs alone. */
  | { readonly kind: 'reader'; readonly token: string };

/** One item a paper, or one item for all papers of a day. */
export type FeedGrouping = 'paper' | 'day';

export const feedFormats = ['rss', 'atom', 'json'] as const;
export type FeedFormat = (typeof feedFormats)[number];

export const feedEndings = {
  rss: 'xml',
  atom: 'atom',
  json: 'json',
} as const satisfies Record<FeedFormat, string>;

type Place = { readonly page: string; readonly feed: string; readonly search: string };

const placeOf = (subject: FeedSubject): Place => {
  switch (subject.kind) {
    case 'everything':
      return { page: '/', feed: '/feed', search: '' };
    case 'topic': {
      const page = `/topics/${encodeURIComponent(subject.slug)}`;
      return { page, feed: `${page}/feed`, search: '' };
    }
    case 'query': {
      const search = `q=${encodeURIComponent(subject.query)}`;
      return { page: `/papers?${search}`, feed: '/papers/feed', search };
    }
    case 'author': {
      const page = `/authors/${encodeURIComponent(subject.name)}`;
      return { page, feed: `${page}/feed`, search: '' };
    }
    case 'editions':
      return { page: '/editions', feed: '/editions/feed', search: '' };
    case 'reader':
      return { page: '/', feed: `/feeds/${subject.token}`, search: '' };
    default:
      return subject satisfies never;
  }
};

/** The page a feed belongs to, from the site's root. */
export const feedPage = (subject: FeedSubject): string => placeOf(subject).page;

/** A feed's own address, from the site's root. */
export const feedPath = (
  subject: FeedSubject,
  format: FeedFormat,
  by: FeedGrouping = 'paper',
): string => {
  const { feed, search } = placeOf(subject);
  const asked = [search, by === 'day' ? 'by=day' : ''].filter((part) => part !== '').join('&');
  return `${feed}.${feedEndings[format]}${asked && `?${asked}`}`;
};
