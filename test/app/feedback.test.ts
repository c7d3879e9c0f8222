import { beforeEach, describe, expect, test } from 'vitest';
import {
  forgetReaction,
  giveFeedback,
  listOwnReactions,
  viewFeedback,
} from '../../src/app/feedback.ts';
import { openLikings } from '../../src/app/liking.ts';
import { refreshMeaning } from '../../src/app/meaning-learn.ts';
import { planDigests } from '../../src/app/plan.ts';
import { listLastDigests } from '../../src/db/digests.ts';
import type { Db } from '../../src/db/open.ts';
import { findPaper, listPapers } from '../../src/db/papers.ts';
import { listReactions } from '../../src/db/reactions.ts';
import { findById, type Subscriber } from '../../src/db/subscribers.ts';
import { makeToken, type Purpose } from '../../src/lib/token.ts';
import { addReader, inventSettings, later, noon } from '../invent.ts';
import { openCorpus, paperOf } from './meaning-corpus.ts';

let db: Db;
let id = 0;
beforeEach(() => {
  db = openCorpus();
  id = addReader(db, 'mira@example.org', inventSettings({ papers: 12 }));
});

const secret = 'a secret of the tests';
const tokens = () => ({ db, secret });
const reader = (): Subscriber => findById(db, id) as Subscriber;
const token = (purpose: Purpose = 'react'): string => makeToken(secret, purpose, reader().key);
const bread = paperOf('bread', 4).id;

const say = (kind: 'more' | 'less' | 'none', paper = bread, at = noon) =>
  giveFeedback(tokens(), token(), paper, { kind }, at);

const chosen = (): readonly { readonly field: string; readonly like?: string }[] => {
  planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
  const refs = listLastDigests(db, id, 1)[0]?.papers ?? [];
  const idOf = (number: number): string => listPapers(db, [number])[0]?.id ?? '';
  return refs.map(({ paper, like }) => ({
    field: idOf(paper).slice(0, 4),
    ...(like !== undefined && { like: idOf(like) }),
  }));
};

describe('what a reader says to a paper', () => {
  test('is kept, can be turned round and taken back', () => {
    expect(viewFeedback(tokens(), token(), bread)?.reaction).toBeUndefined();
    expect(say('more')).toEqual({ kind: 'done' });
    expect(say('more')).toEqual({ kind: 'done' });
    expect(viewFeedback(tokens(), token(), bread)?.reaction).toBe('more');
    say('less', bread, later(noon, 1));
    expect(listOwnReactions(db, reader())).toMatchObject([{ kind: 'less', paper: { id: bread } }]);
    say('none');
    expect(listReactions(db, id)).toEqual([]);
  });

  test('needs the link’s own token and a paper there is', () => {
    for (const purpose of ['manage', 'unsubscribe', 'feed', 'digest', 'confirm'] as const)
      expect(giveFeedback(tokens(), token(purpose), bread, { kind: 'more' }, noon)).toEqual({
        kind: 'invalid',
      });
    expect(say('more', '2699.00001')).toEqual({ kind: 'invalid' });
    expect(forgetReaction(tokens(), token('react'), bread)).toEqual({ kind: 'invalid' });
  });

  test('mutes terms, which stand among the reader’s own and are checked as those are', () => {
    const mute = (term: string) =>
      giveFeedback(tokens(), token(), bread, { kind: 'mute', term }, noon);
    const view = viewFeedback(tokens(), token(), bread);
    expect(view?.mutable).toContain('cat:physics.soc-ph');
    expect(mute('cat:physics.soc-ph')).toEqual({ kind: 'done' });
    expect(mute('"no end')).toMatchObject({ kind: 'refused' });
    expect(reader().settings.muted).toEqual(['cat:physics.soc-ph']);
    expect(chosen().map(({ field }) => field)).not.toContain('2603');
    giveFeedback(tokens(), token(), bread, { kind: 'unmute', term: 'cat:physics.soc-ph' }, noon);
    expect(reader().settings.muted ?? []).toEqual([]);
  });

  test('can be taken back on the page of the settings too', () => {
    say('more');
    expect(forgetReaction(tokens(), token('manage'), bread)).toEqual({ kind: 'changed' });
    expect(listReactions(db, id)).toEqual([]);
  });
});

describe('the next digest', () => {
  test('has more of what is like a paper wanted more of, and says like which', () => {
    refreshMeaning(db);
    const before = chosen().filter(({ field }) => field === '2603').length;
    db = openCorpus();
    id = addReader(db, 'mira@example.org', inventSettings({ papers: 12 }));
    refreshMeaning(db);
    say('more');
    const after = chosen();
    const breads = after.filter(({ field }) => field === '2603');
    expect(breads.length).toBeGreaterThan(before);
    expect(breads.some(({ like }) => like === bread)).toBe(true);
    expect(after.filter(({ field }) => field !== '2603').every(({ like }) => !like)).toBe(true);
  });

  test('has less of what is like one wanted less of', () => {
    refreshMeaning(db);
    const liking = openLikings(db);
    const number = (paper: string): number => findPaper(db, paper)?.number ?? 0;
    say('less');
    const nudge = liking(listReactions(db, id));
    expect(nudge(number(bread))).toEqual({ kind: 'barred' });
    expect(nudge(number(paperOf('bees', 3).id))).toEqual({ kind: 'none' });
    expect(chosen().filter(({ field }) => field === '2603').length).toBeLessThan(4);
  });

  test('is as it was while the corpus has learned no meaning yet', () => {
    say('more');
    expect(openLikings(db)(listReactions(db, id))(1)).toEqual({ kind: 'none' });
    expect(chosen()).toHaveLength(12);
  });
});
