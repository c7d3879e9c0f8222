import { createReadStream } from 'node:fs';
import { type Effect, type TakenBounce, takeMessage } from '../app/bounce.ts';
import { mostReportBytes } from '../mail/mime.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  parseCommand,
  printJson,
} from './command.ts';

export const bounceCommand: Command = {
  name: 'bounce',
  usage: 'bounce [FILE… | -] [--dry-run] [--json]',
  summary: 'reads bounces, complaints and unsubscribe mails and applies them',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      json: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
    });
    const deps = {
      db: context.openDb(),
      secret: context.secret(),
      bounceAddress: context.config.mail.bounceAddress,
    };
    const messages: { file: string; bounces: readonly TakenBounce[] }[] = [];
    const unreadable: string[] = [];
    for (const file of positionals.length > 0 ? positionals : ['-']) {
      const bytes = await readStart(context, file).catch((error: NodeJS.ErrnoException) => {
        unreadable.push(`${file}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
      });
      if (!bytes) continue;
      const bounces = takeMessage(deps, bytes, {
        origin: 'operator',
        now: context.clock(),
        dryRun: values['dry-run'] === true,
      });
      messages.push({ file, bounces });
    }
    if (values.json === true) printJson(context, { messages: messages.map(toJson) });
    else for (const { file, bounces } of messages) report(context, file, bounces);
    if (unreadable.length > 0) throw new CommandFailure(unreadable.join('; '));
  },
};

/** The part that is read of a message; the rest is taken in and let go, or the pipe would break. */
const readStart = async (context: CommandContext, file: string): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const input = file === '-' ? context.stdin : createReadStream(file);
  for await (const chunk of input as AsyncIterable<Buffer>) {
    if (bytes < mostReportBytes) chunks.push(chunk);
    bytes += chunk.length;
  }
  return Buffer.concat(chunks);
};

const toJson = ({ file, bounces }: { file: string; bounces: readonly TakenBounce[] }) => ({
  file,
  bounces: bounces.map(({ recipient, verdict, status, reason, effect }) => ({
    recipient,
    verdict,
    status,
    reason,
    ...((effect === 'unproven' || effect === 'unknown') && { applied: false }),
  })),
});

const effects: Readonly<Record<Effect, string>> = {
  suppressed: 'suppressed',
  unsubscribed: 'unsubscribed',
  noted: 'noted',
  unproven: 'not applied: it did not come to a signed return address',
  unknown: 'not applied: no reader has this address',
};

const report = (context: CommandContext, file: string, bounces: readonly TakenBounce[]): void => {
  if (bounces.length === 0) context.print(`${file}: no bounce`);
  for (const { recipient, verdict, status, reason, effect } of bounces)
    context.print(
      `${file}: ${recipient} ${[verdict, status, reason].filter(Boolean).join(' ')} (${effects[effect]})`,
    );
};
