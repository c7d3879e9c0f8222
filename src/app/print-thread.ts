/**
 * Printing in a thread of its own: of a large outbox the mails are printed and signed on one core
 * while another claims, commits and sends. The thread has its own connection to the database, for the
 * archive, and gets orders as other processes would.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { openReadOnly } from '../db/open.ts';
import { threadCode } from '../lib/thread.ts';
import { keepMade, listMade } from '../mail/skeletons.ts';
import { loadTemplates } from '../mail/templates.ts';
import type { OutgoingMail } from '../mail/transport.ts';
import { openArchive } from './archive.ts';
import type { MailKit } from './mail-kit.ts';
import type { MailOrder } from './orders.ts';
import { createPrinter, type Printer } from './print-mail.ts';

export type PrintThread = {
  /** Rejects when the order cannot be printed, or the thread is gone. */
  readonly print: Printer;
  readonly isGone: () => boolean;
  readonly close: () => Promise<void>;
};

/** What a thread can be given: templates are functions, and are loaded there again. */
type ThreadKit = Omit<MailKit, 'templates'>;

type Assignment = {
  readonly printFrom: string;
  readonly templatesDir: string;
  readonly kit: ThreadKit;
  /** What MJML has made here already. */
  readonly skeletons: Readonly<Record<string, string>>;
};

/** A printed mail among others in one buffer, or why it could not be printed. */
type Slip =
  | { readonly mail: Omit<OutgoingMail, 'bytes'>; readonly at: number; readonly length: number }
  | { readonly fault: string };
/** Orders that were handed over together, under a number; of two batches either may be done first. */
type Batch = { readonly number: number; readonly orders: readonly MailOrder[] };
type Printed = {
  readonly number: number;
  readonly slips: readonly Slip[];
  readonly bytes: Uint8Array<ArrayBuffer>;
};

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Starts a thread that prints from a database file; resolves once it can. */
export const openPrintThread = async (
  { templates: _, ...kit }: MailKit,
  templatesDir: string,
  file: string,
): Promise<PrintThread> => {
  const assignment: Assignment = { printFrom: file, templatesDir, kit, skeletons: listMade() };
  const worker = new Worker(threadCode(import.meta.url), {
    eval: true,
    workerData: assignment,
    execArgv: [],
  });
  const desk = openDesk(worker);
  await desk.ready;
  worker.unref();
  return {
    print: desk.print,
    isGone: desk.isGone,
    close: async () => {
      await worker.terminate();
    },
  };
};

type Asked = {
  readonly order: MailOrder;
  readonly done: (mail: OutgoingMail) => void;
  readonly failed: (error: Error) => void;
};

/** Orders of one turn of the loop go together. */
const openDesk = (worker: Worker) => {
  let gathered: Asked[] = [];
  let last = 0;
  const away = new Map<number, readonly Asked[]>();
  let gone: Error | undefined;
  const hand = (): void => {
    last += 1;
    away.set(last, gathered);
    const batch: Batch = { number: last, orders: gathered.map(({ order }) => order) };
    gathered = [];
    // Somebody waits for a mail, and nothing else may keep the process going.
    worker.ref();
    worker.postMessage(batch);
  };
  const take = ({ number, slips, bytes }: Printed): void => {
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const asked = away.get(number) ?? [];
    away.delete(number);
    if (away.size === 0) worker.unref();
    for (const [index, { done, failed }] of asked.entries()) {
      const slip = slips[index];
      if (!slip || 'fault' in slip) failed(new Error(slip?.fault ?? 'not printed'));
      else done({ ...slip.mail, bytes: whole.subarray(slip.at, slip.at + slip.length) });
    }
  };
  const end = (error: Error): void => {
    gone ??= error;
    for (const { failed } of [...away.values(), gathered].flat()) failed(gone);
    away.clear();
    gathered = [];
  };
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: 'ready' | Printed) => {
      if (message === 'ready') resolve();
      else take(message);
    });
    worker.once('error', (error) => {
      end(error instanceof Error ? error : new Error(String(error)));
      reject(gone);
    });
    worker.once('exit', () => {
      end(new Error('the printing thread has ended'));
      reject(gone);
    });
  });
  const print: Printer = (order) =>
    new Promise((done, failed) => {
      if (gone) return failed(gone);
      gathered.push({ order, done, failed });
      if (gathered.length === 1) setImmediate(hand);
    });
  return { ready, print, isGone: () => gone !== undefined };
};

const isAssignment = (data: unknown): data is Assignment =>
  typeof data === 'object' && data !== null && 'printFrom' in data;

const printAll = async (print: Printer, { number, orders }: Batch): Promise<Printed> => {
  const printed = await Promise.allSettled(orders.map(print));
  const mails = printed.flatMap((one) => (one.status === 'fulfilled' ? one.value.bytes : []));
  const bytes = new Uint8Array(mails.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  const slips = printed.map((one): Slip => {
    if (one.status === 'rejected')
      return { fault: one.reason instanceof Error ? one.reason.message : String(one.reason) };
    const { bytes: own, ...mail } = one.value;
    bytes.set(own, at);
    at += own.length;
    return { mail, at: at - own.length, length: own.length };
  });
  return { number, slips, bytes };
};

const serve = async ({ printFrom, templatesDir, kit, skeletons }: Assignment): Promise<void> => {
  keepMade(skeletons);
  const db = openReadOnly(printFrom, migrationsFolder);
  const whole = {
    ...kit,
    // The other core has the sending to do, unless there are more.
    dkim: kit.dkim?.map((key) => ({ ...key, signsHere: availableParallelism() <= 2 })),
    templates: await loadTemplates(templatesDir),
  };
  const print = createPrinter(whole, openArchive(db, whole));
  parentPort?.on('message', async (batch: Batch) => {
    const printed = await printAll(print, batch);
    parentPort?.postMessage(printed, [printed.bytes.buffer]);
  });
  parentPort?.postMessage('ready');
};

if (!isMainThread && isAssignment(workerData)) await serve(workerData);
