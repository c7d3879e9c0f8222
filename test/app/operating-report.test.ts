import { beforeEach, describe, expect, test } from 'vitest';
import type { DoctorDeps } from '../../src/app/doctor/deps.ts';
import { readOperatingReport } from '../../src/app/operating-report.ts';
import { parseConfig } from '../../src/config.ts';
import { insertBounce } from '../../src/db/bounces.ts';
import { insertDelivery } from '../../src/db/deliveries.ts';
import type { Db } from '../../src/db/open.ts';
import { shutWay } from '../../src/db/shut-ways.ts';
import { appendBatch } from '../../src/db/source-batches.ts';
import { noteAttempt } from '../../src/db/source-states.ts';
import { connect, newDbFile } from '../db/temp-db.ts';
import { addReader, dayMs, inventPaper, later, noon, takeIn } from '../invent.ts';

let db: Db;
beforeEach(() => {
  db = connect(newDbFile());
});

const read = (at: Date) => {
  const parsed = parseConfig({});
  if (parsed.kind !== 'ok') throw new Error('no settings');
  const outside = () => {
    throw new Error('the report asks nothing of the network');
  };
  const deps: DoctorDeps = {
    ...{ db, config: parsed.config, clock: () => at, secret: undefined },
    ...{ resolve: outside as never, fetchHead: outside, freeBytes: () => 50 * 1024 ** 3 },
  };
  return readOperatingReport(deps);
};

describe('the operator’s report', () => {
  test('counts mails by the day they were planned, and no older ones', async () => {
    const reader = addReader(db, 'ada@readers.example');
    // 40 days with three mails each, and a gap in the numbers as pruning leaves it.
    for (let day = 39; day >= 0; day -= 1)
      for (let n = 0; n < 3; n += 1)
        insertDelivery(db, {
          ...{ key: `${day}/${n}`, kind: 'confirmation', subscriberId: reader },
          at: later(noon, -day * dayMs),
        });
    db.$client.exec(`delete from deliveries where id between 20 and 50`);
    db.$client.exec(`update deliveries set state = 'sent' where key like '%/1'`);
    const { mailDays } = await read(noon);
    expect(mailDays).toHaveLength(14);
    expect(mailDays.at(-1)?.day).toBe(noon.toISOString().slice(0, 10));
    for (const { mails } of mailDays) expect(mails).toEqual({ sent: 1, planned: 2 });
  });

  test('adds up readers who came and left, day by day', async () => {
    for (const name of ['ada', 'alan', 'grace']) addReader(db, `${name}@readers.example`);
    const at = (days: number): number => later(noon, days * dayMs).getTime();
    db.$client.exec(`update subscribers set confirmed_at = ${at(-200)} where email like 'ada%'`);
    db.$client.exec(`update subscribers set confirmed_at = ${at(-3)} where email not like 'ada%'`);
    db.$client.exec(
      `update subscribers set status = 'unsubscribed', unsubscribed_at = ${at(-1)} where email like 'alan%'`,
    );
    const { readersByDay, readers } = await read(noon);
    expect(readersByDay).toHaveLength(90);
    expect(readersByDay.slice(-5).map(({ total }) => total)).toEqual([1, 3, 3, 2, 2]);
    expect(readersByDay[0]?.total).toBe(1);
    expect(readers).toEqual({ active: 2, unsubscribed: 1 });
  });

  test('adds up papers by when they became known', async () => {
    await takeIn(
      db,
      Array.from({ length: 6 }, (_, n) => inventPaper(n)),
      [],
    );
    const { papersByDay } = await read(later(noon, 400 * dayMs));
    expect(papersByDay.map(({ total }) => total)).toEqual(Array(90).fill(6));
  });

  test('tells of sources, ways and what came back, and quotes nobody’s address', async () => {
    const reader = addReader(db, 'ada@readers.example');
    noteAttempt(db, 'arxiv', later(noon, -dayMs), {});
    noteAttempt(db, 'arxiv', noon, { error: 'refused: write to help@source.example' });
    const verdict = { day: '2026-03-19', verdict: 'new', papers: 12, fresh: 9 } as const;
    appendBatch(db, 'arxiv', { ...verdict, detail: '12 papers, 9 of them new' }, noon);
    shutWay(db, {
      ...{ way: 'readers.example', times: 1, reason: '450 <ada@readers.example>: try later' },
      ...{ since: noon, until: later(noon, 60_000) },
    });
    insertBounce(db, {
      ...{ subscriberId: reader, day: '2026-03-20', verdict: 'soft', status: '4.2.2' },
      ...{ reason: 'full', at: noon },
    });
    insertDelivery(db, { key: 'late', kind: 'digest', subscriberId: reader, at: noon });
    db.$client.exec(`update deliveries set reason = 'not now, ada@readers.example'`);
    const report = await read(later(noon, 3 * 3_600_000));
    expect(report.sources).toEqual([
      {
        ...{ source: 'arxiv', failures: 1, error: 'refused: write to …@…' },
        succeededAt: later(noon, -dayMs),
        batch: expect.objectContaining(verdict),
      },
    ]);
    expect(report.queue).toMatchObject({
      ...{ waiting: 1, oldestMs: 3 * 3_600_000 },
      shut: [{ way: 'readers.example', reason: '450 <…@…>: try later' }],
    });
    expect(report.mailDays.at(-1)?.bounces).toEqual({ soft: 1 });
    expect(report.findings.map(({ what }) => what).join()).toContain('not now, …@…');
    expect(JSON.stringify(report)).not.toContain('ada@');
  });
});
