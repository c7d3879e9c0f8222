import { describe, expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { fake, tokens } from './fakes.ts';

const post = (fields: Readonly<Record<string, string>>, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body: new URLSearchParams(fields),
  headers,
});
const path = `/react/${tokens.react}/2603.10001`;

describe('the links beside a paper of a mail', () => {
  it.each(['', '?say=more', '?say=less', '?say=mute', '?say=<b>'])(
    'GET with "%s" shows buttons, kept by no cache, and changes nothing',
    async (query) => {
      const { deps, changes } = fake();
      const response = await createWeb(deps).request(path + query);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      const body = await response.text();
      for (const words of [
        'More like this',
        'Less like this',
        'Everything in cs.CL',
        'Slow Gardens',
      ])
        expect(body).toContain(words);
      expect(body).not.toContain('<b>');
      expect(changes).toEqual([]);
    },
  );

  it('POST acts, and what was said can be taken back', async () => {
    const { deps, changes } = fake();
    const web = createWeb(deps);
    const done = await web.request(path, post({ say: 'less' }));
    expect(done.status).toBe(303);
    expect(done.headers.get('location')).toBe(`${path}?say=done`);
    const after = await (await web.request(`${path}?say=done`)).text();
    expect(after).toContain('You wanted less like this.');
    expect(after).toContain('Undo');
    await web.request(path, post({ say: 'none' }));
    await web.request(path, post({ say: 'mute', term: ' moss ' }));
    expect(await (await web.request(path)).text()).toContain('Undo: muted');
    await web.request(path, post({ say: 'unmute', term: 'moss' }));
    expect(changes.map(([, , feedback]) => feedback)).toEqual([
      { kind: 'less' },
      { kind: 'none' },
      { kind: 'mute', term: 'moss' },
      { kind: 'unmute', term: 'moss' },
    ]);
  });

  it('name what may be muted in words, not in the query language', async () => {
    const shown = fake();
    shown.muted = ['author:"Ada Example"', 'moss'];
    const body = await (await createWeb(shown.deps).request(path)).text();
    for (const label of ['Papers by Ada Example', 'Everything in cs.CL', 'Papers with moss'])
      expect(body).toContain(`<span>${label}</span>`);
    expect(body).toContain('aria-label="Undo: muted: Papers by Ada Example"');
    expect(body).not.toContain('<code>');
  });

  it('take old ids with a slash', async () => {
    const { deps, changes } = fake();
    const old = `/react/${tokens.react}/cs/0112017`;
    expect((await createWeb(deps).request(old)).status).toBe(200);
    await createWeb(deps).request(old, post({ say: 'more' }));
    expect(changes).toEqual([['giveFeedback', 'cs/0112017', { kind: 'more' }]]);
  });

  it('say what is wrong with a term that cannot be muted', async () => {
    const { deps } = fake();
    const response = await createWeb(deps).request(path, post({ say: 'mute', term: '"' }));
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('the phrase does not end');
  });

  it.each([
    ['nothing', {}],
    ['something else', { say: 'love' }],
    ['no term', { say: 'mute', term: ' ' }],
    ['an endless term', { say: 'mute', term: 'x'.repeat(201) }],
  ] as const)('refuse %s', async (_, fields) => {
    const { deps, changes } = fake();
    expect((await createWeb(deps).request(path, post({ ...fields }))).status).toBe(400);
    expect(changes).toEqual([]);
  });

  it('refuse a post from another site', async () => {
    const { deps, changes } = fake();
    const from = { 'sec-fetch-site': 'cross-site' };
    const response = await createWeb(deps).request(path, post({ say: 'less' }, from));
    expect(response.status).toBe(403);
    expect(changes).toEqual([]);
  });

  it.each(['wrong/2603.10001', `${tokens.manage}/2603.10001`, `${tokens.react}/none`, 'wrong'])(
    'lead nowhere as %s',
    async (rest) => {
      const { deps, changes } = fake();
      const web = createWeb(deps);
      expect((await web.request(`/react/${rest}`)).status).toBe(404);
      expect((await web.request(`/react/${rest}`, post({ say: 'less' }))).status).toBe(404);
      expect(changes).toEqual([]);
    },
  );
});
