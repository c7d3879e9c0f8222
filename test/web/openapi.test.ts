import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { fake } from './fakes.ts';

const web = createWeb(fake().deps);
const response = await web.request('/api/openapi.json');
// biome-ignore lint/suspicious/noExplicitAny: the document is looked into everywhere
const document = (await response.json()) as any;

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
ajv.addSchema({ $id: 'api', components: document.components });

/** What is wrong with a body as the document describes it. */
const faultsOf = (body: unknown, schema: { $ref: string }): unknown => {
  ajv.validate({ $ref: `api${schema.$ref}` }, body);
  return ajv.errors;
};

const schemaFor = (path: string, status: number): { $ref: string } =>
  document.paths[path].get.responses[status].content['application/json'].schema;

describe('the API’s description', () => {
  it('is OpenAPI 3.1', async () => {
    const outcome = await new Validator().validate(document);
    expect(outcome.errors ?? []).toEqual([]);
    expect(outcome.valid).toBe(true);
    expect(document.openapi).toBe('3.1.0');
  });

  it('names every route of the API', () => {
    const routes = web.routes
      .filter(({ method, path }) => method === 'GET' && path.startsWith('/api/'))
      .map(({ path }) => path.replace(/:(\w+)(?:\{\.\+\})?/g, '{$1}'))
      .filter((path) => path !== '/api/openapi.json');
    expect(Object.keys(document.paths).sort()).toEqual([...new Set(routes)].sort());
  });

  it.each([
    ['/api/trending', '/api/trending?topic=tides&limit=2'],
    ['/api/search', '/api/search?q=tides'],
    ['/api/topics', '/api/topics'],
    ['/api/topics/{slug}/preview', '/api/topics/tides/preview'],
    ['/api/papers/{id}', '/api/papers/2603.10001'],
    ['/api/papers/{id}', '/api/papers/cs/0112017'],
    ['/api/papers/{id}', '/api/papers/title:a-paper-known-by-its-title'],
    ['/api/editions', '/api/editions'],
    ['/api/editions/{date}', '/api/editions/2026-03-19'],
    ['/api/daily_papers', '/api/daily_papers?date=2026-03-19'],
  ])('%s describes what %s answers', async (path, address) => {
    const answer = await web.request(address);
    expect(answer.status).toBe(200);
    expect(faultsOf(await answer.json(), schemaFor(path, 200))).toBeNull();
  });

  it.each([
    ['/api/trending', '/api/trending?limit=0', 400],
    ['/api/trending', '/api/trending?q=moss+(fern', 400],
    ['/api/trending', '/api/trending?topic=nowhere', 404],
    ['/api/search', '/api/search', 400],
    ['/api/topics/{slug}/preview', '/api/topics/nowhere/preview', 404],
    ['/api/papers/{id}', '/api/papers/2603.99999', 404],
    ['/api/editions/{date}', '/api/editions/tomorrow', 404],
    ['/api/daily_papers', '/api/daily_papers?date=2026-02-30', 400],
    ['/api/daily_papers', '/api/daily_papers?limit=101&sort=mood&p=-1', 400],
  ] as const)('%s describes how %s fails by %d', async (path, address, status) => {
    const answer = await web.request(address);
    expect(answer.status).toBe(status);
    expect(faultsOf(await answer.json(), schemaFor(path, status))).toBeNull();
  });

  it('would tell a body that is not as described', () => {
    expect(faultsOf({ asOf: 'today', papers: [] }, schemaFor('/api/trending', 200))).not.toBeNull();
    expect(faultsOf({ error: 'text' }, schemaFor('/api/trending', 400))).not.toBeNull();
  });

  it('tells a parameter’s range and what it is when left out', () => {
    const limit = document.paths['/api/trending'].get.parameters.find(
      ({ name }: { name: string }) => name === 'limit',
    );
    expect(limit).toMatchObject({
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 200, default: 10 },
    });
    const [q] = document.paths['/api/search'].get.parameters;
    expect(q).toMatchObject({ name: 'q', required: true, schema: { maxLength: 500 } });
  });
});
