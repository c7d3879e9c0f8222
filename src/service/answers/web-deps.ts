/** What the web asks of the service, answered by the use-cases. */
import { browsePapers } from '../../app/browse.ts';
import { listTopicRows, oncePerCorpus, withCount } from '../../app/catalogue.ts';
import type { Checkup } from '../../app/checkup.ts';
import { listDailyPapers } from '../../app/daily-papers.ts';
import { findDigestPage } from '../../app/digest-page.ts';
import { findEditionOn } from '../../app/edition-view.ts';
import { english } from '../../app/english.ts';
import {
  forgetReaction,
  giveFeedback,
  listOwnReactions,
  viewFeedback,
} from '../../app/feedback.ts';
import { composeFeed } from '../../app/feeds.ts';
import { isToldToHub } from '../../app/hub.ts';
import type { MailKit } from '../../app/mail-kit.ts';
import { createMetrics, type Metrics } from '../../app/metrics.ts';
import { mutedFault } from '../../app/muted.ts';
import { renderOpml } from '../../app/opml.ts';
import { pause } from '../../app/pause.ts';
import { viewPeriod } from '../../app/period-view.ts';
import { previewDigest } from '../../app/preview.ts';
import { contentVersion, createRankings } from '../../app/ranking.ts';
import {
  changeSettings,
  confirm,
  erase,
  exportReader,
  findByToken,
  hasLeft,
  subscribeAgain,
  unsubscribe,
} from '../../app/reader.ts';
import { searchPapers, similarPapers } from '../../app/search.ts';
import { checkReadiness } from '../../app/state.ts';
import { subscribe } from '../../app/subscribe.ts';
import { previewWeek } from '../../app/topic-week.ts';
import { listTrending, rankedOf } from '../../app/trending.ts';
import type { CommandContext } from '../../cli/command.ts';
import { editionDaysOfPaper, listEditionDays } from '../../db/editions.ts';
import type { Db } from '../../db/open.ts';
import { type CorpusCounts, countCorpus, findPaper } from '../../db/papers.ts';
import { listSignals } from '../../db/signals.ts';
import { listSourceStates } from '../../db/source-states.ts';
import { isSuppressed } from '../../db/suppressions.ts';
import { findTopic } from '../../db/topics.ts';
import type { FeedSubject } from '../../domain/feed-subject.ts';
import { parseArxivId } from '../../domain/paper.ts';
import { parseQuery } from '../../domain/query.ts';
import { tellPart } from '../../domain/reason.ts';
import { instanceMark } from '../../lib/instance.ts';
import { makeToken } from '../../lib/token.ts';
import { listOutbox, readOutbox } from '../../mail/outbox-reader.ts';
import type { WebDeps } from '../../web/deps.ts';
import { createReport } from './report.ts';
import { createWebhook } from './webhook.ts';

const version = '0.1.0';
const similarShown = 6;

/** What the process that serves the web does besides. */
export type Beside = {
  /** Called when a mail waits to be sent. */
  readonly mailPlanned?: () => void;
  readonly metrics?: Metrics;
  readonly checkup?: Checkup;
};

/** Fulfils `WebDeps` over an open database. */
export const webDeps = (
  context: CommandContext,
  kit: MailKit,
  {
    mailPlanned = () => undefined,
    metrics = createMetrics(context.openDb(), context.clock),
    checkup,
  }: Beside = {},
): WebDeps => {
  const { config, clock, log } = context;
  const db = context.openDb();
  const rankings = createRankings(db);
  const topicRows = oncePerCorpus(db, () => listTopicRows(db));
  const counts = oncePerCorpus(db, () => countCorpus(db));
  const tokens = { db, secret: kit.secret };
  const feeds = {
    db,
    ranking: () => rankings(clock()),
    baseUrl: config.baseUrl,
    findReader: (token: string) => findByToken(tokens, 'feed', token),
    hubFor: (subject: FeedSubject) =>
      config.hubUrl !== undefined && isToldToHub(db, subject, clock()) ? config.hubUrl : undefined,
  };
  const filesOnly = config.mail.smtpUrl === undefined;
  return {
    baseUrl: config.baseUrl,
    clock,
    secure: config.baseUrl.startsWith('https:'),
    trustProxy: config.trustProxy,
    readOnly: config.readOnly,
    ...(filesOnly && { outboxDir: config.outboxDir }),
    version,
    instance: instanceMark(kit.secret),
    log,
    contentVersion: () => contentVersion(db),
    status: () => status(db, counts()),
    listTopics: topicRows,
    findTopic: (slug) => {
      const listed = topicRows().find((row) => row.slug === slug);
      if (listed) return listed;
      const own = findTopic(db, slug);
      return own && withCount(db, own);
    },
    listTrending: (scope, limit) => listTrending(db, rankings(clock()), scope, limit),
    previewWeek: (topic, limit) => previewWeek(db, rankings(clock()), { topic }, limit),
    searchPapers: (text, limit) => searchPapers(db, text, limit),
    browsePapers: (asked) => browsePapers(db, rankings(clock()), asked),
    validateQuery: (text) => {
      const parsed = parseQuery(text);
      return parsed.kind === 'fault' ? parsed.fault : undefined;
    },
    validateMuted: mutedFault,
    previewDigest: (settings, token) => {
      const reader = token === undefined ? undefined : findByToken(tokens, 'manage', token);
      const digest = previewDigest(db, settings, reader, clock(), rankings(clock()));
      const papers = digest.papers.map(({ parts, ...rest }) => ({
        ...rest,
        parts: parts.map((part) => tellPart(english, part)),
      }));
      return { ...digest, papers };
    },
    findPaper: (id) => paperView(context, rankings(clock()), parseArxivId(id) ?? id),
    paperById: (id) => findPaper(db, parseArxivId(id) ?? id),
    listEditions: () => listEditionDays(db, 400),
    listDaily: (ask) => listDailyPapers(db, () => rankings(clock()), ask, clock()),
    findEdition: (date) => findEditionOn(db, date),
    findPeriod: (period) => viewPeriod(db, period),
    subscribe: (request) => {
      subscribe(db, request, clock());
      mailPlanned();
      return 'accepted';
    },
    findByToken: (purpose, token) => {
      const reader = findByToken(tokens, purpose, token);
      return (
        reader && {
          email: reader.email,
          status: reader.status,
          ...(reader.pausedUntil && { pausedUntil: reader.pausedUntil }),
          settings: reader.settings,
          suppressed: isSuppressed(db, reader.email),
          hasLeft: hasLeft(db, reader),
          unsubscribeToken: makeToken(kit.secret, 'unsubscribe', reader.key),
          feedToken: makeToken(kit.secret, 'feed', reader.key),
        }
      );
    },
    confirm: (token) => confirm(tokens, token, clock()),
    changeSettings: (token, settings, to) => changeSettings(tokens, token, settings, to, clock()),
    pause: (token, length) => pause(tokens, token, length, clock()),
    listReactions: (token) => {
      const reader = findByToken(tokens, 'manage', token);
      return reader ? listOwnReactions(db, reader) : [];
    },
    forgetReaction: (token, paperId) => forgetReaction(tokens, token, paperId),
    viewFeedback: (token, paperId) => viewFeedback(tokens, token, paperId),
    giveFeedback: (token, paperId, feedback) =>
      giveFeedback(tokens, token, paperId, feedback, clock()),
    unsubscribe: (token, by) => {
      const outcome = unsubscribe(tokens, token, clock(), by);
      if (by === 'page') mailPlanned();
      return outcome;
    },
    subscribeAgain: (purpose, token) => subscribeAgain(tokens, purpose, token, clock()),
    eraseReader: (token) => {
      const reader = findByToken(tokens, 'manage', token);
      if (!reader) return { kind: 'invalid' };
      erase(db, reader);
      return { kind: 'erased' };
    },
    exportReader: (token) => {
      const reader = findByToken(tokens, 'manage', token);
      return reader && exportReader(db, reader);
    },
    digestByToken: (token) => findDigestPage(db, kit, token),
    feed: (subject, format, by) => composeFeed(feeds, subject, format, by),
    opml: () => renderOpml(db, config.baseUrl),
    readiness: () => checkReadiness(db, clock(), counts()),
    metrics: metrics.read,
    ...createReport(context, kit.secret, checkup),
    observeRequest: metrics.request,
    takeWebhook: createWebhook(context, kit.secret),
    listOutbox: async () =>
      (await listOutbox(config.outboxDir)).map((row) => ({
        ...row,
        date: row.date ?? new Date(0),
      })),
    readOutbox: async (name) => {
      const mail = await readOutbox(config.outboxDir, name);
      return mail && { ...mail, date: mail.date ?? new Date(0) };
    },
  };
};

const status = (db: Db, counts: CorpusCounts): ReturnType<WebDeps['status']> => {
  const reads = listSourceStates(db).flatMap((state) => state.succeededAt?.getTime() ?? []);
  return {
    papers: counts.papers,
    signals: counts.signals,
    sample: counts.sample > 0,
    ...(counts.newestListing && { newestListing: counts.newestListing }),
    ...(reads.length > 0 && { lastIngestAt: new Date(Math.max(...reads)) }),
  };
};

const paperView = (
  context: CommandContext,
  ranking: ReturnType<ReturnType<typeof createRankings>>,
  id: string,
): ReturnType<WebDeps['findPaper']> => {
  const db = context.openDb();
  const paper = findPaper(db, id);
  if (!paper) return undefined;
  const index = ranking.papers.findIndex((entry) => entry.number === paper.number);
  const entry = ranking.papers[index];
  return {
    paper,
    ...(entry && {
      ranked: { ...rankedOf(paper, ranking.explain(entry, false)), rank: index + 1 },
    }),
    signals: listSignals(db, paper.id, context.clock()),
    similar: (similarPapers(db, id, similarShown) ?? []).map((hit) => hit.paper),
    editions: editionDaysOfPaper(db, paper.number, 20).map((date) => ({ date })),
  };
};
