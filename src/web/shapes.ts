/** What the API answers, as its OpenAPI document says it; the tests hold every answer against it. */
import { z } from 'zod';

/** Shapes with a name of their own in the document. */
export const shapes = z.registry<{ id: string }>();

const named = <T extends z.ZodType>(id: string, shape: T): T => {
  shapes.add(shape, { id });
  return shape;
};

const day = z.string().meta({ format: 'date' });
const instant = z.string().meta({ format: 'date-time' });
const url = z.string().meta({ format: 'uri' });
const count = z.int().min(0);
const rank = z.int().min(1);

const paperFields = {
  id: z.string().describe('An arXiv id without version, or `title:` and a slug'),
  arxivId: z.string().nullable(),
  title: z.string(),
  authors: z.array(z.string()),
  categories: z.array(z.string()).describe('arXiv categories, primary first'),
  publishedAt: instant.nullable(),
  listedOn: day.nullable(),
  url: url.nullable(),
  pdfUrl: url.nullable(),
  codeUrl: url.nullable(),
};

const part = named(
  'ScorePart',
  z.object({ name: z.string(), value: z.string(), points: z.number() }),
);
const paper = named('Paper', z.object(paperFields));
const ranked = named(
  'RankedPaper',
  z.object({ rank, ...paperFields, score: z.number(), parts: z.array(part) }),
);

export const failure = named(
  'Failure',
  z.object({
    error: z.object({
      message: z.string(),
      position: count.describe('The character of a query at which it goes wrong').optional(),
    }),
  }),
);

export const trendingAnswer = named(
  'Trending',
  z.object({
    asOf: instant,
    rankedAt: instant.describe('What the list speaks for: the last news when sources are silent'),
    papers: z.array(ranked),
  }),
);

export const searchAnswer = named(
  'Search',
  z.object({
    papers: z.array(z.object({ rank, ...paperFields, score: z.number() })),
    hints: z
      .object({
        didYouMean: z.string().optional(),
        wouldMatch: z.array(z.object({ query: z.string(), papers: count })),
      })
      .optional(),
  }),
);

export const topicsAnswer = named(
  'Topics',
  z.object({
    topics: z.array(
      z.object({
        slug: z.string(),
        name: z.string(),
        description: z.string(),
        group: z.string(),
        kind: z.enum(['category', 'theme']),
        query: z.string(),
        papers: count,
      }),
    ),
  }),
);

export const previewAnswer = named(
  'TopicWeek',
  z.object({ name: z.string(), until: instant, papers: count, best: z.array(ranked) }),
);

export const paperAnswer = named(
  'PaperView',
  z.object({
    ...paperFields,
    abstract: z.string(),
    comment: z.string().nullable(),
    summary: z.object({ text: z.string(), by: z.string() }).nullable(),
    trending: z.object({ rank, score: z.number(), parts: z.array(part) }).nullable(),
    signals: z.array(
      z.object({ source: z.string(), kind: z.string(), observedAt: instant, value: z.number() }),
    ),
    similar: z.array(paper),
    editions: z.array(day),
  }),
);

export const editionsAnswer = named(
  'Editions',
  z.object({ editions: z.array(z.object({ date: day, publishedAt: instant, papers: count })) }),
);

export const editionAnswer = named(
  'Edition',
  z.object({
    date: day,
    publishedAt: instant,
    lists: z.array(z.object({ topic: z.string(), papers: z.array(ranked) })),
  }),
);

const dailyHead = {
  publishedAt: instant.optional(),
  title: z.string(),
  summary: z.string().describe('The abstract'),
};

export const dailyAnswer = named(
  'DailyPapers',
  z.array(
    z.object({
      paper: z.object({
        id: z.string(),
        authors: z.array(z.object({ name: z.string(), hidden: z.boolean() })),
        ...dailyHead,
        submittedOnDailyAt: instant.optional(),
        upvotes: count,
        githubRepo: url.optional(),
        githubStars: count.optional(),
        ai_summary: z.string().optional(),
        ai_keywords: z.array(z.string()).optional(),
        organization: z.object({ fullname: z.string() }).optional(),
      }),
      ...dailyHead,
      numComments: count,
      isAuthorParticipating: z.boolean(),
    }),
  ),
);
