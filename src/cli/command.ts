/** What a command is, and what it is given. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import type { Db } from '../db/open.ts';
import type { Log } from '../lib/log.ts';

/** The command was called wrongly: exit code 2. */
export class UsageError extends Error {}

/** The command was called rightly and could not do it: exit code 1, with the reason in one line. */
export class CommandFailure extends Error {}

export type CommandContext = {
  readonly config: Config;
  readonly clock: () => Date;
  readonly log: Log;
  /** Opens the database once, its tables and built-in topics up to date unless it is only read. */
  readonly openDb: () => Db;
  readonly secret: () => string;
  readonly print: (text: string) => void;
  /** A line for the person at the terminal, on standard error. */
  readonly note: (text: string) => void;
  /** Whether standard error is a terminal. */
  readonly terminal: boolean;
  readonly stdin: AsyncIterable<Buffer>;
  /** Given when the process is asked to stop. */
  readonly signal: AbortSignal;
  /** Names this process in the ledger. */
  readonly owner: string;
  /** Whether the process a ledger row names is known to be gone. */
  readonly isGone: (owner: string) => boolean;
};

export type CommandOptions = NonNullable<ParseArgsConfig['options']>;

export type Command = {
  readonly name: string;
  /** After `paperboy`, as it stands in the help. */
  readonly usage: string;
  readonly summary: string;
  /** @throws UsageError, CommandFailure */
  readonly run: (context: CommandContext, args: readonly string[]) => Promise<void>;
};

export type Values = { readonly [name: string]: string | boolean | undefined };

/** Parses a command's arguments; whatever is not declared is wrong usage. */
export const parseCommand = (
  args: readonly string[],
  options: CommandOptions,
): { readonly values: Values; readonly positionals: readonly string[] } => {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return { values: parsed.values as Values, positionals: parsed.positionals };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new UsageError((text.split('. ')[0] ?? text).replace(/\n[\s\S]*/, ''));
  }
};

export const textOption = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

/** `--as-of`: a day, or an instant; one without a zone is UTC. Without the option, now. */
export const parseAsOf = (values: Values, clock: () => Date): Date => {
  const text = textOption(values, 'as-of');
  if (text === undefined) return clock();
  const match =
    /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
      text,
    );
  const spelled = text.length > 10 && match && !match[1] ? `${text}Z` : text;
  const at = new Date(spelled.replace(' ', 'T'));
  // Date.parse takes 2026-02-30 for the second of March.
  const dayExists =
    !Number.isNaN(at.getTime()) &&
    new Date(`${text.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(text.slice(0, 10));
  if (!match || !dayExists)
    throw new UsageError(`--as-of ${text} is no time such as 2026-03-20T18:00:00Z`);
  return at;
};

/** A whole number between 1 and `most`. */
export const parseLimit = (values: Values, usual: number, most: number): number => {
  const text = textOption(values, 'limit');
  if (text === undefined) return usual;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > most)
    throw new UsageError(`--limit ${text} is no whole number from 1 to ${most}`);
  return limit;
};

export const noPositionals = (positionals: readonly string[]): void => {
  if (positionals.length > 0) throw new UsageError(`unexpected argument "${positionals[0]}"`);
};

/** A fault in a query, shown under the place where it stands. */
export const queryFailure = (
  text: string,
  fault: { message: string; position: number },
): UsageError =>
  new UsageError(
    `query, character ${fault.position + 1}: ${fault.message} (${excerptAt(text, fault.position)})`,
  );

const excerptAt = (text: string, at: number): string => {
  const from = Math.max(0, at - 15);
  return `${from > 0 ? '…' : ''}${text.slice(from, at)}⟨here⟩${text.slice(at, at + 15)}${at + 15 < text.length ? '…' : ''}`;
};

export const printJson = (context: CommandContext, value: unknown): void =>
  context.print(JSON.stringify(value));
