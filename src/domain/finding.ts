/** What the doctor finds: each finding says what is so, why it matters, and what to do about it. */
export const levels = ['ok', 'note', 'warning', 'fault'] as const;
export type Level = (typeof levels)[number];

export type Finding = {
  /** Stable, such as `dkim.record`, for scripts and the manual. */
  readonly id: string;
  readonly level: Level;
  readonly what: string;
  /** Empty where all is well. */
  readonly why: string;
  readonly do: string;
};

export const fine = (id: string, what: string): Finding => ({
  ...{ id, level: 'ok', what, why: '', do: '' },
});

/** A finding that asks for something. */
export const finding = (
  level: Exclude<Level, 'ok'>,
  id: string,
  what: string,
  why: string,
  cure: string,
): Finding => ({ id, level, what, why, do: cure });

/** The worst first, otherwise in the order they were found. */
export const byLevel = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level));
