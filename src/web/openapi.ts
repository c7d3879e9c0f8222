/** The API's description, OpenAPI 3.1, made from the same schemas that check what is asked. */
import { z } from 'zod';
import { dailyQuery, searchQuery, trendingQuery } from './queries.ts';
import * as shape from './shapes.ts';

type Operation = {
  readonly summary: string;
  readonly query?: z.ZodType;
  /** Parameters in the path, and what they are. */
  readonly path?: Readonly<Record<string, string>>;
  readonly answer: z.ZodType;
  /** Besides 200. */
  readonly fails: readonly (400 | 404 | 429)[];
};

const operations: Readonly<Record<string, Operation>> = {
  '/api/trending': {
    summary: 'What is trending now in everything, a topic or a query, best first',
    query: trendingQuery,
    answer: shape.trendingAnswer,
    fails: [400, 404, 429],
  },
  '/api/search': {
    summary: 'Papers by relevance alone',
    query: searchQuery,
    answer: shape.searchAnswer,
    fails: [400, 429],
  },
  '/api/topics': {
    summary: 'The catalogue of topics',
    answer: shape.topicsAnswer,
    fails: [],
  },
  '/api/topics/{slug}/preview': {
    summary: 'What a topic brought in the last seven days',
    path: { slug: 'A topic’s slug, or `query:` and a query' },
    answer: shape.previewAnswer,
    fails: [400, 404, 429],
  },
  '/api/papers/{id}': {
    summary: 'One paper with its attention over time, similar papers and editions',
    path: { id: 'An arXiv id, its slash as it is, or `title:` and a slug' },
    answer: shape.paperAnswer,
    fails: [404],
  },
  '/api/editions': {
    summary: 'The days on which an edition was published',
    answer: shape.editionsAnswer,
    fails: [],
  },
  '/api/editions/{date}': {
    summary: 'What was trending on a day, by topic',
    path: { date: 'A day, YYYY-MM-DD, UTC' },
    answer: shape.editionAnswer,
    fails: [404],
  },
  '/api/daily_papers': {
    summary:
      'Papers featured on a day, or last, or trending now, in the shape of Hugging Face’s daily papers',
    query: dailyQuery,
    answer: shape.dailyAnswer,
    fails: [400],
  },
};

const reasons = {
  400: 'The request is wrong',
  404: 'There is no such thing',
  429: 'Too many searches; `Retry-After` says when, in seconds',
} as const;

const reference = (answer: z.ZodType) => ({
  $ref: `#/components/schemas/${shape.shapes.get(answer)?.id}`,
});

const answerOf = (description: string, answer: z.ZodType) => ({
  description,
  content: { 'application/json': { schema: reference(answer) } },
});

const queryParameters = (query: z.ZodType): readonly object[] => {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'output' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    // What has a default is always there once it is parsed, and need not be asked for.
    required: required.includes(name) && !(typeof schema === 'object' && 'default' in schema),
    schema,
  }));
};

const describeOperation = ({ summary, query, path, answer, fails }: Operation) => ({
  get: {
    summary,
    parameters: [
      ...Object.entries(path ?? {}).map(([name, description]) => ({
        ...{ name, in: 'path', required: true, description, schema: { type: 'string' } },
      })),
      ...(query ? queryParameters(query) : []),
    ],
    responses: {
      200: answerOf('The answer', answer),
      ...Object.fromEntries(
        fails.map((status) => [status, answerOf(reasons[status], shape.failure)]),
      ),
    },
  },
});

/** The whole document. */
export const describeApi = (service: { readonly baseUrl: string; readonly version: string }) => {
  const { schemas } = z.toJSONSchema(shape.shapes, {
    io: 'output',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Paperboy',
      version: service.version,
      description: 'Trending research papers. No key is needed; all reads are of what pages show.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: service.baseUrl }],
    paths: Object.fromEntries(
      Object.entries(operations).map(([path, operation]) => [path, describeOperation(operation)]),
    ),
    components: {
      schemas: Object.fromEntries(
        // The document says for all of them by which dialect they are written, and where they are.
        Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
      ),
    },
  };
};
