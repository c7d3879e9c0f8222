/** What senders that died left behind: settled by what can be seen, and in doubt otherwise. */
import { settleDoubtful } from '../db/deliveries.ts';
import { listDoubts, settleFoundSent, takeBackDataSent } from '../db/doubts.ts';
import { type Db, inTransaction } from '../db/open.ts';
import type { Transport } from '../mail/transport.ts';

export type LeftOver = { readonly sent: number; readonly unknown: number };

/**
 * Settles what is `data-sent` and nobody's any more. Where the transport leaves traces, a mail that
 * is out is sent and one that is not is free to be claimed again; the rest becomes `unknown`.
 */
export const settleLeftOver = async (
  db: Db,
  { traces }: Pick<Transport, 'traces'>,
  now: Date,
): Promise<LeftOver> => {
  const doubts = traces ? listDoubts(db, now) : [];
  if (!traces || doubts.length === 0) return { sent: 0, unknown: settleDoubtful(db, now) };
  const keys = doubts.map(({ key }) => key);
  const found = await traces.find(keys);
  const told = inTransaction(db, () => {
    let sent = 0;
    for (const { id, key } of doubts) {
      const trace = found.get(key);
      if (trace === 'not-sent') takeBackDataSent(db, id, now);
      if (trace === 'sent' && settleFoundSent(db, id, 'found written after a restart', now))
        sent += 1;
    }
    return { sent, unknown: settleDoubtful(db, now) };
  });
  await traces.clear(keys);
  return told;
};
