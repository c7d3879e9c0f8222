/** The operator's page of the real service: who sees it, and what it says. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { statusUrl } from '../src/cli/status-url.ts';
import { parseConfig } from '../src/config.ts';
import { address, type Story, startStory } from './story.ts';

let story: Story;
let url: string;

beforeAll(async () => {
  story = await startStory();
  story.itIs('2026-03-17T07:00:00Z');
  const rows = ['ada', 'alan'].map((name) => `${name}@readers.example,cs.CL,6`);
  await story.paperboy(['subscribers', 'import', '-'], `email,topics,hour\n${rows.join('\n')}\n`);
  const paper = {
    ...{ arxivId: '2603.10001', title: 'Quiet Owls at Work', categories: ['cs.CL'] },
    ...{ abstract: 'We count owls by night.', authors: ['Ada Example'], listedOn: '2026-03-17' },
  };
  await story.paperboy(['import', '-'], JSON.stringify(paper));
  await story.paperboy(['digest', 'send']);
  url = (await story.run(['status-url'])).stdout;
});
afterAll(() => story.end());

it('is nowhere without the right token', async () => {
  const wrong = `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`;
  for (const path of ['/status', '/status/', '/status/x', new URL(wrong).pathname])
    expect((await story.visit(path)).status).toBe(404);
});

it('tells of mails, readers and editions, is kept by nobody and holds no address', async () => {
  expect(url).toMatch(/^https:\/\/papers\.example\/status\/[\w-]{43}$/);
  const answer = await story.visit(url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  expect(answer.headers.get('x-robots-tag')).toContain('noindex');
  const page = await answer.text();
  expect(page).toContain('2 readers, 2 mails sent of those planned today, none waiting.');
  expect(page).toMatch(/aria-label="readers, at the end of each of 90 days: from 0 .* to 2 on /);
  expect(page).toMatch(/<th scope="row">17 March 2026<\/th><td class="number">2<\/td>/);
  expect(page).toContain('No way is shut.');
  expect(page).not.toContain('@readers.example');
  expect(page).not.toContain('/status/');
});

it('opens by the token that was set, and says so', () => {
  const parsed = parseConfig({ STATUS_TOKEN: 'owls-by-night-2026', BASE_URL: address });
  if (parsed.kind !== 'ok') throw new Error(parsed.problems.join());
  expect(statusUrl(parsed.config, 'any secret')).toBe(`${address}/status/owls-by-night-2026`);
  expect(parseConfig({ STATUS_TOKEN: 'too short' })).toMatchObject({
    problems: ['STATUS_TOKEN is not 16 or more letters, digits, - and _'],
  });
});
