/**
 * The readers who may be due at a moment, a page at a time. Groups of readers (a zone, a frequency, a
 * day they have a digest for) are ruled out whole: those whose hour has not come, whose day it is
 * not, and who had today's. A look thus costs what is due, and not what there is.
 */
import type { Db } from '../db/open.ts';
import {
  type ActiveReader,
  countAwaitingFirst,
  countInGroup,
  type GroupPlace,
  listAwaitingFirst,
  listInGroup,
  listReaderGroups,
  type ReaderGroup,
} from '../db/reader-groups.ts';
import { type DueHours, dueHours } from '../domain/due.ts';
import { type Frequency, parseFrequency } from '../domain/subscription.ts';

/** A place in the queue; the page after it begins there. */
export type Place = GroupPlace & { readonly group: number };

export type PlanQueue = {
  readonly start: Place;
  /** How many readers there are to look at. */
  readonly count: () => number;
  /** At most so many readers, and the place after them; none at the end. */
  readonly page: (
    from: Place,
    limit: number,
  ) => { readonly readers: readonly ActiveReader[]; readonly next: Place };
};

export const frequencyOf = ({ frequency }: { readonly frequency: string }): Frequency =>
  parseFrequency(frequency) ?? { kind: 'daily' };

type Open = ReaderGroup & DueHours;

/** Lines up who may be due. Readers who change their settings meanwhile are the next look's. */
export const openPlanQueue = (db: Db, asOf: Date): PlanQueue => {
  const hours = dueHours(asOf);
  const groups = listReaderGroups(db).flatMap((group): readonly Open[] => {
    const due = hours(group.timeZone, frequencyOf(group));
    return due && due.day !== group.digestOn ? [{ ...group, ...due }] : [];
  });
  const [first, ahead] = [-1, { hour: -1, id: 0 }];
  const list = (place: Place, limit: number): readonly ActiveReader[] => {
    const group = groups[place.group];
    if (!group) return place.group === first ? listAwaitingFirst(db, place.id, limit) : [];
    return listInGroup(db, group, group.upTo, place, limit);
  };
  return {
    start: { group: first, ...ahead },
    count: () =>
      groups.reduce((sum, group) => sum + countInGroup(db, group, group.upTo), 0) +
      countAwaitingFirst(db),
    page: (from, limit) => {
      const readers: ActiveReader[] = [];
      let next = from;
      while (next.group < groups.length && readers.length < limit) {
        const more = list(next, limit - readers.length);
        readers.push(...more);
        const last = more.at(-1);
        next =
          last && readers.length === limit
            ? { group: next.group, hour: last.hour, id: last.id }
            : { group: next.group + 1, ...ahead };
      }
      return { readers, next };
    },
  };
};
