/** Who prints for a round of delivery: this thread, or one of its own where a lot is due. */
import { availableParallelism } from 'node:os';
import { areManyDue } from '../db/delivery-counts.ts';
import type { Db } from '../db/open.ts';
import type { Log } from '../lib/log.ts';
import type { DeliverDeps } from './deliver.ts';
import type { MailKit } from './mail-kit.ts';
import type { Printer } from './print-mail.ts';
import { openPrintThread, type PrintThread } from './print-thread.ts';

export type PrintingDeps = {
  readonly db: Db;
  readonly clock: () => Date;
  readonly log: Log;
  readonly kit: MailKit;
  readonly templatesDir: string;
  /** Prints in this thread. */
  readonly print: Printer;
  /** The transport's. */
  readonly connections: number;
  /** So many due mails are worth a thread, 5,000 unless said otherwise. */
  readonly worthAThread?: number;
};

export type Printing = {
  /** Runs a round of delivery with somebody to print for it. */
  readonly during: <T>(
    deliver: (printing: Pick<DeliverDeps, 'print' | 'concurrency'>) => Promise<T>,
  ) => Promise<T>;
  readonly close: () => Promise<void>;
};

// Starting a thread takes a second, in which one or two thousand mails go out.
const usuallyWorthAThread = 5_000;

/** A thread without work ends after so long; the next round may come within the hour. */
const lingerMs = 120_000;

/** Mails printed or in flight, for each connection: a thread gets its orders in batches. */
const ahead = { here: 2, thread: 6 } as const;

/** A thread that dies leaves its orders, and all that follow, to be printed here. */
const orHere =
  (thread: PrintThread, here: Printer): Printer =>
  async (order) => {
    if (thread.isGone()) return here(order);
    try {
      return await thread.print(order);
    } catch (error) {
      if (thread.isGone()) return here(order);
      throw error;
    }
  };

export const openPrinting = (deps: PrintingDeps): Printing => {
  const { db, clock, print, connections, worthAThread = usuallyWorthAThread } = deps;
  const { name, memory } = db.$client;
  let thread: PrintThread | undefined;
  let linger: NodeJS.Timeout | undefined;
  const close = async (): Promise<void> => {
    clearTimeout(linger);
    const ended = thread;
    thread = undefined;
    await ended?.close();
  };
  const threadFor = async (): Promise<PrintThread | undefined> => {
    clearTimeout(linger);
    if (thread && !thread.isGone()) return thread;
    if (memory || availableParallelism() < 2 || !areManyDue(db, clock(), worthAThread))
      return undefined;
    thread = await openPrintThread(deps.kit, deps.templatesDir, name).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'no thread to print in: mails are printed where they are sent');
      return undefined;
    });
    return thread;
  };
  return {
    during: async (deliver) => {
      const printer = await threadFor();
      if (!printer) return deliver({ print, concurrency: ahead.here * connections });
      try {
        return await deliver({
          print: orHere(printer, print),
          concurrency: ahead.thread * connections,
        });
      } finally {
        linger = setTimeout(close, lingerMs).unref();
      }
    },
    close,
  };
};
