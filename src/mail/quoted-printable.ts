/**
 * Quoted-printable (RFC 2045 §6.7) in the one form we send: already what DKIM's relaxed
 * canonicalisation makes of it (RFC 6376 §3.4.4), and without a line that SMTP would stuff. So the
 * bytes that are hashed are the bytes that are sent, and encoded pieces can be joined as they are.
 * It is all ASCII, so it stays a string until the mail is whole: joining strings copies nothing.
 */

const longestLine = 76;
const hex = '0123456789ABCDEF';
const [tab, newline, carriageReturn, space, dot, equals] = [9, 10, 13, 32, 46, 61] as const;

/**
 * Encodes text as whole lines: every line ends in CRLF, and a text that stops within a line ends in
 * a soft break, so that the next piece goes on where this one stopped. A part's last piece must
 * therefore end in a newline.
 */
export const encodePiece = (text: string): string =>
  stands.test(text) ? breakLine(text) : encodeLines(text);

/** Encoded text as the bytes that are sent. */
export const toBytes = (encoded: string): Buffer => Buffer.from(encoded, 'latin1');

/** The same for an address that is plain, as the press knows its readers' to be. */
export const encodePlainHref = (href: string): string => breakLine(href);

// Text that needs no more than soft breaks: links, ranks, and most of what fills other holes.
const stands = /^(?!\.)[!-<>-~](?: ?[!-<>-~])*$/;

const breakLine = (text: string): string => {
  const room = longestLine - 1;
  if (text.length <= room) return `${text}=\r\n`;
  let lines = '';
  for (let from = 0; from < text.length; from += room) {
    if (text[from] === '.') return encodeLines(text);
    lines += `${text.slice(from, from + room)}=\r\n`;
  }
  return lines;
};

const encodeLines = (text: string): string => {
  const bytes = Buffer.from(text.replace(/\r\n?/g, '\n'), 'utf8');
  // Three octets for each, and three for each soft break.
  const out = Buffer.allocUnsafe(bytes.length * 3 + Math.ceil((bytes.length * 9) / 70) + 8);
  let length = 0;
  let column = 0;
  // No closures in this loop: it runs over every octet of every mail.
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] as number;
    if (byte === newline) {
      out[length++] = carriageReturn;
      out[length++] = newline;
      column = 0;
      continue;
    }
    const literal = isLiteral(byte, bytes[i - 1], bytes[i + 1]);
    if (column + (literal ? 1 : 3) > longestLine - 1) {
      length = softBreak(out, length);
      column = 0;
    }
    if (literal && !(byte === dot && column === 0)) {
      out[length++] = byte;
      column += 1;
    } else {
      out[length++] = equals;
      out[length++] = hex.charCodeAt(byte >> 4);
      out[length++] = hex.charCodeAt(byte & 15);
      column += 3;
    }
  }
  if (column > 0) length = softBreak(out, length);
  return out.toString('latin1', 0, length);
};

const softBreak = (out: Buffer, length: number): number => {
  out[length] = equals;
  out[length + 1] = carriageReturn;
  out[length + 2] = newline;
  return length + 3;
};

const isLiteral = (
  byte: number,
  before: number | undefined,
  after: number | undefined,
): boolean => {
  // Of a run of spaces, and before a line's end, relaxed canonicalisation would eat some.
  if (byte === space)
    return before !== space && before !== tab && after !== newline && after !== undefined;
  return byte > space && byte < 127 && byte !== equals;
};
