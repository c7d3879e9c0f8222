/** A rendered mail made the bytes of one RFC 5322 message, signed when there is a key. */
import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { DkimKey } from './dkim.ts';
import { signMessage } from './dkim.ts';
import { bracketedUrl, humanValue, machineValue, mailboxValue } from './headers.ts';

type MessageBase = {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
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
  (
    | { readonly kind: 'digest'; readonly unsubscribeUrl: string }
    | { readonly kind: 'notice'; readonly unsubscribeUrl?: string | undefined }
  );

/**
 * The whole message: CRLF only, lines of at most 998 octets, multipart/alternative in UTF-8,
 * headers in ASCII but for a mailbox that is not (RFC 6532). The same input gives the same bytes.
 * @throws when a machine-made value could not stand in a header.
 */
export const composeMessage = async (input: MessageInput, dkim?: DkimKey): Promise<Buffer> => {
  mailboxValue('return path', input.returnPath);
  const messageId = machineValue('Message-ID', input.messageId.replace(/^<|>$/g, ''));
  const composer = new MailComposer({
    from: {
      name: humanValue(input.from.name),
      address: mailboxValue('From', input.from.address),
    },
    to: { name: '', address: mailboxValue('To', input.to) },
    ...(input.replyTo === undefined
      ? {}
      : { replyTo: { name: '', address: mailboxValue('Reply-To', input.replyTo) } }),
    // An empty one would be left out, and some filters count that against a message.
    subject: humanValue(input.subject) || 'Paperboy',
    messageId: `<${messageId}>`,
    date: input.date,
    text: oneNewline(input.text),
    html: oneNewline(input.html),
    encoding: 'quoted-printable',
    newline: 'win',
    // The boundary follows from the message, or composing it again would give other bytes.
    baseBoundary: createHash('sha256').update(messageId).digest('hex').slice(0, 24),
    headers: listHeaders(input),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const bytes = await composer.compile().build();
  return dkim ? signMessage(bytes, dkim, input.date) : bytes;
};

// A bare CR would stand as it is; everything else unfit for a line is encoded.
const oneNewline = (body: string): string => body.replace(/\r\n?/g, '\n');

type Header = { readonly key: string; readonly value: PreparedValue };
type PreparedValue = {
  readonly prepared: true;
  readonly foldLines: false;
  readonly value: string;
};

const listHeaders = (input: MessageInput): Header[] => {
  const header = (key: string, value: string): Header => ({
    key,
    value: { prepared: true, foldLines: false, value },
  });
  const headers = [
    header('Feedback-ID', machineValue('Feedback-ID', input.feedbackId)),
    // RFC 3834 §5: for whatever a program sends by itself, a periodic digest included.
    header('Auto-Submitted', 'auto-generated'),
  ];
  if (input.kind === 'digest') {
    const listId = bareListId(input.listId);
    headers.push(header('List-Id', `Paperboy <${listId}>`), header('Precedence', 'bulk'));
  }
  if (input.unsubscribeUrl !== undefined) {
    const ways = [bracketedUrl('List-Unsubscribe', input.unsubscribeUrl)];
    if (input.unsubscribeMailto !== undefined)
      ways.push(bracketedUrl('List-Unsubscribe', asMailto(input.unsubscribeMailto)));
    headers.push(
      // One way a line: both may be long, and a folded header needs white space to fold at.
      header('List-Unsubscribe', ways.join(',\r\n ')),
      header('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'),
    );
  }
  return headers;
};

// RFC 2919 §3: a dot-atom in angle brackets.
const bareListId = (listId: string): string => {
  const bare = listId.replace(/^.*<|>$/g, '');
  if (/^[\w-]+(?:\.[\w-]+)+$/.test(bare) && bare.length <= 255) return bare;
  throw new Error(`List-Id: not an identifier with a dot: ${JSON.stringify(listId)}`);
};

const asMailto = (address: string): string =>
  address.startsWith('mailto:') ? address : `mailto:${mailboxValue('List-Unsubscribe', address)}`;
