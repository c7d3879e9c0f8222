/**
 * Why a mail was refused, and whether for good. Whether an address is given up depends on the reason
 * alone: an unknown user or host, or one that has moved, is refused for good (hard); a full mailbox,
 * a filter, a blocked sender or a network fault is not (soft), since it may be gone tomorrow, or is
 * about us and not about the reader. The names of the reasons are those of Sisimai.
 */
import { otherRefusals } from './bounce-refusals.ts';
import {
  authFailure,
  deniedRecipient,
  expired,
  groupRefused,
  hasMoved,
  hostUnknown,
  mailboxFull,
  messageTooBig,
  networkError,
  noRelaying,
  notAccept,
  pretended,
  programFailed,
  rateLimited,
  requirePtr,
  surelyUnknown,
  suspended,
  userUnknown,
  type Words,
} from './bounce-words.ts';

export type Command = '' | 'CONN' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA';

export type Refusal = {
  /** What the refusing system said. */
  readonly text: string;
  /** As the report gives it; empty where it gives none. */
  readonly status: string;
  /** The SMTP command that was refused, where it is known. */
  readonly command: Command;
  /** RFC 3464 §2.3.3: failed, delayed, delivered, relayed, expanded; empty where none is given. */
  readonly action: string;
  /** The sending system's own class of the failure, as PowerMTA tells one; empty elsewhere. */
  readonly category: string;
};

export type Judgement = {
  readonly verdict: 'hard' | 'soft';
  readonly status: string;
  readonly reason: string;
};

const permanentReasons = ['userunknown', 'hostunknown', 'hasmoved'];

/** Characters of a refusal that are read; a reply is a few lines (RFC 5321 §4.5.3.1.5). */
const mostWords = 4_000;

/** `undefined` when the report tells of a mail that arrived. */
export const judge = (refusal: Refusal): Judgement | undefined => {
  if (/^(?:delivered|relayed|expanded|deliverable)$/.test(refusal.action)) return undefined;
  // IronPort puts its own class before what the refusing host said.
  const text = refusal.text
    .slice(0, mostWords)
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\d\.\d\.\d - [a-z ]+(?=\d{3}[ -])/, '');
  const status = chooseStatus(refusal.status, text);
  if (status.startsWith('2.')) return undefined;
  const reply = /(?:^|[^\d.])([45]\d\d)(?:[ -]|$)/.exec(text)?.[1] ?? '';
  const reason = reasonOf({ ...refusal, text, status, reply });
  const hard =
    permanentReasons.includes(reason) ||
    (reason === 'notaccept' && !isTemporary({ ...refusal, text, status, reply }));
  return { verdict: hard ? 'hard' : 'soft', status, reason };
};

/** The refusing host's own code says more than a reporting system's 5.0.0. */
const chooseStatus = (told: string, text: string): string => {
  const own = /(?:^|[^\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/.exec(text)?.[1] ?? '';
  if (own === '') return told;
  return told === '' || /^\d\.0\.0$/.test(told) ? own : told;
};

type Case = Refusal & { readonly reply: string };

/** One pattern of each table, so that a text is gone through once for it. */
const joined = new Map<Words, RegExp>();

const says = (text: string, words: Words): boolean => {
  const known = joined.get(words);
  const pattern = known ?? new RegExp(words.map(({ source }) => source).join('|'));
  if (!known) joined.set(words, pattern);
  return pattern.test(text);
};

const reasonOf = (refusal: Case): string => {
  const reason =
    byOwnClass(refusal) ??
    byWords(refusal) ??
    statusReasons[refusal.status.slice(2)] ??
    'undefined';
  // Whose sender is refused says nothing of the reader, however unknown that sender's host may be.
  if (refusal.command === 'MAIL' && permanentReasons.includes(reason)) return 'rejected';
  // A name that cannot be looked up now may be found tomorrow.
  if (reason === 'hostunknown' && isTemporary(refusal)) return 'networkerror';
  return reason;
};

const isTemporary = ({ action, reply, status }: Case): boolean =>
  action === 'delayed' || reply.startsWith('4') || (reply === '' && status.startsWith('4'));

/** PowerMTA's bounce categories, of those that tell of the address. */
const categories: Readonly<Record<string, string>> = {
  'bad-mailbox': 'userunknown',
  'bad-domain': 'hostunknown',
  'inactive-mailbox': 'suspend',
  'quota-issues': 'mailboxfull',
  'spam-related': 'spamdetected',
};

const byOwnClass = ({ status, category }: Case): string | undefined => {
  if (/^\d\.2\.2$/.test(status)) return 'mailboxfull';
  if (/^\d\.1\.6$/.test(status)) return 'hasmoved';
  return categories[category];
};

/** From the telling words to the vague ones. */
const beforeUnknown: readonly (readonly [string, Words])[] = [
  ['mailboxfull', mailboxFull],
  ['mesgtoobig', messageTooBig],
  ['suspend', suspended],
  ['hasmoved', hasMoved],
  ['norelaying', noRelaying],
  ['authfailure', authFailure],
  ['requireptr', requirePtr],
  ['userunknown', surelyUnknown],
  ['mailererror', programFailed],
  ['speeding', rateLimited],
  ['rejected', groupRefused],
  ['notaccept', notAccept],
];

const byWords = (refusal: Case): string | undefined => {
  const { text, status, command } = refusal;
  if (text === '') return undefined;
  const told = beforeUnknown.find(([, words]) => says(text, words))?.[0];
  if (told) return told;
  if (says(text, deniedRecipient) && (command === 'RCPT' || status === '5.4.1'))
    return 'userunknown';
  if (says(text, hostUnknown)) return 'hostunknown';
  if (says(text, userUnknown)) return unknownOrFiltered(refusal);
  if (says(text, expired)) return 'expired';
  const other = otherRefusals.find(({ words }) => says(text, words))?.reason;
  return other ?? (says(text, networkError) ? 'networkerror' : undefined);
};

/**
 * "User unknown" in answer to the message itself, or to nobody knows what, is often a filter's
 * pretence: only the answer to RCPT, a status that says the same, or a system that speaks of its own
 * users and quotes no other gives an address up.
 */
const unknownOrFiltered = ({ text, status, command, reply }: Case): string => {
  if (/^5\.1\.(?:0|1|3|10|351)$/.test(status) || command === 'RCPT') return 'userunknown';
  const ofItsOwn = status === '' && reply === '' && command === '' && !says(text, pretended);
  return ofItsOwn ? 'userunknown' : 'filtered';
};

/** RFC 3463 §3, where the words did not tell. */
const statusReasons: Readonly<Record<string, string>> = {
  '1.1': 'userunknown',
  '1.2': 'hostunknown',
  '1.3': 'userunknown',
  '1.7': 'rejected',
  '1.8': 'rejected',
  '1.9': 'rejected',
  '1.10': 'notaccept',
  '2.0': 'filtered',
  '2.1': 'filtered',
  '2.3': 'exceedlimit',
  '2.4': 'filtered',
  '3.0': 'systemerror',
  '3.1': 'systemfull',
  '3.2': 'notaccept',
  '3.4': 'mesgtoobig',
  '3.5': 'systemerror',
  '4.1': 'expired',
  '4.2': 'expired',
  '4.4': 'hostunknown',
  '4.5': 'expired',
  '4.6': 'networkerror',
  '4.7': 'expired',
  '6.0': 'contenterror',
  '7.0': 'rejected',
  '7.1': 'rejected',
};
