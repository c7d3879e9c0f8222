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
import { createGalley, createHolds, createRack, isTray } from '../mail/galley.ts';
import { headRoom } from '../mail/message.ts';
import { keepMade, listMade } from '../mail/skeletons.ts';
import { loadTemplates } from '../mail/templates.ts';
import type { OutgoingMail } from '../mail/transport.ts';
import { openArchive } from './archive.ts';
import type { MailKit } from './mail-kit.ts';
import type { MailOrder } from './orders.ts';
import { openShop, type Printer, printerIn } from './print-mail.ts';

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
  /** Whether RSA signs in that thread. */
  readonly signsHere: boolean;
  /** What MJML has made here already. */
  readonly skeletons: Readonly<Record<string, string>>;
};

/** Where in which tray a printed mail lies, or why it could not be printed. */
type Slip =
  | {
      readonly kind: 'printed';
      readonly mail: Pick<OutgoingMail, 'key' | 'envelope' | 'noLeadingDots'>;
      readonly tray: number;
      readonly at: number;
      readonly length: number;
    }
  | { readonly kind: 'fault'; readonly reason: string };

/**
 * Orders that were handed over together, under a number; of two batches either may be done first.
 * With them go trays that are empty again. Whoever hands a tray over cannot reach into it any more.
 */
type Batch = {
  readonly number: number;
  readonly orders: readonly MailOrder[];
  readonly empties: readonly ArrayBuffer[];
};
type Printed = {
  readonly number: number;
  readonly slips: readonly Slip[];
  readonly trays: readonly ArrayBuffer[];
};

/** Of those that go round, some twenty megabytes: a thread is far ahead of what is sent. */
const mostTrays = 160;

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Starts a thread that prints from a database file; resolves once it can. */
export const openPrintThread = async (
  { templates: _, ...kit }: MailKit,
  templatesDir: string,
  file: string,
  // The other core has the sending to do, unless there are more.
  signsHere: boolean = availableParallelism() <= 2,
): Promise<PrintThread> => {
  const assignment: Assignment = {
    ...{ printFrom: file, templatesDir, kit, signsHere },
    skeletons: listMade(),
  };
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

/** A tray that came with mails in it: empty once all of them are released. */
type Held = { readonly tray: ArrayBuffer; readonly hold: () => () => void };

/** Orders of one turn of the loop go together. */
const openDesk = (worker: Worker) => {
  let gathered: Asked[] = [];
  let last = 0;
  const away = new Map<number, readonly Asked[]>();
  let gone: Error | undefined;
  let empties: ArrayBuffer[] = [];
  const hand = (): void => {
    last += 1;
    away.set(last, gathered);
    const batch: Batch = { number: last, orders: gathered.map(({ order }) => order), empties };
    gathered = [];
    empties = [];
    // Somebody waits for a mail, and nothing else may keep the process going.
    worker.ref();
    worker.postMessage(batch, batch.empties);
  };
  const take = ({ number, slips, trays }: Printed): void => {
    const held = trays.map((tray) => {
      // What is no tray, such as a notice, nobody would fill again.
      const { hold } = createHolds(() => isTray(tray) && empties.push(tray));
      return { tray, hold, letGo: hold() };
    });
    const asked = away.get(number) ?? [];
    away.delete(number);
    if (away.size === 0) worker.unref();
    for (const [index, { done, failed }] of asked.entries()) {
      const slip = slips[index] ?? { kind: 'fault', reason: 'not printed' };
      if (slip.kind === 'fault') failed(new Error(slip.reason));
      else {
        const { tray, hold } = held[slip.tray] as Held;
        const bytes = Buffer.from(tray, slip.at, slip.length);
        done({ ...slip.mail, bytes, release: hold() });
      }
    }
    for (const { letGo } of held) letGo();
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
  const printed = await Promise.allSettled(orders.map((order) => print(order)));
  const trays: ArrayBuffer[] = [];
  const slips = printed.map((one): Slip => {
    if (one.status === 'rejected')
      return {
        kind: 'fault',
        reason: one.reason instanceof Error ? one.reason.message : String(one.reason),
      };
    const { key, envelope, noLeadingDots, bytes } = one.value;
    const { buffer, byteOffset: at, length } = bytes;
    const mail = { key, envelope, ...(noLeadingDots && { noLeadingDots }) };
    let tray = trays.indexOf(buffer as ArrayBuffer);
    if (tray < 0) tray = trays.push(buffer as ArrayBuffer) - 1;
    return { kind: 'printed', mail, tray, at, length };
  });
  return { number, slips, trays };
};

const serve = async (assignment: Assignment): Promise<void> => {
  const { printFrom, templatesDir, kit, signsHere, skeletons } = assignment;
  keepMade(skeletons);
  const db = openReadOnly(printFrom, migrationsFolder);
  const whole = {
    ...kit,
    dkim: kit.dkim?.map((key) => ({ ...key, signsHere })),
    templates: await loadTemplates(templatesDir),
  };
  const shop = openShop(whole, openArchive(db, whole));
  const rack = createRack(mostTrays);
  parentPort?.on('message', async (batch: Batch) => {
    for (const tray of batch.empties) rack.putBack(tray);
    // A galley of its own, whose trays leave with it.
    const printed = await printAll(printerIn(shop, createGalley(headRoom, rack)), batch);
    parentPort?.postMessage(printed, printed.trays);
  });
  parentPort?.postMessage('ready');
};

if (!isMainThread && isAssignment(workerData)) await serve(workerData);
