/** Which weeks the operator has been told of. */
import type { Day } from '../domain/paper.ts';
import { type Db, statement } from './open.ts';

export const isWeekTold = (db: Db, week: Day): boolean =>
  statement(db, 'select 1 from operator_mails where week = ?').get(week) !== undefined;

/** Notes that a week's mail may be out from now on; false when it was noted before. */
export const noteWeekTold = (db: Db, week: Day, at: Date): boolean =>
  statement(
    db,
    'insert into operator_mails (week, sent_at) values (?, ?) on conflict do nothing',
  ).run(week, at.getTime()).changes > 0;

/** Takes the note back where the server said that it has not taken the mail. */
export const forgetWeekTold = (db: Db, week: Day): void => {
  statement(db, 'delete from operator_mails where week = ?').run(week);
};
