/** Every link of every mail leads somewhere, in the service that sent it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJsonl, tuesday } from './invented-days.ts';
import { address, form, type Story, startStory } from './story.ts';

const linksOf = (html: string): readonly string[] => [
  ...new Set([...html.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link)),
];

/** What a parsed mail shows in its HTML part, entities undone. */
const plainHref = (href: string): string =>
  href
    .replace(/&#x3D;/g, '=')
    .replace(/&amp;/g, '&')
    .replace(/#.*$/, '');

describe('the links of a mail', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
    story.itIs('2026-03-17T14:00:00Z');
    await story.paperboy(['import', '-'], toJsonl(tuesday));
    const wish = form([
      ['email', 'ada@readers.example'],
      ['topics', 'cs.CL'],
      ['language', 'fr'],
    ]);
    await story.visit('/subscribe', wish);
    await story.paperboy(['digest', 'send']);
    const confirm = /https:\S+\/confirm\/\S+/.exec(story.letters[0]?.mail.text ?? '')?.[0] ?? '';
    await story.visit(confirm, { method: 'POST' });
    await story.paperboy(['digest', 'send']);
  });
  afterAll(() => story.end());

  it('lead to pages of the service that are there, or to papers elsewhere', async () => {
    expect(story.letters).toHaveLength(2);
    let followed = 0;
    for (const { mail } of story.letters)
      for (const link of linksOf(mail.html || '').map(plainHref)) {
        if (!link.startsWith(address)) {
          expect(link).toMatch(/^https:\/\/(?:arxiv\.org|github\.com|huggingface\.co)\//);
          continue;
        }
        const { status } = await story.visit(link);
        expect([link, status]).toEqual([link, 200]);
        followed += 1;
      }
    expect(followed).toBeGreaterThan(20);
  });

  it('stand in a mail of the language that was asked for', () => {
    const [confirmation, digest] = story.letters.map(({ mail }) => mail);
    expect(confirmation?.subject).toBe('Confirmez votre abonnement à Paperboy');
    expect(digest?.html).toContain('<html lang="fr"');
    expect(digest?.text).toContain('La tournée du jour · mardi 17 mars 2026');
  });
});
