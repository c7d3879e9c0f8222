/**
 * The galley: a long tray in which one mail's body after another is put together piece by piece.
 * Pieces are bytes already encoded, so putting one is a copy, and what is put is sent from where it
 * lies: memory is asked for once for many mails, and goes when the last of them is sent.
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

// Two usual digests, or one of the longest. From 128 KB on malloc maps memory anew each time, and its
// pages come from the system cold and empty: with trays of 512 KB all takes half as long again.
const traySize = 124 * 1024;

/** `headRoom` bytes are left before each body. */
export const createGalley = (headRoom: number): Galley => {
  let tray = Buffer.allocUnsafeSlow(traySize);
  let from = 0;
  let used = 0;
  const makeRoom = (length: number): void => {
    if (used + length <= tray.length) return;
    const begun = used - from;
    const next = Buffer.allocUnsafeSlow(Math.max(traySize, 2 * (begun + length)));
    tray.copy(next, 0, from, used);
    tray = next;
    from = 0;
    used = begun;
  };
  return {
    begin: () => {
      used = from + headRoom;
    },
    put: (piece) => {
      makeRoom(piece.length);
      tray.set(piece, used);
      used += piece.length;
      return used - piece.length;
    },
    putOver: (piece, at) => tray.set(piece, at),
    lift: () => {
      const whole = tray.subarray(from, used);
      from = used;
      return { whole, from: headRoom };
    },
  };
};
