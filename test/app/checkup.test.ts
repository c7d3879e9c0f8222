import { beforeEach, describe, expect, it } from 'vitest';
import { type Checkup, createCheckup, lookKeptMs } from '../../src/app/checkup.ts';
import { type Finding, fine } from '../../src/domain/finding.ts';

/** A doctor who answers when told to. */
const slowDoctor = () => {
  const waiting: { resolve: (found: readonly Finding[]) => void; reject: (e: Error) => void }[] =
    [];
  return {
    waiting,
    consult: () =>
      new Promise<readonly Finding[]>((resolve, reject) => waiting.push({ resolve, reject })),
  };
};

describe('the checkup', () => {
  const start = new Date('2026-11-26T09:00:00Z');
  let now: Date;
  let doctor: ReturnType<typeof slowDoctor>;
  let checkup: Checkup;
  beforeEach(() => {
    now = start;
    doctor = slowDoctor();
    checkup = createCheckup(() => now, doctor.consult);
  });
  const pass = (ms: number): void => {
    now = new Date(now.getTime() + ms);
  };

  it('answers at once with what was found last, and looks behind the answer', async () => {
    expect(checkup.look()).toEqual({ findings: [], running: true });
    expect(checkup.look().running).toBe(true);
    expect(doctor.waiting).toHaveLength(1);
    const looked = checkup.renew();
    doctor.waiting[0]?.resolve([fine('smtp', 'all is well')]);
    await looked;
    const found = { findings: [fine('smtp', 'all is well')], at: start };
    expect(checkup.look()).toEqual({ ...found, running: false });

    pass(lookKeptMs - 1);
    expect(checkup.look().running).toBe(false);
    pass(1);
    expect(checkup.look()).toEqual({ ...found, running: true });
    expect(doctor.waiting).toHaveLength(2);
  });

  it('looks again when asked, but not twice in a moment', async () => {
    const first = checkup.renew();
    doctor.waiting[0]?.resolve([]);
    await first;
    pass(1_000);
    expect(await checkup.renew()).toEqual([]);
    expect(doctor.waiting).toHaveLength(1);
    pass(60_000);
    void checkup.renew();
    void checkup.renew();
    expect(doctor.waiting).toHaveLength(2);
  });

  it('a doctor who cannot be asked is a finding, and is asked again', async () => {
    const looked = checkup.renew();
    doctor.waiting[0]?.reject(new Error('no such program'));
    expect(await looked).toMatchObject([
      { level: 'fault', id: 'doctor.failed', what: expect.stringContaining('no such program') },
    ]);
    pass(lookKeptMs);
    expect(checkup.look()).toMatchObject({ findings: [{ id: 'doctor.failed' }], running: true });
  });

  it('a clock set back silences nothing', async () => {
    const looked = checkup.renew();
    doctor.waiting[0]?.resolve([]);
    await looked;
    pass(-2 * lookKeptMs);
    expect(checkup.look().running).toBe(true);
  });
});
