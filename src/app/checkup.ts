/**
 * The doctor's slow looks, kept for the operator's page: at the mail server, DNS, the address and
 * the whole database. Whoever asks gets at once what was found last; an old look is renewed behind
 * the answer.
 */
import { type Finding, finding } from '../domain/finding.ts';

/** A look older than this is renewed when somebody asks for it. */
export const lookKeptMs = 6 * 60 * 60_000;

/** However often it is asked for, there is no more than one look in this time. */
const betweenMs = 15_000;

export type Look = {
  readonly findings: readonly Finding[];
  /** When the findings were made; unset before the first. */
  readonly at?: Date;
  /** Whether another look is under way. */
  readonly running: boolean;
};

export type Checkup = {
  /** What was found last. Never waits. */
  readonly look: () => Look;
  /** Looks now, unless somebody has a moment ago; resolves with what is found. */
  readonly renew: () => Promise<readonly Finding[]>;
};

export const createCheckup = (
  clock: () => Date,
  consult: () => Promise<readonly Finding[]>,
): Checkup => {
  let last: { readonly findings: readonly Finding[]; readonly at?: Date } = { findings: [] };
  let current: Promise<readonly Finding[]> | undefined;
  const ageMs = (): number =>
    last.at ? Math.abs(clock().getTime() - last.at.getTime()) : Number.POSITIVE_INFINITY;
  const start = async (): Promise<readonly Finding[]> => {
    const findings = await consult().catch((error: unknown) => [brokenOff(error)]);
    last = { findings, at: clock() };
    current = undefined;
    return findings;
  };
  const renew = (): Promise<readonly Finding[]> => {
    if (!current && ageMs() < betweenMs) return Promise.resolve(last.findings);
    current ??= start();
    return current;
  };
  return {
    look: () => {
      if (ageMs() >= lookKeptMs) void renew();
      return { ...last, running: current !== undefined };
    },
    renew,
  };
};

const brokenOff = (error: unknown): Finding =>
  finding(
    'fault',
    'doctor.failed',
    `the doctor could not be asked: ${error instanceof Error ? error.message : error}`,
    'it is not known whether mail server, DNS, address and database are well',
    'see what "paperboy doctor" says',
  );
