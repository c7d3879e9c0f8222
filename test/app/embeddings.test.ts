import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embedNewPapers } from '../../src/app/embed.ts';
import { refreshMeaning } from '../../src/app/meaning-learn.ts';
import { rankCorpus } from '../../src/app/ranking.ts';
import { searchPapers, similarPapers } from '../../src/app/search.ts';
import { previewWeek } from '../../src/app/topic-week.ts';
import { parseConfig } from '../../src/config.ts';
import type { Db } from '../../src/db/open.ts';
import { addPapers, at, openCorpus, paperOf } from './meaning-corpus.ts';

type Request = { path: string; key: string | undefined; model: string; input: string[] };

let db: Db;
let server: Server;
let requests: Request[];
let answer: (input: readonly string[]) => { status: number; body: unknown };

// The one thing this endpoint knows of a text is the number in its title.
const vectorOf = (text: string): number[] => [1, Number(/[a-z](\d+)\b/.exec(text)?.[1] ?? 0) / 10];

const good = (input: readonly string[]) => ({
  status: 200,
  body: {
    object: 'list',
    model: 'tiny',
    data: input
      .map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }))
      .reverse(),
    usage: { prompt_tokens: 1, total_tokens: 1 },
  },
});

beforeEach(async () => {
  db = openCorpus();
  refreshMeaning(db);
  requests = [];
  answer = good;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { model, input } = JSON.parse(Buffer.concat(chunks).toString());
      requests.push({ path: request.url ?? '', key: request.headers.authorization, model, input });
      const { status, body } = answer(input);
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  db.$client.close();
  await new Promise((resolve) => server.close(resolve));
});

const endpoint = () => ({
  url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
  model: 'tiny',
  key: 'sesame',
});
const { signal } = new AbortController();
const search = () => {
  const outcome = searchPapers(db, 'bees', 40);
  return outcome.kind === 'ok' ? outcome.papers : [];
};

describe('an embeddings endpoint', () => {
  it('is asked once a paper, in batches, with the key', async () => {
    expect(await embedNewPapers(db, endpoint(), signal)).toBe(120);
    expect(requests).toHaveLength(2);
    expect(requests[0]).toMatchObject({
      path: '/v1/embeddings',
      key: 'Bearer sesame',
      model: 'tiny',
    });
    expect(await embedNewPapers(db, endpoint(), signal)).toBe(0);
    addPapers(db, [paperOf('tides', 55)]);
    expect(await embedNewPapers(db, endpoint(), signal)).toBe(1);
  });

  it('has a say in the order of what is found, and none in what is', async () => {
    const before = search();
    await embedNewPapers(db, endpoint(), signal);
    const after = search();
    expect(after.map((hit) => hit.paper.id)).not.toEqual(before.map((hit) => hit.paper.id));
    expect(after.map((hit) => hit.paper.id).sort()).toEqual(
      before.map((hit) => hit.paper.id).sort(),
    );
    expect(after.every((hit) => hit.score >= 0 && hit.score <= 1)).toBe(true);
    expect(similarPapers(db, paperOf('bread', 7).id, 5)).toHaveLength(5);
  });

  it('that fails or answers nonsense changes nothing', async () => {
    const before = search();
    const bad = [
      { status: 500, body: {} },
      { status: 200, body: { data: 'no' } },
      { status: 200, body: { data: [{ index: 0, embedding: [1] }] } },
    ];
    for (const reply of bad) {
      answer = () => reply;
      await expect(embedNewPapers(db, endpoint(), signal)).rejects.toThrow();
    }
    expect(search()).toEqual(before);
  });

  it('that never answers holds up no digest, and ends with the service', async () => {
    const asked = new Promise<void>((resolve) => {
      server.removeAllListeners('request');
      server.on('request', () => resolve());
    });
    const stopping = new AbortController();
    const embedding = embedNewPapers(db, endpoint(), stopping.signal);
    const outcome = embedding.then(
      () => 'done',
      () => 'given up',
    );
    await asked;
    // In the very process that waits for the endpoint.
    expect(search()).toHaveLength(40);
    expect(previewWeek(db, rankCorpus(db, at), { query: 'bees' }, 3)).toMatchObject({ kind: 'ok' });
    stopping.abort();
    server.closeAllConnections();
    expect(await outcome).toBe('given up');
  });

  it('replaces the vectors of another model', async () => {
    await embedNewPapers(db, endpoint(), signal);
    expect(await embedNewPapers(db, { ...endpoint(), model: 'other' }, signal)).toBe(120);
    const models = db.$client.prepare('select distinct model from paper_embeddings').pluck().all();
    expect(models).toEqual(['other']);
  });

  it('needs an address and a model', () => {
    expect(parseConfig({ EMBEDDINGS_URL: 'http://localhost:1/v1' }).kind).toBe('invalid');
    const parsed = parseConfig({ EMBEDDINGS_URL: 'http://localhost:1/v1', EMBEDDINGS_MODEL: 'm' });
    expect(parsed.kind === 'ok' && parsed.config.embeddings).toEqual({
      url: 'http://localhost:1/v1',
      model: 'm',
    });
  });
});
