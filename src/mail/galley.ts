/**
 * The galley: a long tray in which one mail's body after another is put together piece by piece.
 * Pieces are bytes already encoded, so putting one is a copy, and what is put is sent from where it
 * lies. A tray goes round: once its mails are sent it is filled again, while it is still in a core's
 * cache, which takes three quarters of the time that memory never seen before does.
 */
import type { Body } from './message.ts';

export type Galley = {
  /** Begins a mail, leaving what was put of one that was given up. */
  readonly begin: () => void;
  /** Returns where the piece begins. */
  readonly put: (piece: Buffer) => number;
  /** Puts a piece over what was put there. */
  readonly putOver: (piece: Buffer, at: number) => void;
  /** What was put since it was begun, with room for the mail's head before it. */
  readonly lift: () => Body;
};

/** Empty trays. */
export type Rack = {
  /** One of `least` bytes or more. */
  readonly take: (least: number) => Buffer;
  /** Puts back one that nobody reads any more. */
  readonly putBack: (tray: ArrayBufferLike) => void;
};

// Two usual digests; one of more than twenty papers may need a longer one, made for it. From 128 KB on malloc maps memory anew each time, and its
// pages come from the system cold and empty: with trays of 512 KB all takes half as long again.
const traySize = 124 * 1024;

/** Whether memory is a tray, to be put back on a rack. */
export const isTray = (memory: ArrayBufferLike): boolean => memory.byteLength === traySize;

/** Two megabytes: as many mails as senders usually have in hand. */
const usualTrays = 16;

/** A rack of so many trays at most; the last one put back is the first one taken. */
export const createRack = (mostTrays = usualTrays): Rack => {
  const trays: ArrayBufferLike[] = [];
  return {
    take: (least) => {
      if (least > traySize) return Buffer.allocUnsafeSlow(2 * least);
      const tray = trays.pop();
      return tray ? Buffer.from(tray) : Buffer.allocUnsafeSlow(traySize);
    },
    putBack: (tray) => {
      if (isTray(tray) && trays.length < mostTrays) trays.push(tray);
    },
  };
};

/** Counts who still reads: `hold` returns how to end one's part, and the last to end it calls `over`. */
export const createHolds = (over: () => void) => {
  let held = 0;
  const hold = (): (() => void) => {
    let isOurs = true;
    held += 1;
    return () => {
      if (!isOurs) return;
      isOurs = false;
      held -= 1;
      if (held === 0) over();
    };
  };
  return { hold };
};

/** `headRoom` bytes are left before each body. */
export const createGalley = (headRoom: number, rack = createRack()): Galley => {
  let tray = layTray(rack, noTray);
  let from = 0;
  let used = 0;
  const makeRoom = (length: number): void => {
    if (used + length <= tray.bytes.length) return;
    const begun = used - from;
    const next = layTray(rack, rack.take(begun + length));
    tray.bytes.copy(next.bytes, 0, from, used);
    tray.leave();
    tray = next;
    from = 0;
    used = begun;
  };
  return {
    begin: () => {
      used = from;
      makeRoom(headRoom);
      used += headRoom;
    },
    put: (piece) => {
      makeRoom(piece.length);
      tray.bytes.set(piece, used);
      used += piece.length;
      return used - piece.length;
    },
    putOver: (piece, at) => tray.bytes.set(piece, at),
    lift: () => {
      const whole = tray.bytes.subarray(from, used);
      from = used;
      return { whole, from: headRoom, release: tray.hold() };
    },
  };
};

const noTray = Buffer.alloc(0);

/** A tray in use, held by the galley as long as more is put into it, and by each of its mails. */
const layTray = (rack: Rack, bytes: Buffer) => {
  const { hold } = createHolds(() => rack.putBack(bytes.buffer));
  return { bytes, hold, leave: hold() };
};
