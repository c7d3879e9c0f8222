/** A rendered mail made the bytes of one RFC 5322 message, signed when there is a key. */
import { remembered } from '../lib/remembered.ts';
import type { DkimKey } from './dkim.ts';
import {
  bracketedUrl,
  fieldMaker,
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
  // Awaited here: a promise that becomes another one takes two turns more.
  return await assembleMessage(headerFields(input), body, keys, input.date);
};

const encodePart = (text: string): string => encodePiece(text.endsWith('\n') ? text : `${text}\n`);

const makers = {
  from: fieldMaker('From'),
  to: fieldMaker('To'),
  replyTo: fieldMaker('Reply-To'),
  subject: fieldMaker('Subject'),
  date: fieldMaker('Date'),
  messageId: fieldMaker('Message-ID'),
  feedbackId: fieldMaker('Feedback-ID'),
  listId: fieldMaker('List-Id'),
  unsubscribe: fieldMaker('List-Unsubscribe'),
} as const;

// RFC 3834 §5: for whatever a program sends by itself, a periodic digest included.
const autoSubmitted = fieldMaker('Auto-Submitted')('auto-generated');
const precedence = fieldMaker('Precedence')('bulk');
const oneClick = fieldMaker('List-Unsubscribe-Post')('List-Unsubscribe=One-Click');

const headerFields = (input: MessageInput): readonly HeaderField[] => {
  const fields = [fromField(input.from), toField(input.to)];
  if (input.replyTo !== undefined)
    fields.push(makers.replyTo(mailboxValue('Reply-To', input.replyTo)));
  fields.push(
    subjectField(input.subject),
    dateField(input.date),
    makers.messageId(`<${machineValue('Message-ID', withoutBrackets(input.messageId))}>`),
    feedbackField(input.feedbackId),
    autoSubmitted,
  );
  if (input.kind === 'digest') fields.push(listIdField(input.listId), precedence);
  if (input.unsubscribeUrl !== undefined)
    fields.push(unsubscribeField(input.unsubscribeUrl, input.unsubscribeMailto), oneClick);
  return fields;
};

const toField = (address: string): HeaderField => {
  const value = mailboxValue('To', address);
  // There is no white space in it.
  return makers.to(value, value);
};

const withoutBrackets = (messageId: string): string =>
  messageId.startsWith('<') || messageId.endsWith('>')
    ? messageId.replace(/^<|>$/g, '')
    : messageId;

/** Many mails speak of the same paper. */
const knownSubjects = new Map<string, HeaderField>();

const subjectField = (subject: string): HeaderField =>
  remembered(knownSubjects, 500, subject, () =>
    makers.subject(encodeHeaderText(humanValue(subject), 'Subject'.length)),
  );

/** Mails planned together bear one date. */
const knownDates = new Map<number, HeaderField>();

const dateField = (date: Date): HeaderField =>
  remembered(knownDates, 100, date.getTime(), () =>
    makers.date(date.toUTCString().replace('GMT', '+0000')),
  );

/** The sender is one for all mails of a run. */
const knownSenders = new Map<MessageBase['from'], HeaderField>();

const fromField = (from: MessageBase['from']): HeaderField =>
  remembered(knownSenders, 50, from, () => makers.from(writeFrom(from)));

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

/** One for each kind of mail. */
const knownFeedbackIds = new Map<string, HeaderField>();

const feedbackField = (feedbackId: string): HeaderField =>
  remembered(knownFeedbackIds, 50, feedbackId, () =>
    makers.feedbackId(machineValue('Feedback-ID', feedbackId)),
  );

const unsubscribeField = (url: string, mailto: string | undefined): HeaderField => {
  const link = bracketedUrl('List-Unsubscribe', url);
  if (mailto === undefined) return makers.unsubscribe(link);
  const other = bracketedUrl('List-Unsubscribe', asMailto(mailto));
  // One way a line: both may be long, and a folded header needs white space to fold at.
  return makers.unsubscribe(`${link},\r\n ${other}`, `${link}, ${other}`);
};

/** As the sender. */
const knownListIds = new Map<string, HeaderField>();

const listIdField = (listId: string): HeaderField =>
  remembered(knownListIds, 50, listId, () => makers.listId(`Paperboy <${checkedListId(listId)}>`));

// RFC 2919 §3: a dot-atom in angle brackets.
const checkedListId = (listId: string): string => {
  const bare = listId.replace(/^.*<|>$/g, '');
  if (/^[\w-]+(?:\.[\w-]+)+$/.test(bare) && bare.length <= 255) return bare;
  throw new Error(`List-Id: not an identifier with a dot: ${JSON.stringify(listId)}`);
};

const asMailto = (address: string): string =>
  address.startsWith('mailto:') ? address : `mailto:${mailboxValue('List-Unsubscribe', address)}`;
