/** The middle of a delivery: an order printed and handed to the transport. */
import type { SendOutcome } from '../domain/delivery.ts';
import type { Transport } from '../mail/transport.ts';
import type { MailOrder } from './orders.ts';
import type { Printer } from './print-mail.ts';

/**
 * Prints and sends. Once the transport has said what became of the mail it reads nothing of it any
 * more, and its bytes go back to the printer. @throws NotBegun when the round `isOver` before its turn.
 */
export const sendPrinted = async (
  { print, transport }: { readonly print: Printer; readonly transport: Transport },
  order: MailOrder,
  beforeFinalDot: () => void | Promise<void>,
  isOver: () => boolean,
): Promise<SendOutcome> => {
  const mail = await print(order);
  try {
    return await transport.send(mail, beforeFinalDot, isOver);
  } finally {
    mail.release?.();
  }
};
