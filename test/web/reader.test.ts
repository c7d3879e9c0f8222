import { describe, expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { email, fake, settings, tokens } from './fakes.ts';

const form = (fields: Readonly<Record<string, string>>) => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});

const tokenPaths = [
  `/confirm/${tokens.confirm}`,
  `/manage/${tokens.manage}`,
  `/manage/${tokens.manage}/data.json`,
  `/unsubscribe/${tokens.unsubscribe}`,
  '/digests/d1gest',
];

describe('the links in a reader’s mails', () => {
  it.each(tokenPaths)('%s is kept by no cache and told to no other site', async (path) => {
    const response = await createWeb(fake().deps).request(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('x-robots-tag')).toContain('noindex');
  });

  it.each(tokenPaths)('GET and HEAD of %s change nothing', async (path) => {
    const { deps, changes } = fake();
    const web = createWeb(deps);
    await web.request(path);
    const head = await web.request(path, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    expect(changes).toEqual([]);
  });

  it.each([
    ['GET', '/confirm/'],
    ['POST', '/confirm/'],
    ['GET', '/manage/'],
    ['POST', '/manage/'],
    ['GET', '/unsubscribe/'],
    ['POST', '/unsubscribe/'],
    ['GET', '/digests/'],
  ])('%s %s with a wrong token is the same 404, whatever the token', async (method, path) => {
    const { deps, changes } = fake();
    const web = createWeb(deps);
    const bodies = new Set<string>();
    for (const token of ['wrong', tokens.feed, '__proto__', 'x'.repeat(4000), '%00', '..%2f..']) {
      const response = await web.request(path + token, { method });
      expect(response.status).toBe(404);
      bodies.add(await response.text());
    }
    expect(bodies.size).toBe(1);
    expect(changes).toEqual([]);
  });

  it('say after that that all is done, or why no mail comes', async () => {
    const state = fake();
    const page = async () =>
      (await createWeb(state.deps).request(`/confirm/${tokens.confirm}`)).text();
    expect(await page()).toContain('You are subscribed already');
    expect(await page()).not.toContain('<form method="post" action="/confirm');
    state.status = 'unsubscribed';
    expect(await page()).toContain('<form method="post" action="/confirm');
    state.status = 'active';
    state.suppressed = true;
    expect(await page()).toContain('is not mailed');
    const settings = await createWeb(state.deps).request(`/manage/${tokens.manage}`);
    expect(await settings.text()).toContain('nothing is sent there');
  });

  it('confirm by a button, and lead on to the settings', async () => {
    const state = fake();
    state.status = 'unconfirmed';
    const { deps, changes } = state;
    const web = createWeb(deps);
    const page = await (await web.request(`/confirm/${tokens.confirm}`)).text();
    expect(page).toContain(email);
    expect(page).toContain(`<form method="post" action="/confirm/${tokens.confirm}">`);
    const done = await web.request(`/confirm/${tokens.confirm}`, { method: 'POST' });
    expect(done.status).toBe(200);
    expect(await done.text()).toContain(`/manage/${tokens.manage}`);
    expect(changes).toEqual([['confirm']]);
  });

  it('accept the post of their own page, whose origin is null, and refuse other sites', async () => {
    const web = createWeb(fake().deps);
    const confirm = (headers: Readonly<Record<string, string>>) =>
      web.request(`/confirm/${tokens.confirm}`, { method: 'POST', headers });
    expect((await confirm({ origin: 'null' })).status).toBe(200);
    expect((await confirm({ origin: 'null', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await confirm({ origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('unsubscribing', () => {
  const path = `/unsubscribe/${tokens.unsubscribe}`;
  const multipart = () => {
    const body = new FormData();
    body.append('List-Unsubscribe', 'One-Click');
    return body;
  };

  it.each([
    ['urlencoded', () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })],
    ['multipart', multipart],
    ['empty', () => undefined],
  ])('acts at once on a %s post from anywhere, twice, without a redirect', async (_, body) => {
    const { deps, changes } = fake();
    const web = createWeb(deps);
    for (let n = 0; n < 2; n += 1) {
      const headers = { origin: 'https://mail.example', 'sec-fetch-site': 'cross-site' };
      const response = await web.request(path, { method: 'POST', body: body() ?? null, headers });
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('You are unsubscribed');
    }
    expect(changes).toEqual([
      ['unsubscribe', 'one-click'],
      ['unsubscribe', 'one-click'],
    ]);
  });

  it('shows a page with a button to a person', async () => {
    const page = await (await createWeb(fake().deps).request(path)).text();
    expect(page).toContain(`<form method="post" action="${path}">`);
  });
});

describe('who has left', () => {
  const paths = [
    `/unsubscribe/${tokens.unsubscribe}`,
    `/manage/${tokens.manage}`,
    `/confirm/${tokens.confirm}`,
  ];
  const gone = () => Object.assign(fake(), { status: 'unsubscribed' as const });

  it.each(paths)('finds one button at %s, which brings them back at once', async (path) => {
    const { deps, changes } = gone();
    const web = createWeb(deps);
    const page = await (await web.request(path)).text();
    expect(page).toContain('<button type="submit">Subscribe again</button>');
    expect(page).not.toMatch(/>(Unsubscribe|Save|Preview|Confirm)</);
    expect(changes).toEqual([]);
    const done = await (await web.request(path, form({ intent: 'again' }))).text();
    expect(done).toContain('You are subscribed');
    expect(changes).toEqual([['subscribeAgain', path.split('/')[1]]]);
    // The address in a mail's header is seen by more than its reader: it opens no settings.
    expect(done.includes(tokens.manage)).toBe(path.startsWith('/manage'));
  });

  it('is told by a link to confirm that it confirms nothing, before a button is pressed and after', async () => {
    const { deps, changes } = gone();
    const web = createWeb({ ...deps, confirm: () => ({ kind: 'invalid' }) });
    const path = `/confirm/${tokens.confirm}`;
    for (const answer of [await web.request(path), await web.request(path, form({}))]) {
      expect(await answer.text()).toContain('<h1>You have left</h1>');
    }
    expect((await web.request(path, form({}))).status).toBe(409);
    expect(changes).toEqual([]);
  });

  it('finds it right after leaving, too', async () => {
    const page = await createWeb(fake().deps).request(paths[0] ?? '', form({ by: 'page' }));
    expect(await page.text()).toContain('Subscribe again</button>');
  });

  it.each(paths)('is told at %s when their address is suppressed', async (path) => {
    const { deps, changes } = Object.assign(gone(), { suppressed: true });
    const web = createWeb(deps);
    const page = await (await web.request(path)).text();
    expect(page).toContain('cannot be subscribed again from here');
    expect(page).not.toContain('Subscribe again');
    expect((await web.request(path, form({ intent: 'again' }))).status).toBe(409);
    expect(changes).toEqual([]);
  });

  it.each(paths)('is not brought back at %s by another site', async (path) => {
    const { deps, changes } = gone();
    const headers = { 'sec-fetch-site': 'cross-site' };
    const post = { ...form({ intent: 'again' }), headers };
    expect((await createWeb(deps).request(path, post)).status).toBe(403);
    expect(changes).toEqual([]);
  });
});

describe('the settings page', () => {
  const path = `/manage/${tokens.manage}`;
  const same = {
    intent: 'save',
    queries: 'moss',
    frequency: 'weekly',
    weekday: 'thu',
    hour: '7',
    timeZone: 'Europe/Berlin',
    papers: '5',
  };
  const body = (topics: readonly string[], over: Readonly<Record<string, string>> = {}) => {
    const fields = new URLSearchParams({ ...same, ...over });
    for (const topic of topics) fields.append('topics', topic);
    return { method: 'POST', body: fields };
  };

  it('shows what is set', async () => {
    const page = await (await createWeb(fake().deps).request(path)).text();
    expect(page).toContain('value="tides" checked');
    expect(page).toContain('moss</textarea>');
    expect(page).toContain('value="weekly" checked');
    expect(page).toContain('<option value="thu" selected>');
    expect(page).toContain('<option selected>Europe/Berlin');
    expect(page).toContain(`/feeds/${tokens.feed}.xml`);
    expect(page).toContain(`/unsubscribe/${tokens.unsubscribe}`);
    expect(page).not.toContain('data-zone');
  });

  it('saves, and keeps the order of the topics the reader keeps', async () => {
    const { deps, changes } = fake();
    const web = createWeb(deps);
    const response = await web.request(path, body(['gardens', 'cs.CL', 'tides']));
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`${path}?saved`);
    const topics = ['tides', 'gardens', 'query:moss', 'cs.CL'];
    expect(changes).toEqual([['changeSettings', { ...settings, topics }, undefined]]);
    expect(await (await web.request(`${path}?saved`)).text()).toContain('Saved.');
  });

  it('previews the settings as typed, without what the reader has had, and saves nothing', async () => {
    const asked: unknown[] = [];
    const { deps, changes } = fake({
      previewDigest: (...given) => {
        asked.push(given);
        return { papers: [] };
      },
    });
    const response = await createWeb(deps).request(path, body(['tides'], { intent: 'preview' }));
    const text = await response.text();
    expect(text).toContain('Nothing new in these topics');
    expect(text).not.toContain('value="gardens" checked');
    expect(asked).toEqual([
      [expect.objectContaining({ topics: ['tides', 'query:moss'] }), tokens.manage],
    ]);
    expect(changes).toEqual([]);
  });

  it('tells what is wrong and saves nothing', async () => {
    const { deps, changes } = fake();
    const response = await createWeb(deps).request(path, body(['tides'], { papers: '0' }));
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('number of papers from 1 to 30');
    expect(changes).toEqual([]);
  });

  it('tells the button on our own page from a one-click', async () => {
    const { deps, changes } = fake();
    const page = `/unsubscribe/${tokens.unsubscribe}`;
    const web = createWeb(deps);
    expect(await (await web.request(page)).text()).toContain('name="by" value="page"');
    await web.request(page, form({ by: 'page' }));
    expect(changes).toEqual([['unsubscribe', 'page']]);
  });

  it('pauses and resumes with the settings as they are', async () => {
    const { deps, changes } = fake();
    const web = createWeb(deps);
    await web.request(path, form({ intent: 'pause', for: 'two-weeks' }));
    await web.request(path, form({ intent: 'pause', for: 'an age' }));
    await web.request(path, form({ intent: 'resume' }));
    expect(changes).toEqual([
      ['pause', 'two-weeks'],
      ['pause', undefined],
      ['changeSettings', settings, 'active'],
    ]);
  });

  it('erases everything, but only when the reader says they are sure', async () => {
    const { deps, changes } = fake();
    const web = createWeb(deps);
    expect((await web.request(path, form({ intent: 'erase' }))).status).toBe(303);
    expect(changes).toEqual([]);
    const done = await web.request(path, form({ intent: 'erase', sure: 'yes' }));
    expect(await done.text()).toContain('All erased');
    expect(changes).toEqual([['eraseReader']]);
  });

  it('gives the reader all that is kept about them', async () => {
    const response = await createWeb(fake().deps).request(`${path}/data.json`);
    expect(response.headers.get('content-disposition')).toContain('attachment');
    expect(await response.json()).toMatchObject({ email });
  });

  it('answers an unknown intent by 400', async () => {
    const { deps, changes } = fake();
    expect((await createWeb(deps).request(path, form({ intent: 'fly' }))).status).toBe(400);
    expect(changes).toEqual([]);
  });
});
