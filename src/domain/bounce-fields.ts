/**
 * The machine-readable half of a report: fields for the message, then a block of fields for each
 * recipient (RFC 3464 §2). Read from wherever they stand, since many systems put them into the text,
 * leave out the blank line between the blocks, or leave out the blocks' own type.
 */
import { findAddress } from './bounce-message.ts';
import type { Refusal } from './bounce-reason.ts';

/** What is known of one recipient; `refusal.action` is empty where no action was told. */
export type RecipientReport = { readonly recipient: string; readonly refusal: Refusal };

type Block = Map<string, string>;

const fieldNames =
  /^(final-recipient|original-recipient|x-actual-recipient|x-original-recipient|action|status|diagnostic-code|remote-mta|x-supplementary-info|x-smtp-command|smtp-code|x-postfix-queue-id|last-attempt-date|will-retry-until|x-display-name|localized-diagnostic|x-notes-smtp-reason|final-log-id|x-powermta-bouncecategory|original-envelope-id|reporting-mta|received-from-mta|arrival-date|dsn-gateway)[ \t]*:[ \t]*(.*)$/i;

const recipientNames = [
  'final-recipient',
  'original-recipient',
  'x-original-recipient',
  'x-actual-recipient',
];

/** The recipients that a text full of fields tells of, in its order, each once. */
export const readFields = (text: string): readonly RecipientReport[] => {
  const found = new Map<string, RecipientReport>();
  for (const block of splitBlocks(text)) {
    const report = readBlock(block);
    const key = report?.recipient.toLowerCase();
    if (report && key !== undefined && !found.has(key)) found.set(key, report);
  }
  return [...found.values()];
};

const splitBlocks = (text: string): readonly Block[] => {
  const blocks: Block[] = [];
  let block: Block = new Map();
  let last: string | undefined;
  const start = (): void => {
    if (block.size > 0) blocks.push(block);
    block = new Map();
  };
  for (const line of text.split('\n')) {
    const field = fieldNames.exec(line.trimStart());
    if (field && /^\S|^ {1,4}\S/.test(line)) {
      const name = (field[1] ?? '').toLowerCase();
      // A field that stands twice begins the next recipient, blank line or not.
      if (block.has(name) && name !== 'x-actual-recipient') start();
      block.set(name, (field[2] ?? '').trim());
      last = name;
    } else if (line.trim() === '') {
      // Some systems put a blank line between a recipient and its diagnosis: a block goes on until
      // it has both or the next recipient comes.
      if (block.has('diagnostic-code') || !hasRecipient(block)) start();
      last = undefined;
    } else if (last !== undefined && /^[ \t]/.test(line)) {
      block.set(last, `${block.get(last) ?? ''} ${line.trim()}`);
    } else if (last === 'diagnostic-code' && !/^[\w-]+:\s/.test(line)) {
      block.set(last, `${block.get(last) ?? ''} ${line.trim()}`);
    } else last = undefined;
  }
  start();
  return blocks;
};

const hasRecipient = (block: Block): boolean => recipientNames.some((name) => block.has(name));

const readBlock = (block: Block): RecipientReport | undefined => {
  const recipient = recipientOf(block);
  if (recipient === undefined) return undefined;
  const code = block.get('diagnostic-code') ?? '';
  const diagnosis = code.replace(/^\s*(?:smtp|x-[\w-]+|unknown|lmtp|dns|rfc822)\s*;\s*/i, '');
  return {
    recipient,
    refusal: {
      text: [diagnosis, block.get('localized-diagnostic'), block.get('x-notes-smtp-reason')]
        .filter(Boolean)
        .join(' '),
      status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(block.get('status') ?? '')?.[0] ?? '',
      command: '',
      action: (block.get('action') ?? '').toLowerCase().split(/[\s;(]/)[0] ?? '',
      category: block.get('x-powermta-bouncecategory') ?? '',
    },
  };
};

const recipientOf = (block: Block): string | undefined => {
  const addresses = recipientNames.flatMap((name) => {
    const address = findAddress((block.get(name) ?? '').replace(/^[^;@]*;/, ''));
    return address ? [address] : [];
  });
  // A system's own inner name for a mailbox is no address of the world.
  return addresses.find((address) => /@.*\./.test(address)) ?? addresses[0];
};

/** Whether fields name a recipient in a form of address that nobody has defined. */
export const areIllFormed = (text: string): boolean =>
  /^(?:final|original)-recipient\s*:\s*(?!rfc822|utf-8|x-|local|unknown|smtp|dns|<)[^\s;@]+;/im.test(
    text,
  );
