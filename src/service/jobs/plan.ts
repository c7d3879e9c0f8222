/** The service's planning of editions and of the digests that fall due. */
import type { MailCounts } from '../../app/mail-counts.ts';
import { planInSteps } from '../../app/plan.ts';
import { publishDailyInSteps } from '../../app/publish.ts';
import type { CommandContext } from '../../cli/command.ts';
import { leavesHere } from '../../cli/wiring.ts';
import { deleteDeferralsBefore } from '../../db/delivery-history.ts';
import { hasPapers } from '../../db/papers.ts';
import { inTurns } from '../../lib/steps.ts';
import type { Job } from '../schedule.ts';

const minuteMs = 60_000;

/** How long the answers to a mail's earlier attempts are kept. */
const historyKeptMs = 30 * 24 * 60 * minuteMs;

/** An edition serves every reader who falls due within this time of it. */
const editionReuseMs = 30 * minuteMs;

/** A job beside that of the mails, which may take hours where the pace is slow. */
export const planJob = (context: CommandContext, mails: MailCounts, onPlanned: () => void): Job => {
  const { log } = context;
  let toldAt = Number.NEGATIVE_INFINITY;
  const tellHeld = (readers: number, now: Date): void => {
    if (readers === 0 || now.getTime() - toldAt < 60 * minuteMs) return;
    toldAt = now.getTime();
    log.warn({ readers }, 'only the bundled sample is there, and it is mailed to nobody');
  };
  return {
    name: 'plan',
    run: async (signal) => {
      const [db, now] = [context.openDb(), context.clock()];
      await inTurns(publishDailyInSteps(db, now), signal);
      deleteDeferralsBefore(db, new Date(now.getTime() - historyKeptMs));
      // A new service may have readers before any source has answered. Their day is not over yet.
      if (!hasPapers(db)) return;
      const reuseMs = editionReuseMs;
      const steps = planInSteps(db, {
        ...{ asOf: now, now, reuseMs, learning: 'at-hand' },
        holdSample: leavesHere(context),
      });
      const plan = await inTurns(steps, signal);
      if (!plan) return;
      const held = plan.skipped.sample ?? 0;
      tellHeld(held, now);
      if (plan.due > held) log.info(plan, 'digests planned');
      mails.add('planned', plan.planned);
      // Who has nothing new may get a welcome.
      if (plan.due > held) onPlanned();
    },
  };
};
