/**
 * What the web needs from the rest of the service, fulfilled by the composition root. Reads are
 * synchronous, as SQLite is; nothing here knows of HTTP.
 */
import type { FeedFormat, FeedGrouping, FeedSubject } from '../domain/feed-subject.ts';
import type { ReactionKind } from '../domain/liking.ts';
import type { OperatingReport, SlowLook } from '../domain/operating-report.ts';
import type { Day, Paper } from '../domain/paper.ts';
import type { PauseLength } from '../domain/pause.ts';
import type { Period } from '../domain/period.ts';
import type { QueryFault } from '../domain/query.ts';
import type { Signal } from '../domain/signal.ts';
import type { Settings, Status } from '../domain/subscription.ts';
import type { RankedPaper, ToldPart } from '../domain/trend.ts';
import type { Browsed, BrowsedPapers, FoundPapers } from './looking.ts';

export type TopicRow = {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** The heading a form shows the topic under. */
  readonly group: string;
  /** `own` is a reader's own query: never shown to anyone else. */
  readonly kind: 'category' | 'theme' | 'own';
  readonly query: string;
  /** How many papers of the corpus are in it. */
  readonly papers: number;
};

export type Listing =
  | {
      readonly kind: 'ok';
      readonly asOf: Date;
      /** What the list speaks for: `asOf`, or the moment of the last news when sources are silent. */
      readonly rankedAt: Date;
      readonly papers: readonly RankedPaper[];
    }
  | { readonly kind: 'unknown-topic'; readonly slug: string }
  | { readonly kind: 'bad-query'; readonly fault: QueryFault };

export type TopicWeek =
  | {
      readonly kind: 'ok';
      readonly name: string;
      readonly until: Date;
      /** How many papers the week brought. */
      readonly papers: number;
      readonly best: readonly RankedPaper[];
    }
  | { readonly kind: 'unknown-topic'; readonly slug: string }
  | { readonly kind: 'bad-query'; readonly fault: QueryFault };

/** A week or month: its editions' days, and what stood on their front pages. */
export type PeriodView = {
  readonly days: readonly Day[];
  readonly papers: readonly {
    readonly paper: Paper;
    readonly days: number;
    readonly best: number;
  }[];
};

export type DigestPreview = {
  readonly papers: readonly {
    readonly paper: Paper;
    /** The topic that brought it, by name. */
    readonly topic: string;
    readonly parts: readonly ToldPart[];
  }[];
};

export type PaperView = {
  readonly paper: Paper;
  /** Its place among all papers that trend now, when it has one. */
  readonly ranked?: RankedPaper;
  readonly signals: readonly Signal[];
  readonly similar: readonly Paper[];
  readonly editions: readonly { readonly date: Day }[];
};

export type EditionRow = {
  readonly date: Day;
  readonly publishedAt: Date;
  readonly papers: number;
};

export type EditionView = {
  readonly date: Day;
  readonly publishedAt: Date;
  readonly lists: readonly {
    readonly topic: TopicRow;
    readonly papers: readonly RankedPaper[];
  }[];
};

/** A paper with the newest counts of Hugging Face and GitHub; 0 where none is known. */
export type DailyPaper = {
  readonly paper: Paper;
  readonly upvotes: number;
  readonly comments: number;
  readonly githubStars?: number;
};

export type DailyAsk = {
  /** Without it, the newest of all days. */
  readonly date?: Day;
  readonly order: 'newest' | 'trending';
  readonly limit: number;
  /** From 0. */
  readonly page: number;
};

export type TokenPurpose = 'confirm' | 'manage' | 'unsubscribe';

export type ReaderView = {
  readonly email: string;
  readonly status: Status;
  /** The reader's day from which mail comes again by itself, while paused. */
  readonly pausedUntil?: Day;
  readonly settings: Settings;
  /** Whether the address must never be mailed again. */
  readonly suppressed: boolean;
  /** Whether they have left and not asked to come back since. */
  readonly hasLeft: boolean;
  readonly unsubscribeToken: string;
  readonly feedToken: string;
};

/** A paper the reader wanted more or less of. */
export type ReactionRow = {
  readonly paper: Paper;
  readonly kind: ReactionKind;
  readonly at: Date;
};

/** What a reader may say to a paper of a mail. */
export type FeedbackView = {
  readonly paper: Paper;
  /** What the reader said before. */
  readonly reaction: ReactionKind | undefined;
  /** All that the reader has muted, in the query language. */
  readonly muted: readonly string[];
  /** What of this paper may be muted. */
  readonly mutable: readonly string[];
};

export type Feedback =
  | { readonly kind: ReactionKind }
  /** Takes a reaction back. */
  | { readonly kind: 'none' }
  | { readonly kind: 'mute' | 'unmute'; readonly term: string };

export type FeedbackOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'refused'; readonly problem: string };

export type Change = { readonly kind: 'changed' | 'invalid' };

export type ServiceStatus = {
  readonly papers: number;
  readonly signals: number;
  /** Whether the bundled sample stands in for live sources. */
  readonly sample: boolean;
  readonly newestListing?: Day;
  readonly lastIngestAt?: Date;
};

export type FeedDocument =
  | {
      readonly kind: 'ok';
      readonly body: string;
      readonly contentType: string;
      /** The feed's own address, and the WebSub hub that knows it, where one does. */
      readonly links?: { readonly self: string; readonly hub?: string };
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'bad-query'; readonly fault: QueryFault };

/** `name` is the file's name in the outbox folder, and its address. */
export type OutboxRow = {
  readonly name: string;
  readonly to: string;
  readonly subject: string;
  readonly date: Date;
};

export type OutboxMail = OutboxRow & { readonly html: string; readonly text: string };

export type OperatorView = {
  readonly report: OperatingReport;
  /** Unset where the slow looks are not taken. */
  readonly look?: SlowLook;
};

export type WebLog = {
  readonly info: (details: object, message: string) => void;
  readonly warn: (details: object, message: string) => void;
  readonly error: (details: object, message: string) => void;
};

export type WebDeps = {
  /** Where readers reach the service, without a slash at the end. */
  readonly baseUrl: string;
  readonly clock: () => Date;
  /** Whether `baseUrl` is https. */
  readonly secure: boolean;
  /** Whether one proxy of ours stands in front and sets `X-Forwarded-For`. */
  readonly trustProxy: boolean;
  /** Whether nothing can be kept here, and so no form is taken. */
  readonly readOnly?: boolean;
  /** Set only when mails are written to files instead of being sent. */
  readonly outboxDir?: string;
  readonly version: string;
  /** By which the doctor knows that an address leads to this service. */
  readonly instance: string;
  readonly log: WebLog;

  /** Another text whenever what everybody reads has changed: papers, attention, editions. */
  readonly contentVersion: () => string;
  readonly status: () => ServiceStatus;
  readonly listTopics: () => readonly TopicRow[];
  readonly findTopic: (slug: string) => TopicRow | undefined;
  readonly listTrending: (
    scope: { readonly topic?: string; readonly query?: string },
    limit: number,
  ) => Listing;
  /** What a topic (or `query:…`) brought in the last seven days. */
  readonly previewWeek: (topic: string, limit: number) => TopicWeek;
  readonly searchPapers: (text: string, limit: number) => FoundPapers;
  readonly browsePapers: (asked: Browsed) => BrowsedPapers;
  readonly validateQuery: (text: string) => QueryFault | undefined;
  readonly validateMuted: (term: string) => QueryFault | undefined;
  /** The digest these settings would bring now; without what the token's reader has had already. */
  readonly previewDigest: (settings: Settings, manageToken?: string) => DigestPreview;
  readonly findPaper: (id: string) => PaperView | undefined;
  /** The paper alone, without what has to be worked out. */
  readonly paperById: (id: string) => Paper | undefined;
  readonly listEditions: () => readonly EditionRow[];
  /** A page of the papers featured on a day, and whether more follow. */
  readonly listDaily: (ask: DailyAsk) => {
    readonly papers: readonly DailyPaper[];
    readonly more: boolean;
  };
  readonly findEdition: (date: Day) => EditionView | undefined;
  readonly findPeriod: (period: Period) => PeriodView | undefined;

  /** Answers, and takes as long, the same whether the address is known or not. */
  readonly subscribe: (request: {
    readonly email: string;
    readonly settings: Settings;
  }) => 'accepted';
  readonly findByToken: (purpose: TokenPurpose, token: string) => ReaderView | undefined;
  readonly confirm: (
    token: string,
  ) => { readonly kind: 'confirmed'; readonly manageToken: string } | { readonly kind: 'invalid' };
  readonly changeSettings: (
    manageToken: string,
    settings: Settings,
    status?: 'active' | 'paused',
  ) => Change;
  /** For a length of time, or until resumed (by `changeSettings`). */
  readonly pause: (manageToken: string, length: PauseLength | undefined) => Change;
  /** The reader's reactions, the newest first. */
  readonly listReactions: (manageToken: string) => readonly ReactionRow[];
  readonly forgetReaction: (manageToken: string, paperId: string) => Change;
  readonly viewFeedback: (token: string, paperId: string) => FeedbackView | undefined;
  /** Harmless when repeated. */
  readonly giveFeedback: (token: string, paperId: string, feedback: Feedback) => FeedbackOutcome;
  /** Harmless when repeated; by our page it brings a goodbye. */
  readonly unsubscribe: (
    token: string,
    by: 'page' | 'one-click',
  ) => { readonly kind: 'unsubscribed' } | { readonly kind: 'invalid' };
  /** Who has left comes back at once; harmless when repeated. */
  readonly subscribeAgain: (
    purpose: TokenPurpose,
    token: string,
  ) => { readonly kind: 'subscribed' | 'suppressed' | 'invalid' };
  readonly eraseReader: (
    manageToken: string,
  ) => { readonly kind: 'erased' } | { readonly kind: 'invalid' };
  /** All that is kept about a reader, ready for JSON. */
  readonly exportReader: (manageToken: string) => unknown | undefined;

  /** The web version of one mail: a whole HTML document of our own making. */
  readonly digestByToken: (token: string) => { readonly html: string } | undefined;
  readonly feed: (subject: FeedSubject, format: FeedFormat, by: FeedGrouping) => FeedDocument;
  readonly opml: () => string;
  readonly readiness: () => {
    readonly ready: boolean;
    readonly checks: Readonly<Record<string, string>>;
  };
  /** Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  /** The operator's report, for who holds the operator's token. */
  readonly report: (token: string) => Promise<OperatorView | undefined>;
  /** Has the doctor look anew, and does not wait for it; false for a wrong token. */
  readonly askDoctor: (token: string) => boolean;
  /** Told of each answer: the route's pattern, never its address. */
  readonly observeRequest: (route: string, method: string, status: number, seconds: number) => void;
  /** A mail provider's post. Unset where no provider is set up. */
  readonly takeWebhook?: (
    provider: string,
    post: { readonly body: string; readonly header: (name: string) => string | undefined },
  ) => Promise<{ readonly kind: 'taken' | 'not-found' | 'refused' | 'ill-formed' }>;
  readonly listOutbox: () => Promise<readonly OutboxRow[]>;
  readonly readOutbox: (name: string) => Promise<OutboxMail | undefined>;
};
