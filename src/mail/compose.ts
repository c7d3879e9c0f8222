/** A rendered mail made the bytes of one RFC 5322 message, signed when there is a key. */
import { remembered } from '../lib/remembered.ts';
import type { DkimKey } from './dkim.ts';
import {
  bracketedUrl,
  type HeaderField,
  humanValue,
  machineValue,
  mailboxValue,
} from './headers.ts';
import { assembleMessage, type Body, encodeHeaderText, toBody } from './message.ts';
import { encodePiece } from './quoted-printable.ts';

type MessageBase = {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  /** Derived from the delivery, so that a repeat is recognisable; with or without brackets. */
  readonly messageId: string;
  readonly date: Date;
  /** `digest.paperboy.example`, the same for ever (RFC 2919). */
  readonly listId: string;
  /** `campaign:customer:type:sender`, what a postmaster's feedback counts by. */
  readonly feedbackId: string;
  /**
   * The envelope sender. Checked here with the other addresses, but written only by the server that
   * delivers (RFC 5321 §4.4).
   */
  readonly returnPath: string;
  readonly replyTo?: string | undefined;
  readonly unsubscribeMailto?: string | undefined;
};

export type MessageInput = MessageBase &
  MessageParts &
  (
    | { readonly kind: 'digest'; readonly unsubscribeUrl: string }
    | { readonly kind: 'notice'; readonly unsubscribeUrl?: string | undefined }
  );

/**
 * The parts as text, or as a body encoded already where many mails share their pieces. A body is
 * for one message: its head is written into it.
 */
export type MessageParts =
  | { readonly text: string; readonly html: string }
  | { readonly body: Body };

/**
 * The whole message: CRLF only, lines of at most 998 octets, multipart/alternative in UTF-8,
 * headers in ASCII but for a mailbox that is not (RFC 6532). The same input gives the same bytes.
 * @throws when a machine-made value could not stand in a header.
 */
export const composeMessage = async (
  input: MessageInput,
  keys: readonly DkimKey[] = [],
): Promise<Buffer> => {
  mailboxValue('return path', input.returnPath);
  const body =
    'body' in input
      ? input.body
      : toBody({ text: encodePart(input.text), html: encodePart(input.html) });
  return assembleMessage(headerFields(input), body, keys, input.date);
};

const encodePart = (text: string): string => encodePiece(text.endsWith('\n') ? text : `${text}\n`);

const headerFields = (input: MessageInput): readonly HeaderField[] => [
  ['From', fromValue(input.from)],
  ['To', mailboxValue('To', input.to)],
  ...(input.replyTo === undefined
    ? []
    : ([['Reply-To', mailboxValue('Reply-To', input.replyTo)]] as const)),
  ['Subject', subjectValue(input.subject)],
  ['Date', dateValue(input.date)],
  ['Message-ID', `<${machineValue('Message-ID', input.messageId.replace(/^<|>$/g, ''))}>`],
  ['Feedback-ID', machineValue('Feedback-ID', input.feedbackId)],
  // RFC 3834 §5: for whatever a program sends by itself, a periodic digest included.
  ['Auto-Submitted', 'auto-generated'],
  ...listHeaders(input),
];

/** Many mails speak of the same paper. */
const subjectValues = new Map<string, string>();

const subjectValue = (subject: string): string =>
  remembered(subjectValues, 500, subject, () =>
    encodeHeaderText(humanValue(subject), 'Subject'.length),
  );

/** Mails planned together bear one date. */
const dateValues = new Map<number, string>();

const dateValue = (date: Date): string =>
  remembered(dateValues, 100, date.getTime(), () => date.toUTCString().replace('GMT', '+0000'));

/** The sender is one for all mails of a run. */
const fromValues = new Map<MessageBase['from'], string>();

const fromValue = (from: MessageBase['from']): string =>
  remembered(fromValues, 50, from, () => writeFrom(from));

const writeFrom = ({ name, address }: MessageBase['from']): string => {
  const mailbox = mailboxValue('From', address);
  const human = humanValue(name);
  if (human === '') return mailbox;
  const quoted = /^[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*$/.test(human)
    ? human
    : /^[ -~]*$/.test(human)
      ? `"${human.replace(/["\\]/g, '\\$&')}"`
      : encodeHeaderText(human, 'From'.length);
  return `${quoted} <${mailbox}>`;
};

const listHeaders = (input: MessageInput): readonly HeaderField[] => {
  const headers: HeaderField[] = [];
  if (input.kind === 'digest') {
    const listId = bareListId(input.listId);
    headers.push(['List-Id', `Paperboy <${listId}>`], ['Precedence', 'bulk']);
  }
  if (input.unsubscribeUrl !== undefined) {
    const ways = [bracketedUrl('List-Unsubscribe', input.unsubscribeUrl)];
    if (input.unsubscribeMailto !== undefined)
      ways.push(bracketedUrl('List-Unsubscribe', asMailto(input.unsubscribeMailto)));
    headers.push(
      // One way a line: both may be long, and a folded header needs white space to fold at.
      ['List-Unsubscribe', ways.join(',\r\n ')],
      ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    );
  }
  return headers;
};

/** As the sender. */
const listIds = new Map<string, string>();

const bareListId = (listId: string): string =>
  remembered(listIds, 50, listId, () => checkedListId(listId));

// RFC 2919 §3: a dot-atom in angle brackets.
const checkedListId = (listId: string): string => {
  const bare = listId.replace(/^.*<|>$/g, '');
  if (/^[\w-]+(?:\.[\w-]+)+$/.test(bare) && bare.length <= 255) return bare;
  throw new Error(`List-Id: not an identifier with a dot: ${JSON.stringify(listId)}`);
};

const asMailto = (address: string): string =>
  address.startsWith('mailto:') ? address : `mailto:${mailboxValue('List-Unsubscribe', address)}`;
