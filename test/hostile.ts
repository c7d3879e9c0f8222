/** The hostile corpus taken in as an import takes it, and what readers are sent of it. */
import { Readable } from 'node:stream';
import { openArchive } from '../src/app/archive.ts';
import { findDigestPage } from '../src/app/digest-page.ts';
import { emptyTally, importRecords } from '../src/app/import.ts';
import { tokenUrl } from '../src/app/mail-kit.ts';
import { claimOrders } from '../src/app/orders.ts';
import { planDigests } from '../src/app/plan.ts';
import { createPrinter } from '../src/app/print-mail.ts';
import { listLastDigests } from '../src/db/digests.ts';
import { readRecords } from '../src/sources/records.ts';
import { mailKit } from './app/post.ts';
import { tempDb } from './db/temp-db.ts';
import { hostileLines } from './hostile-corpus.ts';
import { addReader, inventSettings, later, noon } from './invent.ts';

/** One reader's mail of all of it, its bytes and its web version. */
export const hostileMail = async (): Promise<{
  readonly bytes: Buffer;
  readonly page: string;
  readonly taken: number;
}> => {
  const db = tempDb();
  const input = Readable.from([Buffer.from(hostileLines().join('\n'))]);
  const tally = emptyTally();
  const records = readRecords(input, { now: noon, onBytes: () => undefined });
  await importRecords(db, records, { file: 'hostile', by: 'import', now: noon }, tally);
  const id = addReader(
    db,
    'mira@example.org',
    inventSettings({ topics: ['cs.CL', 'query:"<img src=x>"', 'all'], papers: 30 }),
  );
  planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
  const kit = await mailKit();
  const lease = { owner: 'test', now: noon, until: later(noon, 60_000) };
  const [claim] = claimOrders(db, lease, 1);
  if (claim?.ordered.kind !== 'order') throw new Error('nothing to print');
  const { bytes } = await createPrinter(kit, openArchive(db, kit))(claim.ordered.order);
  const [digest] = listLastDigests(db, id, 1);
  if (!digest) throw new Error('no digest');
  const token = tokenUrl(kit, 'digest', digest.key).split('/').at(-1) ?? '';
  const page = findDigestPage(db, kit, token)?.html ?? '';
  return { bytes, page, taken: tally.papers.new };
};
