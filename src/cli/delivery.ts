/** How mails are delivered, by the settings: in this process, or by workers over Redis. */
import { type Delivery, deliverDue } from '../app/deliver.ts';
import type { MailKit } from '../app/mail-kit.ts';
import { openPrinting } from '../app/print-ahead.ts';
import type { CommandContext } from './command.ts';
import { deliverDeps, makeTransport } from './wiring.ts';

/** @throws when Redis is set and cannot be reached. */
export const openDelivery = async (context: CommandContext, kit: MailKit): Promise<Delivery> =>
  context.config.redisUrl === undefined
    ? deliveryHere(context, kit)
    : // Loaded where it is wanted: the queue's packages take a third of a second.
      (await import('./delivery-by-workers.ts')).deliveryByWorkers(
        context,
        kit,
        context.config.redisUrl,
      );

const deliveryHere = (context: CommandContext, kit: MailKit): Delivery => {
  const transport = makeTransport(context);
  const deps = deliverDeps(context, kit, transport);
  const {
    templatesDir,
    mail: { connections },
  } = context.config;
  const printing = openPrinting({ ...deps, kit, templatesDir, connections });
  return {
    describe: transport.describe,
    deliver: (options) =>
      printing.during((printer) => deliverDue({ ...deps, ...printer }, options)),
    close: async () => {
      await transport.close();
      await printing.close();
    },
  };
};
