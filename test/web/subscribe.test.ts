import { describe, expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { email, fake, now, settings } from './fakes.ts';

const good = {
  email,
  topics: 'tides',
  queries: '',
  frequency: 'daily',
  weekday: 'mon',
  hour: '7',
  timeZone: 'Europe/Berlin',
  papers: '5',
};

const post = (
  web: ReturnType<typeof createWeb>,
  fields: Readonly<Record<string, string>> | URLSearchParams = good,
  headers: Readonly<Record<string, string>> = {},
) => web.request('/subscribe', { method: 'POST', body: new URLSearchParams(fields), headers });

describe('subscribing', () => {
  it('hands over the settings as chosen', async () => {
    const { deps, changes } = fake();
    const fields = new URLSearchParams({ ...good, frequency: 'weekly', weekday: 'thu' });
    fields.append('topics', 'gardens');
    fields.set('queries', ' moss \r\n\r\nmoss');
    fields.set('email', ' Reader@EXAMPLE.org ');
    const response = await post(createWeb(deps), fields);
    expect(response.status).toBe(200);
    expect(changes).toEqual([['subscribe', { email: 'Reader@example.org', settings }]]);
  });

  it('takes multipart as well', async () => {
    const { deps, changes } = fake();
    const body = new FormData();
    for (const [name, value] of Object.entries(good)) body.append(name, value);
    const response = await createWeb(deps).request('/subscribe', { method: 'POST', body });
    expect(response.status).toBe(200);
    expect(changes).toHaveLength(1);
  });

  it('needs no more than an address and a topic', async () => {
    const { deps, changes } = fake();
    await post(createWeb(deps), { email, topics: 'cs.CL' });
    const usual = {
      frequency: { kind: 'daily' },
      hour: 8,
      timeZone: 'UTC',
      papers: 10,
      language: 'en',
      muted: [],
    };
    expect(changes).toEqual([['subscribe', { email, settings: { topics: ['cs.CL'], ...usual } }]]);
  });

  it('writes in the language the browser asks for, unless another is chosen', async () => {
    const { deps, changes } = fake();
    const web = createWeb(deps);
    const headers = { 'Accept-Language': 'fr-CA;q=0.5, ja, *;q=0.1' };
    const page = await web.request('/subscribe', { headers });
    expect(await page.text()).toContain('<option value="ja" selected>日本語');
    const send = (fields: Record<string, string>) =>
      web.request('/subscribe', { method: 'POST', headers, body: new URLSearchParams(fields) });
    await send({ email, topics: 'cs.CL' });
    await send({ email, topics: 'cs.CL', language: '' });
    await send({ email, topics: 'cs.CL', language: 'de' });
    expect(changes).toMatchObject([
      ['subscribe', { settings: { language: 'ja' } }],
      ['subscribe', { settings: { language: 'ja' } }],
      ['subscribe', { settings: { language: 'de' } }],
    ]);
  });

  it('takes authors to follow as queries, and mutes', async () => {
    const { deps, changes } = fake();
    const wishes = { authors: 'Ada Example\r\nBo "B" Sample', muted: 'crypto\ncat:cs.CR\ncrypto' };
    await post(createWeb(deps), { ...good, ...wishes });
    const topics = expect.arrayContaining([
      'query:author:"Ada Example"',
      'query:author:"Bo B Sample"',
    ]);
    const expected = expect.objectContaining({ topics, muted: ['crypto', 'cat:cs.CR'] });
    expect(changes).toEqual([['subscribe', { email, settings: expected }]]);
  });

  it('shows what a mute or an author does wrong at its own field', async () => {
    const { deps, changes } = fake();
    const response = await post(createWeb(deps), { ...good, muted: 'moss (', authors: 'A (' });
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(text).toMatch(/id="e-muted">.*This parenthesis is never closed/s);
    expect(text).toMatch(/id="e-authors">.*no name to look for/s);
    expect(text).toContain('aria-describedby="e-muted h-muted"');
    expect(changes).toEqual([]);
  });

  it('previews the next digest and the week of each topic, without an address, recording nothing', async () => {
    const { deps, changes } = fake();
    const response = await post(createWeb(deps), {
      topics: 'tides',
      papers: '2',
      intent: 'preview',
    });
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text.match(/<li class="paper">/g)).toHaveLength(2);
    expect(text).toContain('<th scope="row">tides</th><td class="number">4 papers</td>');
    expect(text).toContain('value="tides" checked');
    expect(changes).toEqual([]);
  });

  it('limits previews, which cost more than pages do', async () => {
    const web = createWeb(fake().deps);
    const ask = async () => (await post(web, { topics: 'tides', intent: 'preview' })).status;
    const statuses = [];
    for (let turn = 0; turn < 31; turn += 1) statuses.push(await ask());
    expect(statuses.slice(0, 30).every((status) => status === 200)).toBe(true);
    expect(statuses[30]).toBe(429);
  });

  it('tells all that is wrong at once, beside what was typed', async () => {
    const { deps, changes } = fake();
    const response = await post(createWeb(deps), {
      email: 'no<b>body',
      topics: 'nowhere',
      queries: 'fine\ncat:cs (open',
      frequency: 'hourly',
      hour: '25',
      timeZone: 'Mars/Olympus',
      papers: '1000',
    });
    const text = await response.text();
    expect(response.status).toBe(422);
    for (const field of ['email', 'topics', 'queries', 'frequency', 'hour', 'timeZone', 'papers']) {
      expect(text).toContain(`href="#f-${field}"`);
      expect(text).toContain(`id="e-${field}"`);
      expect(text).toContain(`id="f-${field}"`);
    }
    expect(text).toContain('7 things need another look');
    expect(text).toContain('value="no&lt;b&gt;body"');
    expect(text).toContain('fine\ncat:cs (open</textarea>');
    expect(text).toMatch(/>cat:cs \(open\n {7}<span/);
    expect(changes).toEqual([]);
  });

  it('asks for a topic or a query, and for no more than the most', async () => {
    const web = createWeb(fake().deps);
    const none = await post(web, { email });
    expect(await none.text()).toContain('at least one topic');
    const queries = Array.from({ length: 51 }, (_, index) => `word${index}`).join('\n');
    const many = await post(web, { email, queries });
    expect(await many.text()).toContain('51 topics; 50 is the most');
  });

  it.each(['', 'a@b', 'a@b@c.org', 'a@b.org\r\nBcc: x@y.org', '@b.org', `${'a'.repeat(65)}@b.org`])(
    'refuses %j as an address',
    async (address) => {
      const { deps, changes } = fake();
      expect((await post(createWeb(deps), { ...good, email: address })).status).toBe(422);
      expect(changes).toEqual([]);
    },
  );

  it('does not take the slug of another reader’s query, nor a prototype’s name', async () => {
    const { deps, changes } = fake();
    for (const topics of ['own-7', '__proto__', 'constructor']) {
      expect((await post(createWeb(deps), { ...good, topics })).status).toBe(422);
    }
    expect(changes).toEqual([]);
  });

  it('answers the same whether the address is known or not', async () => {
    const known = new Set([email]);
    const answers = [];
    for (const knows of [known, new Set<string>()]) {
      const subscribe = (request: { email: string }) => {
        knows.add(request.email);
        return 'accepted' as const;
      };
      const response = await post(createWeb(fake({ subscribe }).deps));
      answers.push([response.status, [...response.headers], await response.text()]);
    }
    expect(answers[0]).toEqual(answers[1]);
  });

  it('thanks a machine that fills the hidden field, and does nothing', async () => {
    const { deps, changes } = fake();
    const web = createWeb(deps);
    const machine = await post(web, { ...good, website: 'https://spam.example' });
    const person = await post(web, good);
    expect(await machine.text()).toBe(await person.text());
    expect(changes).toHaveLength(1);
  });
});

describe('a form sent from elsewhere', () => {
  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'rubbish' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ origin: 'http://127.0.0.1' }, 200],
    [{ origin: 'http://paperboy.lan', host: 'paperboy.lan' }, 200],
    [{}, 200],
  ])('with %j is answered by %d', async (headers, status) => {
    const { deps, changes } = fake();
    const response = await post(createWeb(deps), good, headers as Record<string, string>);
    expect(response.status).toBe(status);
    expect(changes).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe('the limit on subscribing', () => {
  const from = (address: string, forwarded?: string) => ({
    env: { incoming: { socket: { remoteAddress: address } } } as never,
    headers: { ...(forwarded && { 'x-forwarded-for': forwarded }) } as Record<string, string>,
  });
  const send = (web: ReturnType<typeof createWeb>, caller: ReturnType<typeof from>) =>
    web.request(
      '/subscribe',
      { method: 'POST', body: new URLSearchParams(good), headers: caller.headers },
      caller.env,
    );

  it('is ten a minute and sixty an hour for one caller', async () => {
    let at = now.getTime();
    const { deps, changes } = fake({ clock: () => new Date(at) });
    const web = createWeb(deps);
    for (let minute = 0; minute < 6; minute += 1) {
      for (let n = 0; n < 10; n += 1) {
        expect((await send(web, from('192.0.2.1'))).status).toBe(200);
      }
      const refused = await send(web, from('192.0.2.1'));
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      at += 60_000;
    }
    expect((await send(web, from('192.0.2.1'))).status).toBe(429);
    expect((await send(web, from('192.0.2.2'))).status).toBe(200);
    at += 55 * 60_000;
    expect((await send(web, from('192.0.2.1'))).status).toBe(200);
    expect(changes).toHaveLength(62);
  });

  it('takes a whole IPv6 network for one caller', async () => {
    const web = createWeb(fake().deps);
    const statuses = [];
    for (let n = 0; n < 11; n += 1) statuses.push((await send(web, from(`2001:db8::${n}`))).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await send(web, from('2001:db8:0:1::1'))).status).toBe(200);
  });

  it('believes X-Forwarded-For only behind our own proxy, and only its last entry', async () => {
    const direct = createWeb(fake().deps);
    const proxied = createWeb(fake({ trustProxy: true }).deps);
    const last = { direct: 0, proxied: 0, spoofed: 0 };
    for (let n = 0; n < 11; n += 1) {
      last.direct = (await send(direct, from('127.0.0.1', `192.0.2.${n}`))).status;
      last.proxied = (await send(proxied, from('127.0.0.1', `192.0.2.${n}`))).status;
    }
    for (let n = 0; n < 11; n += 1) {
      const lies = `203.0.113.${n}, 198.51.100.7`;
      last.spoofed = (await send(proxied, from('127.0.0.1', lies))).status;
    }
    expect(last).toEqual({ direct: 429, proxied: 200, spoofed: 429 });
  });
});
