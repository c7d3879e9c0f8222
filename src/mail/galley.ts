/**
 * The galley: a tray in which one mail's body is put together piece by piece, before it is moved to
 * a sheet of its own. Pieces are bytes already encoded, so putting one is a copy; the tray is used
 * again for every mail.
 */
import type { Body } from './message.ts';

export type Galley = {
  /** Returns where the piece begins. */
  readonly put: (piece: Buffer) => number;
  /** ASCII, here and below. */
  readonly write: (piece: string) => void;
  /** Over what was put there. */
  readonly writeOver: (piece: string, at: number) => void;
  /** Moves what is in the tray to a sheet with room for the mail's head, and empties the tray. */
  readonly lift: (headRoom: number) => Body;
};

/** Most digests fit without growing. */
const usualSize = 128 * 1024;

export const createGalley = (): Galley => {
  let tray = Buffer.allocUnsafeSlow(usualSize);
  let used = 0;
  const makeRoom = (length: number): void => {
    if (used + length <= tray.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(tray.length * 2, used + length));
    tray.copy(larger, 0, 0, used);
    tray = larger;
  };
  return {
    put: (piece) => {
      makeRoom(piece.length);
      tray.set(piece, used);
      used += piece.length;
      return used - piece.length;
    },
    write: (piece) => {
      makeRoom(piece.length);
      used += tray.write(piece, used, 'latin1');
    },
    writeOver: (piece, at) => void tray.write(piece, at, 'latin1'),
    lift: (headRoom) => {
      const whole = Buffer.allocUnsafe(headRoom + used);
      tray.copy(whole, headRoom, 0, used);
      used = 0;
      return { whole, from: headRoom };
    },
  };
};
