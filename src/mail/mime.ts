/**
 * A message taken apart, as far as reading a report asks for it: headers, and the leaves of the MIME
 * tree as text (RFC 2045, 2046). Total: whatever the bytes, there is an answer, since half of all
 * bounces are ill-formed. An enclosed message is a leaf and stays as it is.
 */
import type { MailHeaders, MailMessage, MailPart } from '../domain/bounce-message.ts';

/** A report worth reading is some kilobytes; what follows is the mail that came back. */
export const mostReportBytes = 1024 * 1024;

const deepest = 8;
const mostParts = 60;

/** Reads at most the first `mostReportBytes` of a message. */
export const parseMessage = (bytes: Buffer): MailMessage => {
  const raw = bytes.subarray(0, mostReportBytes).toString('latin1').replace(/\r\n?/g, '\n');
  // mbox's separator, and blank lines that a pipe may put first.
  const { headers, body } = splitEntity(raw.replace(/^\n+/, '').replace(/^>?From [^\n]*\n/, ''));
  const parts: MailPart[] = [];
  collectParts(headers, body, parts, 0);
  return { headers, parts };
};

const splitEntity = (raw: string): { readonly headers: MailHeaders; readonly body: string } => {
  if (raw.startsWith('\n')) return { headers: new Map(), body: raw.slice(1) };
  const end = raw.indexOf('\n\n');
  const head = end < 0 ? raw : raw.slice(0, end);
  return { headers: parseHeaders(head), body: end < 0 ? '' : raw.slice(end + 2) };
};

/** Unfolded values by lower-case name; a line that is no header is let go. */
export const parseHeaders = (head: string): MailHeaders => {
  const headers = new Map<string, string[]>();
  for (const line of head.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (!/^[!-9;-~]+$/.test(name)) continue;
    const value = line.slice(colon + 1).trim();
    const known = headers.get(name);
    if (known) known.push(value);
    else headers.set(name, [value]);
  }
  return headers;
};

const parameter = (value: string, name: string): string | undefined => {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(value);
  return match?.[1] ?? match?.[2];
};

const collectParts = (
  headers: MailHeaders,
  body: string,
  parts: MailPart[],
  depth: number,
): void => {
  const contentType = headers.get('content-type')?.[0] ?? 'text/plain';
  const type = (/^\s*([\w.+-]+\/[\w.+-]+)/.exec(contentType)?.[1] ?? 'text/plain').toLowerCase();
  const boundary = parameter(contentType, 'boundary');
  if (type.startsWith('multipart/') && boundary && depth < deepest) {
    const pieces = splitBody(body, boundary);
    for (const piece of pieces) {
      if (parts.length >= mostParts) return;
      const entity = splitEntity(piece);
      collectParts(entity.headers, entity.body, parts, depth + 1);
    }
    if (pieces.length > 0) return;
  }
  parts.push({ type, headers, text: decodeText(headers, contentType, body) });
};

const splitBody = (body: string, boundary: string): readonly string[] => {
  const pieces: string[] = [];
  const delimiter = `\n--${boundary}`;
  const text = `\n${body}`;
  let at = text.indexOf(delimiter);
  while (at >= 0) {
    const from = text.indexOf('\n', at + delimiter.length);
    const next = from < 0 ? -1 : text.indexOf(delimiter, from);
    if (from < 0 || text.startsWith('--', at + delimiter.length)) break;
    pieces.push(text.slice(from + 1, next < 0 ? undefined : next));
    at = next;
  }
  return pieces;
};

const decodeText = (headers: MailHeaders, contentType: string, body: string): string => {
  const encoding = (headers.get('content-transfer-encoding')?.[0] ?? '').trim().toLowerCase();
  const text =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString('latin1').replace(/\r\n?/g, '\n')
      : encoding === 'quoted-printable'
        ? decodeQuotedPrintable(body)
        : body;
  return decodeCharset(text, parameter(contentType, 'charset') ?? 'utf-8');
};

/** RFC 2045 §6.7. */
const decodeQuotedPrintable = (text: string): string =>
  text
    // Tried only where a run begins, or a long run in the middle of a line takes the square of its time.
    .replace(/(?<![ \t])[ \t]+$/gm, '')
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

// biome-ignore lint/suspicious/noControlCharactersInRegex: ISO-2022 announces itself by an escape.
const needsDecoding = /[\u0080-\u00ff\u001b]/;

const decodeCharset = (text: string, charset: string): string => {
  if (!needsDecoding.test(text)) return text;
  // Undeclared but unmistakable: the escape to JIS X 0208 (RFC 1468).
  if (text.includes('\u001b$B')) return decodeAs(text, 'iso-2022-jp');
  return decodeAs(text, charset);
};

const decodeAs = (text: string, charset: string): string => {
  try {
    return new TextDecoder(charset).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
};
