/** A small invented service for the web to stand on: plain functions over data in memory. */
import type { ReactionKind } from '../../src/domain/liking.ts';
import type { Paper } from '../../src/domain/paper.ts';
import type { QueryFault } from '../../src/domain/query.ts';
import type { Signal } from '../../src/domain/signal.ts';
import type { Settings, Status } from '../../src/domain/subscription.ts';
import type { RankedPaper } from '../../src/domain/trend.ts';
import type { OutboxMail, TopicRow, WebDeps } from '../../src/web/deps.ts';
import { inventLook, inventReport } from './invented-report.ts';

export const now = new Date('2026-03-20T09:30:00Z');

export const paper = (over: Partial<Paper> & { readonly id: string }): Paper => ({
  title: 'Slow Gardens: Growing Small Models in Public',
  abstract: 'We plant small models, water them with data, and watch which ones bear fruit.',
  authors: ['Ada Example', 'Bo Sample'],
  categories: ['cs.CL', 'cs.AI'],
  publishedAt: new Date('2026-03-18T17:00:00Z'),
  listedOn: '2026-03-19',
  ...over,
});

export const papers: readonly Paper[] = [
  paper({ id: '2603.10001' }),
  paper({ id: '2603.10002', title: 'A Map of the Tides', codeUrl: 'https://code.example/tides' }),
  paper({ id: 'cs/0112017', title: 'Letters of an Older Kind', listedOn: '2001-12-12' }),
  paper({ id: 'title:a-paper-known-by-its-title', title: 'A Paper Known by Its Title' }),
];

export const rank = (list: readonly Paper[]): readonly RankedPaper[] =>
  list.map((each, index) => ({
    rank: index + 1,
    paper: each,
    score: 40 - index,
    parts: [
      { name: 'upvotes', value: `${31 - index} upvotes, still young`, points: 30 - index },
      { name: 'just listed', value: 'listed yesterday', points: 10 },
    ],
  }));

export const topics: readonly TopicRow[] = [
  topic('gardens', 'Model gardens', 'Themes of growth', 'theme'),
  topic('tides', 'Tides', 'Themes of growth', 'theme'),
  topic('cs.CL', 'Computation and Language', 'Computer Science', 'category'),
  topic('own-7', 'the secret wish of a reader', 'Own', 'own'),
];

function topic(slug: string, name: string, group: string, kind: TopicRow['kind']): TopicRow {
  const query = kind === 'category' ? `cat:${slug}` : `"${name}"`;
  return { slug, name, group, kind, query, description: `All about ${name}`, papers: 12 };
}

export const signals: readonly Signal[] = [3, 11, 24, 31].map((value, index) => ({
  paperId: '2603.10001',
  source: 'huggingface',
  kind: 'upvotes',
  observedAt: new Date(Date.UTC(2026, 2, 17 + index, 8)),
  value,
}));

export const settings: Settings = {
  topics: ['tides', 'gardens', 'query:moss'],
  frequency: { kind: 'weekly', on: 'thu' },
  hour: 7,
  timeZone: 'Europe/Berlin',
  language: 'en',
  papers: 5,
  muted: [],
};

export const email = 'reader@example.org';
export const tokens = {
  ...{ confirm: 'c0nfirm', manage: 'man4ge', unsubscribe: 'uns8', feed: 'f33d' },
  ...{ react: 're4ct', status: '0perator' },
};

export const mail: OutboxMail = {
  name: '20260320-0001.eml',
  to: email,
  subject: 'Please confirm your subscription',
  date: now,
  html: `<!doctype html><html><head><title>Confirm</title></head><body style="color:#222">
<p>Hello.</p><p><a style="padding:12px" href="/confirm/${tokens.confirm}" target="_blank">Confirm</a></p></body></html>`,
  text: `Hello. Confirm: http://127.0.0.1/confirm/${tokens.confirm}`,
};

/** What a test looks at afterwards: each change asked for, in order. */
export type Change = readonly [verb: string, ...details: unknown[]];
export type Fake = {
  readonly deps: WebDeps;
  readonly changes: Change[];
  status: Status;
  suppressed: boolean;
  reaction: ReactionKind | undefined;
  muted: readonly string[];
};

const faultIn = (query: string): QueryFault | undefined =>
  query.includes('(') && !query.includes(')')
    ? { message: 'This parenthesis is never closed.', position: query.indexOf('(') }
    : undefined;

export const fake = (over: Partial<WebDeps> = {}): Fake => {
  const changes: Change[] = [];
  const state: Fake = {
    changes,
    ...{ status: 'active', suppressed: false, reaction: undefined, muted: [] },
    get deps() {
      return { ...reads, ...readers(state), ...over };
    },
  };
  return state;
};

const silent = () => undefined;

const reads: Omit<WebDeps, keyof ReturnType<typeof readers>> = {
  baseUrl: 'http://127.0.0.1',
  clock: () => now,
  secure: false,
  trustProxy: false,
  version: '0.1.0',
  instance: '0123456789abcdef',
  log: { info: silent, warn: silent, error: silent },
  contentVersion: () => '1',
  status: () => ({ papers: papers.length, signals: signals.length, sample: false }),
  listTopics: () => topics,
  findTopic: (slug) => topics.find((each) => each.slug === slug),
  listTrending: ({ topic: slug, query }, limit) => {
    if (slug !== undefined && !topics.some((each) => each.slug === slug)) {
      return { kind: 'unknown-topic', slug };
    }
    const fault = faultIn(query ?? '');
    if (fault) return { kind: 'bad-query', fault };
    return { kind: 'ok', asOf: now, rankedAt: now, papers: rank(papers).slice(0, limit) };
  },
  searchPapers: (text, limit) => {
    const fault = faultIn(text);
    if (fault) return { kind: 'bad-query', fault };
    const found = papers.filter((each) => each.title.toLowerCase().includes(text.toLowerCase()));
    return { kind: 'ok', papers: found.slice(0, limit).map((each) => ({ paper: each, score: 1 })) };
  },
  browsePapers: ({ text, category, offset, limit }) => {
    const fault = faultIn(text);
    if (fault) return { kind: 'bad-query', fault };
    const words = text.replace(/^author:"(.*)"$/, '$1').toLowerCase();
    const found = papers.filter(
      (each) =>
        `${each.title} ${each.authors.join(' ')}`.toLowerCase().includes(words) &&
        (category === undefined || each.categories.includes(category)),
    );
    const shown = found.slice(offset, offset + limit).map((each) => ({ paper: each }));
    return { kind: 'ok', papers: shown, total: found.length };
  },
  previewWeek: (slug, limit) =>
    slug.startsWith('query:') || topics.some((each) => each.slug === slug)
      ? {
          kind: 'ok',
          name: slug,
          until: now,
          papers: papers.length,
          best: rank(papers).slice(0, limit),
        }
      : { kind: 'unknown-topic', slug },
  validateQuery: faultIn,
  validateMuted: faultIn,
  previewDigest: ({ papers: most }) => ({
    papers: rank(papers)
      .slice(0, most)
      .map(({ paper: each, parts }) => ({ paper: each, parts, topic: 'Tides' })),
  }),
  findPaper: (id) => {
    const found = papers.find((each) => each.id === id);
    const ranked = rank(papers).find((each) => each.paper.id === id);
    return (
      found && {
        paper: found,
        ...(ranked && { ranked }),
        signals: signals.filter((signal) => signal.paperId === id),
        similar: papers.filter((each) => each.id !== id),
        editions: [{ date: '2026-03-19' }],
      }
    );
  },
  paperById: (id) => papers.find((each) => each.id === id),
  listEditions: () => [{ date: '2026-03-19', publishedAt: now, papers: 8 }],
  listDaily: ({ limit, page }) => ({
    papers: papers
      .slice(page * limit, (page + 1) * limit)
      .map((each) => ({ paper: each, upvotes: 31, comments: 2 })),
    more: papers.length > (page + 1) * limit,
  }),
  findEdition: (date) =>
    date === '2026-03-19'
      ? {
          date,
          publishedAt: now,
          lists: topics.map((each) => ({ topic: each, papers: rank(papers) })),
        }
      : undefined,
  findPeriod: ({ from, to }) =>
    from <= '2026-03-19' && '2026-03-19' <= to
      ? { days: ['2026-03-19'], papers: papers.map((each) => ({ paper: each, days: 1, best: 2 })) }
      : undefined,
  feed: (subject, format, by) => {
    if (subject.kind === 'reader' && subject.token !== tokens.feed) return { kind: 'not-found' };
    const fault = subject.kind === 'query' ? faultIn(subject.query) : undefined;
    if (fault) return { kind: 'bad-query', fault };
    return {
      kind: 'ok',
      body: `<rss>${JSON.stringify({ ...subject, format, by })}</rss>`,
      contentType: 'application/rss+xml; charset=utf-8',
    };
  },
  opml: () => '<opml version="2.0"/>',
  readiness: () => ({ ready: true, checks: { database: 'ok' } }),
  metrics: async () => 'paperboy_papers 4\n',
  report: async (token) =>
    token === tokens.status ? { report: inventReport(now), look: inventLook(now) } : undefined,
  askDoctor: (token) => token === tokens.status,
  observeRequest: silent,
  listOutbox: async () => [mail],
  readOutbox: async (name) => (name === mail.name ? mail : undefined),
};

const readers = (state: Fake) =>
  ({
    subscribe: (request) => {
      state.changes.push(['subscribe', request]);
      return 'accepted';
    },
    findByToken: (purpose, token) =>
      token === tokens[purpose]
        ? {
            email,
            status: state.status,
            settings,
            suppressed: state.suppressed,
            hasLeft: state.status === 'unsubscribed',
            unsubscribeToken: tokens.unsubscribe,
            feedToken: tokens.feed,
          }
        : undefined,
    confirm: (token) => {
      if (token !== tokens.confirm) return { kind: 'invalid' };
      state.changes.push(['confirm']);
      return { kind: 'confirmed', manageToken: tokens.manage };
    },
    changeSettings: (token, changed, status) => {
      if (token !== tokens.manage) return { kind: 'invalid' };
      state.changes.push(['changeSettings', changed, status]);
      return { kind: 'changed' };
    },
    pause: (token, length) => {
      if (token !== tokens.manage) return { kind: 'invalid' };
      state.changes.push(['pause', length]);
      return { kind: 'changed' };
    },
    listReactions: (token) =>
      token === tokens.manage && papers[0] ? [{ paper: papers[0], kind: 'more', at: now }] : [],
    forgetReaction: (token, paperId) => {
      if (token !== tokens.manage) return { kind: 'invalid' };
      state.changes.push(['forgetReaction', paperId]);
      return { kind: 'changed' };
    },
    viewFeedback: (token, paperId) => {
      const paper = papers.find((each) => each.id === paperId);
      if (token !== tokens.react || !paper) return undefined;
      return { paper, reaction: state.reaction, muted: state.muted, mutable: ['cat:cs.CL'] };
    },
    giveFeedback: (token, paperId, feedback) => {
      if (token !== tokens.react || !papers.some((each) => each.id === paperId))
        return { kind: 'invalid' };
      if (feedback.kind === 'mute' && feedback.term === '"')
        return { kind: 'refused', problem: 'the phrase does not end' };
      state.changes.push(['giveFeedback', paperId, feedback]);
      if (feedback.kind === 'more' || feedback.kind === 'less') state.reaction = feedback.kind;
      if (feedback.kind === 'none') state.reaction = undefined;
      if (feedback.kind === 'mute') state.muted = [feedback.term];
      return { kind: 'done' };
    },
    unsubscribe: (token, by) => {
      if (token !== tokens.unsubscribe) return { kind: 'invalid' };
      state.changes.push(['unsubscribe', by]);
      state.status = 'unsubscribed';
      return { kind: 'unsubscribed' };
    },
    subscribeAgain: (purpose, token) => {
      if (token !== tokens[purpose]) return { kind: 'invalid' };
      if (state.suppressed) return { kind: 'suppressed' };
      state.changes.push(['subscribeAgain', purpose]);
      state.status = 'active';
      return { kind: 'subscribed' };
    },
    eraseReader: (token) => {
      if (token !== tokens.manage) return { kind: 'invalid' };
      state.changes.push(['eraseReader']);
      return { kind: 'erased' };
    },
    exportReader: (token) => (token === tokens.manage ? { email, settings } : undefined),
    digestByToken: (token) => (token === 'd1gest' ? { html: mail.html } : undefined),
  }) satisfies Partial<WebDeps>;
