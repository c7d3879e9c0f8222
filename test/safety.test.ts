/** What a stranger may try at the real service, and must not learn or get. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeToken } from '../src/lib/token.ts';
import { form, type Story, startStory } from './story.ts';

const fields = (email: string) =>
  form([
    ['email', email],
    ['topics', 'cs.CL'],
    ['timeZone', 'Europe/Berlin'],
  ]);

let story: Story;
let links: Readonly<Record<'manage' | 'unsubscribe' | 'feeds', string>>;

const linkIn = (page: string, text: string): string => {
  const link = new RegExp(`/${page}/[\\w-]{43}(?:\\.xml)?`).exec(text)?.[0];
  if (link === undefined) throw new Error(`no link to /${page}/`);
  return link;
};

beforeAll(async () => {
  story = await startStory();
  story.itIs('2026-03-17T07:00:00Z');
  const row = 'email,topics,hour\nknown@readers.example,cs.CL,6\n';
  await story.paperboy(['subscribers', 'import', '-'], row);
  await story.run(['suppressions', 'add', 'suppressed@readers.example']);
  const paper = {
    ...{ arxivId: '2603.10001', title: 'Quiet Owls at Work', categories: ['cs.CL'] },
    ...{ abstract: 'We count owls by night.', authors: ['Ada Example'], listedOn: '2026-03-17' },
  };
  await story.paperboy(['import', '-'], JSON.stringify(paper));
  await story.paperboy(['digest', 'send']);
  const text = story.letters[0]?.mail.text ?? '';
  links = {
    manage: linkIn('manage', text),
    unsubscribe: linkIn('unsubscribe', text),
    feeds: linkIn('feeds', text),
  };
});
afterAll(() => story.end());

const ask = async (path: string, init: RequestInit = {}) => {
  const answer = await story.visit(path, init);
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};

describe('subscribing', () => {
  const statuses = ['known', 'suppressed', 'unknown'].map((name) => `${name}@readers.example`);

  it('looks the same for an address that is subscribed, suppressed or unheard of', async () => {
    const answers = await Promise.all(
      statuses.map(async (email) => {
        const { status, text, headers } = await ask('/subscribe', fields(email));
        const told = [...headers].filter(([name]) => !['date', 'content-length'].includes(name));
        return [status, text.replaceAll(email, 'THE ADDRESS'), told];
      }),
    );
    expect(answers[0]?.[0]).toBe(200);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('takes as long for each over a hundred posts, and sends each address one mail a day', async () => {
    const millis = new Map(statuses.map((email) => [email, [] as number[]]));
    const day = Date.parse('2026-03-18T00:00:00Z');
    for (let n = 0; n < 34; n += 1) {
      // An hour and more between them, or the limit on callers would answer.
      story.itIs(new Date(day + n * 3_601_000).toISOString());
      for (const email of statuses) {
        const begun = performance.now();
        await ask('/subscribe', fields(email));
        millis.get(email)?.push(performance.now() - begun);
      }
    }
    // The fastest of each, which a busy machine changes least: none before the time that is the same
    // for all, and none later than a round trip over any network would hide.
    const fastest = statuses.map((email) => Math.min(...(millis.get(email) ?? [])));
    expect(Math.min(...fastest)).toBeGreaterThan(55);
    expect(Math.max(...fastest) - Math.min(...fastest)).toBeLessThan(10);
    story.itIs('2026-03-20T08:00:00Z');
    const before = story.letters.length;
    await story.paperboy(['digest', 'send']);
    const notices = story.letters.slice(before).filter(({ to }) => to.startsWith('unknown'));
    expect(notices.length).toBeLessThanOrEqual(3);
    expect(story.letters.filter(({ to }) => to.startsWith('suppressed'))).toEqual([]);
  }, 60_000);
});

describe('a token', () => {
  const flipped = (path: string): readonly string[] => {
    const [, page = '', token = '', ending = ''] =
      /^\/(\w+)\/([\w-]{43})(\.xml)?$/.exec(path) ?? [];
    const bytes = Buffer.from(token, 'base64url');
    return [...bytes.keys()].map((at) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      return `/${page}/${changed.toString('base64url')}${ending}`;
    });
  };

  it.each(['manage', 'unsubscribe', 'feeds'] as const)(
    'of /%s/ with any of its bytes changed is the same 404, by GET and by POST',
    async (page) => {
      const paths = flipped(links[page]);
      expect(paths).toHaveLength(32);
      const answers = new Set<string>();
      for (const path of paths) {
        const { status, text } = await ask(path);
        answers.add(`${status} ${text}`);
        if (page !== 'feeds') expect((await ask(path, { method: 'POST' })).status).toBe(404);
      }
      expect(answers.size).toBe(1);
      expect([...answers][0]).toMatch(/^404 /);
      expect((await ask(links[page])).status).toBe(200);
    },
  );

  it('is worth nothing for another purpose', async () => {
    const tokens = Object.values(links).map((path) => /[\w-]{43}/.exec(path)?.[0]);
    for (const [page, path] of Object.entries(links)) {
      const own = /[\w-]{43}/.exec(path)?.[0];
      for (const token of tokens.filter((other) => other !== own)) {
        const ending = page === 'feeds' ? '.xml' : '';
        expect((await ask(`/${page}/${token}${ending}`)).status).toBe(404);
      }
    }
  });

  it('made with another secret is none', async () => {
    const key = Buffer.from(/[\w-]{43}/.exec(links.manage)?.[0] ?? '', 'base64url').subarray(0, 16);
    const forged = makeToken('another secret of some length', 'manage', key);
    expect((await ask(`/manage/${forged}`)).status).toBe(404);
  });
});
