/**
 * What Paperboy is for, told once from beginning to end: papers come in, somebody subscribes, the
 * digest arrives and never repeats itself, and leaving takes one click. Everything is real but the
 * clock and the papers; each test goes on where the one before it ended.
 */
import { parseRssFeed } from 'feedsmith';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJsonl, tuesday, wednesday } from './invented-days.ts';
import { address, form, type Letter, type Story, startStory } from './story.ts';

const reader = 'ada@readers.example';

/** The subscribe form as a browser sends it. */
const wish = (email: string) =>
  form([
    ['email', email],
    ['topics', 'cs.CL'],
    ['frequency', 'daily'],
    ['hour', '8'],
    ['timeZone', 'Europe/Berlin'],
    ['papers', '3'],
  ]);

/** The arXiv ids a text links to, each once, in the order of the text. */
const linkedPapers = (text: string): readonly string[] => [
  ...new Set(
    [...text.matchAll(/https:\/\/arxiv\.org\/abs\/([\w./-]*\w)/g)].map(([, id]) => id ?? ''),
  ),
];

const papersIn = ({ mail }: Letter): readonly string[] => linkedPapers(mail.text ?? '');

/** The link of a mail that leads to one of our pages. */
const linkTo = (page: string, { mail }: Letter): string => {
  const link = new RegExp(`${address}/${page}/[\\w.-]+`).exec(mail.text ?? '')?.[0];
  if (!link) throw new Error(`the mail links to no /${page}/`);
  return link;
};

const headersOf = ({ raw }: Letter): string => raw.slice(0, raw.indexOf('\r\n\r\n') + 2);

/** A header's value, unfolded. @throws unless the message has it exactly once. */
const header = (name: string, letter: Letter): string => {
  const unfolded = headersOf(letter).replace(/\r\n[ \t]+/g, ' ');
  const values = [...unfolded.matchAll(new RegExp(`^${name}: (.*)\\r$`, 'gim'))];
  expect(values, `${name} in the header`).toHaveLength(1);
  return values[0]?.[1] ?? '';
};

describe('a reader’s time with Paperboy', () => {
  let story: Story;
  /** Mails that came since the last look. */
  const newLetters = (() => {
    let read = 0;
    return (): readonly Letter[] => {
      const fresh = story.letters.slice(read);
      read = story.letters.length;
      return fresh;
    };
  })();
  const onlyLetter = (): Letter => {
    const [letter, ...more] = newLetters();
    expect(more).toEqual([]);
    if (!letter) throw new Error('no mail came');
    return letter;
  };
  const pageText = async (link: string, init?: RequestInit): Promise<string> =>
    (await story.visit(link, init)).text();

  beforeAll(async () => {
    story = await startStory();
    story.itIs('2026-03-17T14:00:00Z');
  });
  afterAll(() => story.end());

  let confirmation: Letter;
  let first: Letter;
  let second: Letter;

  it('begins with a day of papers and what was seen of them', async () => {
    const tally = { papers: { new: 7, updated: 0, unchanged: 0 }, signals: { new: 14 } };
    expect(await story.paperboy(['import', '-'], toJsonl(tuesday))).toMatchObject(tally);
    expect(await story.paperboy(['import', '-'], toJsonl(tuesday))).toMatchObject({
      papers: { new: 0, updated: 0, unchanged: 7 },
      signals: { new: 0, unchanged: 14 },
      rejected: [],
    });
  });

  it('the page shows what is trending, and a form', async () => {
    const page = await pageText('/');
    expect(page).toContain('Whispering to Large Parrots');
    expect(page).toContain('https://arxiv.org/abs/2603.10001');
    expect(page).toContain('action="/subscribe"');
  });

  it('the form answers everybody alike, so that it tells nobody who is subscribed', async () => {
    const answerTo = async (email: string) => {
      const answer = await story.visit('/subscribe', wish(email));
      return [answer.status, (await answer.text()).replaceAll(email, 'THE ADDRESS')];
    };
    const toNew = await answerTo(reader);
    expect(toNew[0]).toBe(200);
    expect(await answerTo(reader)).toEqual(toNew);
    expect(await answerTo('nobody@readers.example')).toEqual(toNew);
  });

  it('each address gets one confirmation mail, however often it was asked for', async () => {
    await story.paperboy(['digest', 'send']);
    const letters = newLetters();
    expect(letters.map(({ to }) => to).sort()).toEqual([reader, 'nobody@readers.example']);
    confirmation = letters.find(({ to }) => to === reader) as Letter;
    expect(confirmation.mail.html).toContain(linkTo('confirm', confirmation));
    expect(header('Auto-Submitted', confirmation)).toBe('auto-generated');
  });

  it('looking at the link confirms nothing, since mail scanners look too', async () => {
    const link = linkTo('confirm', confirmation);
    expect((await story.visit(link)).status).toBe(200);
    expect((await story.visit(link, { method: 'HEAD' })).status).toBe(200);
    expect(await story.paperboy(['subscribers', 'list'])).toMatchObject({
      subscribers: [{ email: reader, status: 'unconfirmed' }, { status: 'unconfirmed' }],
    });
    expect(await story.paperboy(['digest', 'send'])).toMatchObject({ due: 0, sent: 0 });
  });

  it('pressing the button does', async () => {
    const answer = await story.visit(linkTo('confirm', confirmation), { method: 'POST' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await story.paperboy(['subscribers', 'list'])).toMatchObject({
      subscribers: [{ email: reader, status: 'active' }, { status: 'unconfirmed' }],
    });
  });

  it('the first digest comes at once: the best three papers of the topic', async () => {
    expect(await story.paperboy(['digest', 'send'])).toMatchObject({ due: 1, sent: 1, failed: 0 });
    first = onlyLetter();
    expect(first.to).toBe(reader);
    expect(papersIn(first)).toEqual(['2603.10001', '2603.10002', '2603.10003']);
    expect(first.mail.subject).toContain('Whispering to Large Parrots');
  });

  it('both parts of the mail say the same', () => {
    const html = first.mail.html || '';
    expect(linkedPapers(html)).toEqual(papersIn(first));
    for (const { id, title } of tuesday.filter(({ id }) => papersIn(first).includes(id))) {
      expect(first.mail.text, id).toContain(title.slice(0, 20));
      expect(html, id).toContain(title.slice(0, 20));
    }
    for (const page of ['manage', 'unsubscribe', 'digests', 'feeds'])
      expect(html).toContain(linkTo(page, first));
  });

  it('the mail carries what mail programs and list software go by', () => {
    const unsubscribe = header('List-Unsubscribe', first);
    expect(unsubscribe).toMatch(
      /^<https:\/\/papers\.example\/unsubscribe\/[\w-]{43}>, <mailto:bounces@papers\.example\?[^>]+>$/,
    );
    expect(unsubscribe).toContain(linkTo('unsubscribe', first));
    expect(header('List-Unsubscribe-Post', first)).toBe('List-Unsubscribe=One-Click');
    expect(header('List-Id', first)).toBe('Paperboy <digest.papers.example>');
    expect(header('From', first)).toBe('Paperboy <round@papers.example>');
    expect(header('To', first)).toBe(reader);
    expect(header('Message-ID', first)).toMatch(/^<[\w.-]+@papers\.example>$/);
    expect(Date.parse(header('Date', first))).toBe(Date.parse('2026-03-17T14:00:00Z'));
    expect(header('Precedence', first)).toBe('bulk');
    expect(header('Auto-Submitted', first)).toBe('auto-generated');
    expect(header('Feedback-ID', first)).toContain('paperboy');
  });

  it('is made of short lines, each ended by CRLF, in ASCII', () => {
    expect(first.raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(Math.max(...first.raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(
      998,
    );
    expect(first.raw).toMatch(/^[\t\r\n -~]*$/);
  });

  it('asked again at the same hour, there is nothing more to send', async () => {
    expect(await story.paperboy(['digest', 'send'])).toMatchObject({ due: 0, sent: 0 });
    expect(newLetters()).toEqual([]);
  });

  it('the next digest waits for eight in Berlin, and repeats no paper', async () => {
    story.itIs('2026-03-18T06:59:00Z');
    await story.paperboy(['import', '-'], toJsonl(wednesday));
    expect(await story.paperboy(['digest', 'send'])).toMatchObject({ due: 0, sent: 0 });
    story.itIs('2026-03-18T07:00:00Z');
    expect(await story.paperboy(['digest', 'send'])).toMatchObject({ due: 1, sent: 1 });
    second = onlyLetter();
    expect(papersIn(second)).toHaveLength(3);
    expect(papersIn(second)[0]).toBe('2603.10101');
    expect(papersIn(second).filter((id) => papersIn(first).includes(id))).toEqual([]);
    expect(header('List-Id', second)).toBe(header('List-Id', first));
    expect(header('Message-ID', second)).not.toBe(header('Message-ID', first));
  });

  it('the mail can be read on the web', async () => {
    const answer = await story.visit(linkTo('digests', second));
    expect(answer.status).toBe(200);
    expect(linkedPapers(await answer.text())).toEqual(papersIn(second));
  });

  it('the same papers stand in feeds, which are sent again only when they change', async () => {
    const everyone = await story.visit('/topics/cs.CL/feed.xml');
    expect(everyone.headers.get('content-type')).toMatch(/^application\/rss\+xml/);
    const feed = parseRssFeed(await everyone.text());
    const proverbs = feed.items?.find(({ link }) => link === 'https://arxiv.org/abs/2603.10101');
    expect(proverbs).toMatchObject({
      title: 'Proverbs Bend but Do Not Break',
      dc: { creators: ['Ada Example', 'Bo Sample'] },
    });
    const etag = everyone.headers.get('etag') ?? '';
    const again = await story.visit('/topics/cs.CL/feed.xml', {
      headers: { 'if-none-match': etag },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('etag')).toBe(etag);

    const own = parseRssFeed(await pageText(linkTo('feeds', second)));
    const links = own.items?.map(({ link }) => link?.replace('https://arxiv.org/abs/', ''));
    expect(links).toEqual([...papersIn(second), ...papersIn(first)]);
  });

  it('the link in each mail changes the settings, without a password', async () => {
    const link = linkTo('manage', second);
    expect(await pageText(link)).toContain('value="cs.CL" checked');
    const change = form([
      ['intent', 'save'],
      ['topics', 'cs.RO'],
      ['frequency', 'weekdays'],
      ['hour', '18'],
      ['timeZone', 'Europe/Berlin'],
      ['papers', '10'],
    ]);
    const answer = await story.visit(link, change);
    expect(answer.status).toBe(303);
    expect(await pageText(answer.headers.get('location') ?? '')).toContain('value="cs.RO" checked');
  });

  it('and the next digest obeys them', async () => {
    story.itIs('2026-03-19T07:00:00Z');
    expect(await story.paperboy(['digest', 'send'])).toMatchObject({ due: 0, sent: 0 });
    expect(onlyLetter().mail.subject).toBe('Your Paperboy settings were changed');
    story.itIs('2026-03-19T17:00:00Z');
    expect(await story.paperboy(['digest', 'send'])).toMatchObject({ due: 1, sent: 1 });
    const robots = papersIn(onlyLetter());
    expect([...robots].sort()).toEqual(['2603.10006', '2603.10007', '2603.10103']);
  });

  it('a day without anything new brings no mail', async () => {
    story.itIs('2026-03-20T17:00:00Z');
    expect(await story.paperboy(['digest', 'send'])).toMatchObject({
      due: 1,
      sent: 0,
      skipped: { 'nothing-new': 1 },
    });
    expect(newLetters()).toEqual([]);
  });

  it('the mail program’s own unsubscribe button ends it in one request', async () => {
    const link = /<(https:[^>]+)>/.exec(header('List-Unsubscribe', second))?.[1] ?? '';
    const oneClick = form([['List-Unsubscribe', 'One-Click']]);
    const statusOf = async () => {
      const listed = await story.paperboy(['subscribers', 'list']);
      return (listed as { subscribers: { status: string }[] }).subscribers[0]?.status;
    };
    await story.visit(link);
    expect(await statusOf()).toBe('active');
    // RFC 8058: no cookie, no redirect; and a provider may well ask twice.
    for (const _ of ['once', 'twice']) {
      expect((await story.visit(link, oneClick)).status).toBe(200);
      expect(await statusOf()).toBe('unsubscribed');
    }
  });

  it('and nothing more is sent, neither to who has left nor to who never confirmed', async () => {
    story.itIs('2026-03-23T18:00:00Z');
    const monday = wednesday.map((paper) => ({
      ...paper,
      id: paper.id.replace('.101', '.102'),
      title: `${paper.title}, Revisited`,
      listedOn: '2026-03-23',
    }));
    await story.paperboy(['import', '-'], toJsonl(monday));
    expect(await story.paperboy(['digest', 'send'])).toMatchObject({ due: 0, sent: 0 });
    expect(newLetters()).toEqual([]);
    const late = await story.visit(linkTo('confirm', confirmation), { method: 'POST' });
    expect(late.status).toBe(409);
    expect(await late.text()).toContain('You have left');
  });
});
