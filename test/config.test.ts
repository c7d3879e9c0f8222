import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Config, parseConfig, settingNames } from '../src/config.ts';
import { cures } from '../src/config-cures.ts';
import type { Finding } from '../src/domain/finding.ts';

const configOf = (env: Readonly<Record<string, string | undefined>>): Config => {
  const parsed = parseConfig(env);
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
  return parsed.config;
};

const problemsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
  const parsed = parseConfig(env);
  return parsed.kind === 'invalid' ? parsed.problems : [];
};

const findingsOf = (env: Readonly<Record<string, string>>): readonly Finding[] => {
  const parsed = parseConfig(env);
  return parsed.kind === 'invalid' ? parsed.findings : [];
};

/** Without what is wrong beside other settings. */
const problemsAbout = (name: string, env: Readonly<Record<string, string>>): readonly string[] =>
  problemsOf({
    MAIL_FROM: 'a@b.example',
    BASE_URL: 'https://b.example',
    EMBEDDINGS_MODEL: 'm',
    ...env,
  }).filter((problem) => problem.startsWith(`${name} `) && !problem.includes('together'));

describe('settings', () => {
  it('all have working defaults', () => {
    expect(configOf({})).toMatchObject({
      databaseFile: './data/paperboy.db',
      outboxDir: './data/outbox',
      baseUrl: 'http://localhost:3000',
      host: '127.0.0.1',
      port: 3000,
      trustProxy: false,
      sources: ['huggingface', 'arxiv'],
      urls: { hfApi: 'https://huggingface.co/api' },
    });
    const { mail, secret } = configOf({});
    expect(mail).toEqual({
      from: { name: 'Paperboy', address: 'paperboy@localhost' },
      connections: 5,
    });
    expect(secret).toBeUndefined();
  });

  it('an empty variable counts as unset, and variables of others are ignored', () => {
    const env = { PORT: '', SMTP_URL: ' ', SECRET: undefined, EDITOR: 'ed' };
    expect(configOf(env)).toEqual(configOf({}));
  });

  it('are read into what the service works with', () => {
    const config = configOf({
      DATABASE_URL: 'file:/srv/paperboy/round.db',
      BASE_URL: 'https://papers.example/round//',
      HOST: '0.0.0.0',
      PORT: '8080',
      TRUST_PROXY: 'yes',
      MAIL_FROM: '"The Round" <round@Papers.Example>',
      SMTP_URL: 'smtps://round:secret@mail.example',
      BOUNCE_ADDRESS: 'bounces@papers.example',
      SEND_RATE: '2.5',
      SMTP_CONNECTIONS: '20',
      DKIM_DOMAIN: 'papers.example',
      DKIM_SELECTOR: 'round',
      DKIM_PRIVATE_KEY_FILE: '/srv/paperboy/dkim.pem',
      SOURCES: ' arxiv ,',
      ARXIV_CATEGORIES: 'cs.CL, math',
      GITHUB_TOKEN: 'a token',
    });
    expect(config).toMatchObject({
      databaseFile: '/srv/paperboy/round.db',
      baseUrl: 'https://papers.example/round',
      host: '0.0.0.0',
      port: 8080,
      trustProxy: true,
      sources: ['arxiv'],
      arxivCategories: ['cs.CL', 'math'],
      githubToken: 'a token',
    });
    expect(config.mail).toEqual({
      from: { name: 'The Round', address: 'round@papers.example' },
      smtpUrl: 'smtps://round:secret@mail.example',
      connections: 20,
      bounceAddress: 'bounces@papers.example',
      sendRate: 2.5,
      dkim: {
        domain: 'papers.example',
        keys: [{ selector: 'round', privateKeyFile: '/srv/paperboy/dkim.pem' }],
      },
    });
  });

  it.each([
    ['round@papers.example', { name: '', address: 'round@papers.example' }],
    ['<round@papers.example>', { name: '', address: 'round@papers.example' }],
    ['The Round <round@papers.example>', { name: 'The Round', address: 'round@papers.example' }],
    ['Round <round@localhost>', { name: 'Round', address: 'round@localhost' }],
  ])('MAIL_FROM may be written as %s', (text, mailbox) => {
    expect(configOf({ MAIL_FROM: text }).mail.from).toEqual(mailbox);
  });

  it.each([
    ['DATABASE_URL', 'postgres://db.example/paperboy'],
    ['DATABASE_URL', 'file:'],
    ['BASE_URL', 'papers.example'],
    ['BASE_URL', 'ftp://papers.example'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80 '],
    ['TRUST_PROXY', 'perhaps'],
    ['SECRET', 'x'.repeat(31)],
    ['LOG_LEVEL', 'loud'],
    ['MAIL_FROM', 'The Round'],
    ['MAIL_FROM', 'round@papers.example\r\nBcc: all@papers.example'],
    ['SMTP_URL', 'mail.example:587'],
    ['SMTP_URL', 'http://mail.example'],
    ['BOUNCE_ADDRESS', 'a@b@papers.example'],
    ['SEND_RATE', '0'],
    ['SMTP_CONNECTIONS', '0'],
    ['SMTP_CONNECTIONS', '101'],
    ['SMTP_CONNECTIONS', '5.5'],
    ['SEND_RATE', 'fast'],
    ['DOMAIN_RATES', 'gmail.com'],
    ['WARM_UP', '2026-12-01'],
    ['READ_ONLY', 'perhaps'],
    ['SOURCES', 'arxiv,gazette'],
    ['ARXIV_CATEGORIES', 'cs.CL,cs.ZZ'],
    ['HF_API_URL', 'file:///etc/hosts'],
    ['REDIS_URL', 'http://127.0.0.1'],
  ])('%s=%s is refused by name', (name, value) => {
    const problems = problemsOf({ MAIL_FROM: 'round@papers.example', [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} `));
  });

  it('the pace is read, by domain and by day', () => {
    const { mail } = configOf({ DOMAIN_RATES: 'gmail.com=2,*=5', WARM_UP: '2026-12-01:200' });
    expect(mail).toMatchObject({
      domainRates: { named: new Map([['gmail.com', 2]]), others: 5 },
      warmUp: { from: '2026-12-01', first: 200 },
    });
    expect(problemsOf({ DOMAIN_RATES: 'gmail.com=0,x', WARM_UP: 'soon' })).toHaveLength(3);
  });

  it('every problem is told at once, with what was not understood', () => {
    expect(problemsOf({ PORT: 'x', SOURCES: 'gazette,radio', BASE_URL: 'y' }).toSorted()).toEqual([
      'BASE_URL is not an http(s) address',
      'PORT is not a port number',
      'SOURCES names no source "gazette" (there are: huggingface, arxiv, arxiv-oai, github, hackernews, openalex)',
      'SOURCES names no source "radio" (there are: huggingface, arxiv, arxiv-oai, github, hackernews, openalex)',
    ]);
  });

  it('each that can be wrong has a cure of its own, and following it helps', () => {
    const alone = (name: string) =>
      ['|', `${'nonsense '.repeat(40)}|`]
        .flatMap((value) => findingsOf({ [name]: value }))
        .find(({ id, what }) => id === `settings.wrong.${name}` && !what.includes('set'));
    const found = settingNames.flatMap((name) => alone(name) ?? []);
    expect(found.length).toBeGreaterThan(30);
    for (const { what, do: cure } of found) expect(cure, what).not.toContain('README');
    for (const [name, { example }] of Object.entries(cures))
      if (example !== undefined) expect(problemsAbout(name, { [name]: example })).toEqual([]);
  });

  it.each([
    [
      { SMTP_URL: 'smtp://localhost' },
      /^MAIL_FROM is needed/,
      /as in MAIL_FROM="Paperboy <[^>]+>"/,
    ],
    [
      { SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'round@papers.example' },
      /^BASE_URL must be/,
      /as in BASE_URL=https/,
    ],
    [{ BOUNCE_ADDRESS: `${'b'.repeat(30)}@papers.example` }, /^BOUNCE_ADDRESS/, /shorten/],
    [{ EMBEDDINGS_MODEL: 'any' }, /^EMBEDDINGS_URL and EMBEDDINGS_MODEL/, /unset both/],
    [{ DKIM_DOMAIN: 'papers.example' }, /^DKIM_SELECTOR and DKIM_PR/, /unset all three/],
    [
      { DKIM_DOMAIN: 'p.example', DKIM_SELECTOR: 'a,b', DKIM_PRIVATE_KEY_FILE: 'a' },
      /^DKIM_SELECTOR names 2/,
      /same order/,
    ],
  ])('%j do not go together, and what to do is told', (env, what, cure) => {
    expect(findingsOf(env)).toEqual([
      expect.objectContaining({
        what: expect.stringMatching(what),
        do: expect.stringMatching(cure),
      }),
    ]);
  });

  it('no problem repeats a secret', () => {
    const problems = problemsOf({ SECRET: 'hush', SMTP_URL: 'http://round:hush@mail.example' });
    expect(problems).toEqual([
      expect.stringMatching(/^SECRET /),
      expect.stringMatching(/^SMTP_URL /),
      expect.stringMatching(/^MAIL_FROM is needed/),
    ]);
    expect(problems.join()).not.toContain('hush');
  });

  it('settings that need each other are told together', () => {
    const problems = problemsOf({ SMTP_URL: 'smtp://mail.example', DKIM_DOMAIN: 'papers.example' });
    expect(problems).toEqual([
      expect.stringMatching(/^MAIL_FROM is needed when SMTP_URL is set/),
      expect.stringMatching(/^BASE_URL must be an address readers can reach/),
      expect.stringMatching(/^DKIM_SELECTOR and DKIM_PRIVATE_KEY_FILE must be set too/),
    ]);
  });

  it('stand in the example file, each with its default, and in the README', () => {
    const example = readFileSync('deploy/paperboy.env.example', 'utf8');
    const lines = [...example.matchAll(/^#([A-Z][A-Z_]*)=(.*)$/gm)];
    expect(lines.map(([, name]) => name).toSorted()).toEqual(settingNames.toSorted());
    // With every "#" taken away nothing changes.
    // As a shell and systemd take quotation marks away.
    const unquoted = lines.map(([, name, value = '']) => [name, value.replace(/^"(.*)"$/, '$1')]);
    expect(configOf(Object.fromEntries(unquoted))).toEqual(configOf({}));
    const table = readFileSync('README.md', 'utf8').split('\n## Settings\n')[1]?.split('\n## ')[0];
    for (const name of settingNames.filter((each) => !each.startsWith('WEBHOOK_')))
      expect(table).toContain(`\`${name}\``);
  });

  it('templates are those that come with Paperboy, wherever it is started', () => {
    expect(configOf({}).templatesDir).toBe(resolve('templates'));
    expect(configOf({ TEMPLATES_DIR: './mine' }).templatesDir).toBe('./mine');
  });

  it('several DKIM keys are pairs of a selector and a file', () => {
    const dkim = { DKIM_DOMAIN: 'papers.example', DKIM_SELECTOR: 'rsa, ed' };
    expect(configOf({ ...dkim, DKIM_PRIVATE_KEY_FILE: 'rsa.pem,ed.pem' }).mail.dkim?.keys).toEqual([
      { selector: 'rsa', privateKeyFile: 'rsa.pem' },
      { selector: 'ed', privateKeyFile: 'ed.pem' },
    ]);
    expect(problemsOf({ ...dkim, DKIM_PRIVATE_KEY_FILE: 'rsa.pem' })).toEqual([
      expect.stringMatching(/^DKIM_SELECTOR names 2 and DKIM_PRIVATE_KEY_FILE 1:/),
    ]);
    expect(
      problemsOf({ ...dkim, DKIM_SELECTOR: 'a,a', DKIM_PRIVATE_KEY_FILE: 'a.pem,b.pem' }),
    ).toEqual([expect.stringMatching(/^DKIM_SELECTOR names one twice/)]);
  });
});
