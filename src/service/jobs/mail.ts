/** The service's delivering of the mails that wait. */
import type { Deliver } from '../../app/deliver.ts';
import type { MailCounts } from '../../app/mail-counts.ts';
import type { CommandContext } from '../../cli/command.ts';
import type { Job } from '../schedule.ts';

/** Delivers what waits, counts it for the metrics, and tells the log how fast it went. */
export const mailJob = (context: CommandContext, deliver: Deliver, mails: MailCounts): Job => ({
  name: 'mail',
  run: async (signal) => {
    const begunAt = context.clock().getTime();
    const before = mails.totals().unknown;
    const delivered = await deliver({ signal, onSettled: ({ state }) => mails.add(state) });
    // Those an earlier process left in doubt were nobody's attempt.
    mails.add('unknown', before + delivered.unknown - mails.totals().unknown);
    if (Object.values(delivered).every((count) => count === 0)) return;
    const seconds = (context.clock().getTime() - begunAt) / 1000;
    const perSecond = Math.round(delivered.sent / Math.max(seconds, 0.001));
    context.log.info({ ...delivered, seconds, perSecond }, 'mails delivered');
  },
});
