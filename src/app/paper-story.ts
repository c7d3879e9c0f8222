/** What the ledger tells of one paper at one moment, as a digest shows it. */
import type { Db } from '../db/open.ts';
import { listSignals } from '../db/signals.ts';
import { type Attention, readAttention } from '../domain/attention.ts';
import { type History, type Stream, startOf } from '../domain/history.ts';
import { absUrl, arxivIdOf, type Paper } from '../domain/paper.ts';
import type { Signal } from '../domain/signal.ts';
import { type Sparkline, sparklineOf } from '../domain/sparkline.ts';

export type PaperStory = {
  readonly spark?: Sparkline;
  /** Of its code. */
  readonly stars?: number;
  /** Where people talk about it. */
  readonly discussion?: string;
};

export const tellStory = (db: Db, paper: Paper, asOf: Date): PaperStory => {
  const signals = listSignals(db, paper.id, asOf);
  const streams = streamsOf(signals);
  const until = asOf.getTime();
  const spark = sparklineOf(streams, startOf(historyOf(paper, signals, streams), until), until);
  const stars = readAttention(streams, until)['github-stars']?.total;
  const discussion = discussionOf(paper, signals, until);
  return {
    ...(spark && { spark }),
    ...(stars !== undefined && { stars }),
    ...(discussion !== undefined && { discussion }),
  };
};

const streamsOf = (signals: readonly Signal[]): readonly Stream[] => {
  const streams = new Map<
    string,
    { kind: Stream['kind']; looks: { at: number; value: number }[] }
  >();
  for (const { source, kind, observedAt, value } of signals) {
    const name = `${kind} ${source}`;
    const stream = streams.get(name) ?? { kind, looks: [] };
    streams.set(name, stream);
    stream.looks.push({ at: observedAt.getTime(), value });
  }
  return [...streams.values()];
};

const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);

const historyOf = (
  paper: Paper,
  signals: readonly Signal[],
  streams: readonly Stream[],
): History => {
  const dated = paper.listedOn ?? paper.featuredOn;
  return {
    id: paper.id,
    datedAt: dated === undefined ? paper.publishedAt?.getTime() : midnight(dated),
    featuredAt: paper.featuredOn === undefined ? undefined : midnight(paper.featuredOn),
    sightings: signals.flatMap(({ observedAt, listedOn }) =>
      listedOn === undefined ? [] : [{ at: observedAt.getTime(), listedAt: midnight(listedOn) }],
    ),
    streams,
  };
};

const forums: Readonly<Record<string, (arxivId: string) => string>> = {
  huggingface: (id) => `https://huggingface.co/papers/${id}`,
  // No source tells the thread's own number; the search shows it alone.
  hackernews: (id) => `https://hn.algolia.com/?query=${encodeURIComponent(absUrl(id))}`,
};

/** The forum a source has seen the paper in, the one with most comments first. */
const discussionOf = (
  paper: Paper,
  signals: readonly Signal[],
  until: number,
): string | undefined => {
  const arxivId = arxivIdOf(paper);
  if (arxivId === undefined) return undefined;
  const seen = Object.keys(forums).flatMap((source) => {
    const own = signals.filter((signal) => signal.source === source);
    const attention: Attention = readAttention(streamsOf(own), until);
    const featured = source === 'huggingface' && paper.featuredOn !== undefined;
    const known = own.length > 0 || featured;
    return known ? [{ source, comments: attention.comments?.total ?? 0 }] : [];
  });
  const [best] = seen.sort((a, b) => b.comments - a.comments);
  return best && forums[best.source]?.(arxivId);
};
