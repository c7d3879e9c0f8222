import { describe, expect, it } from 'vitest';
import { foresee, learnForesight, type PastPaper } from '../../src/domain/foresight.ts';
import { defaultGrowth } from '../../src/domain/growth-default.ts';
import { isNearIdentical, sketchOf } from '../../src/domain/sketch.ts';
import { hashPaper } from '../../src/domain/text-features.ts';
import { type Evidence, scoreOnly, scorePaper, waitingShare } from '../../src/domain/trend.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);

const past = (i: number): PastPaper => {
  const noticed = i % 5 === 0;
  return {
    title: noticed ? `Orchids in spring ${i}` : `Gravel and sand ${i}`,
    abstract: noticed ? `glasshouse petals ${i % 7}` : `quarry stones ${i % 11}`,
    authors: [noticed ? 'Flora Example' : `Writer ${i}`],
    categories: ['cs.CL'],
    knownAt: start + i * 3_600_000,
    listed: true,
    noticed,
    ...(noticed && { upvotes: 10 + (i % 3) }),
  };
};

const plain = { authors: ['Somebody New'], categories: ['cs.CL'] };

describe('foresight', () => {
  const lesson = learnForesight(Array.from({ length: 2_000 }, (_, i) => past(i)));
  const model = lesson?.model;
  if (!model) throw new Error('nothing was learned');

  it('gives papers like those once noticed a better chance', () => {
    const orchids = foresee(model, { ...plain, title: 'Orchids', abstract: 'petals, glasshouse' });
    const gravel = foresee(model, { ...plain, title: 'Gravel', abstract: 'stones of a quarry' });
    expect(orchids.chance).toBeGreaterThan(0.2);
    expect(gravel.chance).toBeLessThan(0.1);
  });

  it('gives the authors of noticed papers a better chance', () => {
    const text = { title: 'Untitled', abstract: '', categories: ['cs.CL'] };
    const known = foresee(model, { ...text, authors: ['FLORA  Example'] });
    const unknown = foresee(model, { ...text, authors: ['Somebody New'] });
    expect(known.chance).toBeGreaterThan(unknown.chance);
  });

  it('learns nothing from too few papers', () => {
    expect(learnForesight(Array.from({ length: 400 }, (_, i) => past(i)))).toBeUndefined();
  });

  it('does not look at a code link that only those who feature papers tell', () => {
    const text = { ...plain, title: 'Orchids', abstract: 'petals' };
    expect(hashPaper({ ...text, codeUrl: 'https://code.example/x' } as typeof text)).toEqual(
      hashPaper(text),
    );
  });

  it('survives empty and strange text', () => {
    for (const title of ['', '$$$', '漢字', '\u0000', 'x'.repeat(10_000)]) {
      const { chance, outlook } = foresee(model, { ...plain, title, abstract: title });
      expect(chance).toBeGreaterThanOrEqual(0);
      expect(chance).toBeLessThanOrEqual(1);
      expect(outlook).toBeGreaterThan(0);
    }
  });
});

describe('a promise', () => {
  const now = start + 100 * day;
  const unseen = (ageDays: number, chance: number): Evidence => ({
    startedAt: now - ageDays * day,
    attention: {},
    outlook: 8,
    noticed: false,
    chance,
  });

  it('is never above a single real upvote at the same age', () => {
    for (const age of [0, 0.3, 1, 2, 5, 9, 20]) {
      const seen: Evidence = {
        ...unseen(age, 0),
        noticed: true,
        outlook: 0.1,
        attention: { upvotes: { total: 1, at: now } },
      };
      const yardstick = { growth: defaultGrowth };
      expect(scoreOnly(unseen(age, 1), now, yardstick)).toBeLessThan(
        scoreOnly(seen, now, yardstick),
      );
    }
  });

  it('fades as the days go by without notice', () => {
    expect(waitingShare(0)).toBe(1);
    expect(waitingShare(36)).toBeCloseTo(0.25, 6);
    expect(waitingShare(24 * 28)).toBeCloseTo(0.0005, 6);
  });

  it('scores the same with and without its words', () => {
    const yardstick = { growth: defaultGrowth };
    expect(scoreOnly(unseen(1, 0.3), now, yardstick)).toBe(
      scorePaper(unseen(1, 0.3), now, yardstick).score,
    );
  });
});

describe('sketches', () => {
  const words = Array.from({ length: 120 }, (_, i) => `word${i}`);

  it('find a paper again after a few words have changed', () => {
    const changed = words.map((word, i) => (i % 20 === 0 ? `other${i}` : word));
    const [a, b] = [words, changed].map((text) =>
      sketchOf({ title: 'On Gardens', abstract: text.join(' ') }),
    );
    expect(a && b && isNearIdentical(a, b)).toBe(true);
  });

  it('tell papers of one field apart', () => {
    const other = words.map((word, i) => (i % 2 === 0 ? `other${i}` : word));
    const [a, b] = [words, other].map((text) =>
      sketchOf({ title: 'On Gardens', abstract: text.join(' ') }),
    );
    expect(a && b && isNearIdentical(a, b)).toBe(false);
  });
});
