/** The service's own reading of the bounce mailbox. */
import { takeMessage } from '../../app/bounce.ts';
import type { CommandContext } from '../../cli/command.ts';
import { readMailbox } from '../../mail/imap.ts';
import type { Job } from '../schedule.ts';

/** A bounce that waits some minutes costs at most one more mail. */
const everyMs = 5 * 60_000;

/** Reads the mailbox of `BOUNCE_IMAP_URL` every few minutes; no job where that is unset. */
export const bounceJobs = (context: CommandContext, secret: string): readonly Job[] => {
  const { config, clock, log } = context;
  const { imapUrl } = config.bounces;
  if (imapUrl === undefined) return [];
  const deps = { db: context.openDb(), secret, bounceAddress: config.mail.bounceAddress };
  let last = { at: 0, uid: 0, uidValidity: '' };
  const run: Job['run'] = async (signal) => {
    const now = clock();
    if (now.getTime() - last.at < everyMs) return;
    last = { ...last, at: now.getTime() };
    const effects: string[] = [];
    const take = (bytes: Buffer): boolean => {
      const bounces = takeMessage(deps, bytes, { origin: 'mailbox', now: clock() });
      effects.push(...bounces.map(({ effect }) => effect));
      // What nothing proves to be about our mail stays unread, for people.
      return bounces.some(({ effect }) => effect !== 'unproven');
    };
    const reading = await readMailbox(imapUrl, { take, signal, afterUid: last.uid });
    // A mailbox made anew counts from the start again; what was passed over is read next time.
    const same = last.uidValidity === '' || last.uidValidity === reading.uidValidity;
    last = { ...last, uid: same ? reading.lastUid : 0, uidValidity: reading.uidValidity };
    if (reading.read > 0) log.info({ ...reading, effects }, 'bounce mailbox read');
  };
  return [{ name: 'bounces', run }];
};
