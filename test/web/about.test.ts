import { describe, expect, it } from 'vitest';
import { bookmarklet } from '../../src/web/pages/embed.ts';
import { createWeb } from '../../src/web/routes.ts';
import { email, fake } from './fakes.ts';

const get = async (path: string) => (await createWeb(fake().deps).request(path)).text();

describe('a form on another site', () => {
  const foreign = { origin: 'https://lab.example', 'sec-fetch-site': 'cross-site' };

  it('subscribes nobody, and comes up filled in to be sent from here', async () => {
    const { deps, changes } = fake();
    const web = createWeb(deps);
    const body = new URLSearchParams({ email, topics: 'tides', website: '' });
    const response = await web.request('/subscribe', { method: 'POST', body, headers: foreign });
    const text = await response.text();
    expect(response.status).toBe(403);
    expect(changes).toEqual([]);
    expect(text).toContain('You come from a form on another site');
    expect(text).toContain(`value="${email}"`);
    expect(text).toContain('value="tides" checked');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const again = await web.request('/subscribe', { method: 'POST', body });
    expect(again.status).toBe(200);
    expect(changes).toHaveLength(1);
  });

  it('is offered for copying, for the topic chosen, and never for a reader’s own query', async () => {
    const text = await get('/embed?topic=gardens');
    expect(text).toContain(
      '&lt;form action=&quot;http://127.0.0.1/subscribe&quot; method=&quot;post&quot;&gt;',
    );
    expect(text).toContain('name=&quot;topics&quot; value=&quot;gardens&quot;');
    expect(await get('/embed?topic=own-7')).toContain(
      'name=&quot;topics&quot; value=&quot;all&quot;',
    );
    expect(text).not.toContain('secret wish');
  });
});

describe('the bookmark', () => {
  /** Where it leads from a page, run as a browser would run it. */
  const leadFrom = (href: string, title: string, selected = ''): string => {
    const location = { href };
    const code = bookmarklet('https://papers.example').replace(/^javascript:/, '');
    const run = new Function('location', 'document', 'getSelection', code);
    run(location, { title }, () => selected);
    return location.href;
  };

  it.each([
    ['https://arxiv.org/abs/2603.10001v2', '2603.10001'],
    ['https://arxiv.org/pdf/2603.10001', '2603.10001'],
    ['https://arxiv.org/abs/cs/0112017', 'cs%2F0112017'],
    ['https://arxiv.org/abs/math.GT/0309136', 'math.GT%2F0309136'],
    ['https://papers.other.example/2603.10001', '2603.10001'],
  ])('on %s looks up that paper', (href, id) => {
    expect(leadFrom(href, 'A title')).toBe(`https://papers.example/papers?q=${id}`);
  });

  it('elsewhere searches for what is selected, else for the title', () => {
    const href = 'https://lab.example/blog';
    expect(leadFrom(href, 'Moss & fern')).toBe('https://papers.example/papers?q=Moss%20%26%20fern');
    expect(leadFrom(href, 'Moss', ' tides ')).toBe('https://papers.example/papers?q=tides');
  });
});

describe('what is said of the service', () => {
  it.each([
    ['/trending-explained', 'further upvotes expected'],
    ['/privacy', 'no cookies'],
  ])('%s is there, and linked from every page', async (path, words) => {
    expect(await get(path)).toContain(words);
    expect(await get('/nothing')).toContain(`href="${path}"`);
  });

  it('a page that is not there helps to find what was meant', async () => {
    expect(await get('/papers/2603.99999v1')).toContain('href="https://arxiv.org/abs/2603.99999"');
    expect(await get('/diffusion-models')).toContain('value="diffusion models"');
    expect(await get(`/feeds/${'a1'.repeat(16)}`)).not.toContain('a1a1');
  });
});
