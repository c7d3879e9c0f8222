/**
 * Whether a paper is in a topic. Exact parts select; plain words are a question of meaning, with a
 * score and a threshold. What a topic means was learned from the papers the model was made from, so
 * a paper's membership stays the same from day to day, whatever else arrives, until the corpus has
 * grown so much that the model is made anew.
 */
import type { Db } from '../db/open.ts';
import { countMembers, listMembers } from '../db/search.ts';
import type { MeaningModel } from '../domain/meaning.ts';
import { type MeaningIndex, slotOf } from '../domain/meaning-index.ts';
import { asksForLike, type Query } from '../domain/query.ts';
import { createScorer, type Profile, profileOfWords } from '../domain/relevance.ts';
import type { Asked } from '../domain/scores.ts';
import { likeMembers } from './alike.ts';
import { selectExactly } from './exact.ts';
import { type Meaning, openMeaning } from './meaning.ts';
import { askedOf, passesFor, planOf } from './meaning-ask.ts';

export type Membership = {
  /** Whether a paper, by the corpus's own number, is in the topic. */
  readonly has: (number: number) => boolean;
  /** How many are. */
  readonly count: () => number;
};

/** Who is in the topic of a query, as the corpus now stands. */
export const membershipOf = (db: Db, query: Query): Membership => {
  const meaning = openMeaning(db);
  const plan = planOf(query);
  const words = meaning && plan.words.length > 0 ? wordMembership(db, meaning, query) : undefined;
  if (words) return words;
  if (!asksForLike(query))
    return ofSet(
      () => new Set(listMembers(db, query)),
      () => countMembers(db, query),
    );
  const filters = selectExactly(db, plan.filters);
  const alike = plan.like === undefined ? undefined : likeMembers(db, plan.like);
  const members = [...(alike ?? filters ?? [])].filter((number) => !filters || filters.has(number));
  const set = new Set(members);
  return ofSet(
    () => set,
    () => set.size,
  );
};

const ofSet = (list: () => ReadonlySet<number>, count: () => number): Membership => {
  let known: ReadonlySet<number> | undefined;
  return {
    has: (number) => {
      known ??= list();
      return known.has(number);
    },
    count,
  };
};

const wordMembership = (db: Db, meaning: Meaning, query: Query): Membership | undefined => {
  const plan = planOf(query);
  const allowed = selectExactly(db, plan.filters);
  const { index } = meaning;
  const asked = askedOf(db, meaning, plan.words);
  const profile = asked && profileFor(index, asked, plan.words);
  if (!profile) return undefined;
  const scoreOf = createScorer(index, profile);
  const holders = new Set(listMembers(db, query));
  const belongs = (slot: number): boolean => scoreOf(slot) >= profile.threshold;
  const passes = passesFor(index, allowed);
  return {
    has: (number) => {
      const slot = slotOf(index, number);
      // Not folded in yet: the words themselves decide.
      if (slot === undefined) return holders.has(number);
      return passes(slot) && belongs(slot);
    },
    count: () => {
      let count = 0;
      for (let slot = 0; slot < index.slots; slot += 1)
        if (passes(slot) && belongs(slot)) count += 1;
      return count;
    },
  };
};

type Profiles = { readonly lessons: number; readonly byWords: Map<string, Profile | undefined> };

const profiles = new WeakMap<MeaningModel, Profiles>();
const mostProfiles = 1_000;

// Asked again for every page, feed and edition, and the same whatever is folded in.
const profileFor = (index: MeaningIndex, asked: Asked, words: readonly string[]) => {
  const held = profiles.get(index.model);
  const { byWords } = held?.lessons === index.lessons ? held : fresh(index);
  // A word the model does not know is learned from whatever holds it.
  if (asked.rare.length > 0) return profileOfWords(index, asked);
  const key = words.join(' ');
  if (byWords.has(key)) return byWords.get(key);
  if (byWords.size >= mostProfiles) byWords.clear();
  const profile = profileOfWords(index, asked);
  byWords.set(key, profile);
  return profile;
};

const fresh = ({ model, lessons }: MeaningIndex): Profiles => {
  const made = { lessons, byWords: new Map<string, Profile | undefined>() };
  profiles.set(model, made);
  return made;
};
