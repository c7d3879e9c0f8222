/** Header fields and two encoded parts made one RFC 5322 message, signed where there is a key. */
import { type DkimKey, dkimFields } from './dkim.ts';
import { fieldMaker, type HeaderField } from './headers.ts';

/** A body of two encoded parts, with room before it for the head, so that nothing is copied twice. */
export type Body = {
  readonly whole: Buffer;
  readonly from: number;
  /** As `OutgoingMail` has it. */
  readonly release?: () => void;
};

// Quoted-printable never holds an equals sign before an underscore, so this cannot be in a part.
const boundary = '=_paperboy_part';

const partHead = (type: string): string =>
  `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;

/** What stands before, between and after the two parts of a multipart/alternative body. */
export const seams = {
  text: partHead('text/plain'),
  // The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
  html: `\r\n${partHead('text/html')}`,
  end: `\r\n--${boundary}--\r\n`,
} as const;

/** A head with two signatures is some 2.5 KB. */
export const headRoom = 4 * 1024;

/** A body of two parts in the form of `encodePiece`. */
export const toBody = (parts: { readonly text: string; readonly html: string }): Body => {
  const encoded = seams.text + parts.text + seams.html + parts.html + seams.end;
  // Memory of its own, which can be handed to another thread.
  const whole = Buffer.allocUnsafeSlow(headRoom + encoded.length);
  whole.write(encoded, headRoom, 'latin1');
  return { whole, from: headRoom };
};

const mimeFields: readonly HeaderField[] = [
  fieldMaker('MIME-Version')('1.0'),
  fieldMaker('Content-Type')(`multipart/alternative; boundary="${boundary}"`),
];

/**
 * The head written before the body, for good: a body is one mail's. `signedAt` becomes the time of
 * the keys' signatures.
 */
export const assembleMessage = async (
  fields: readonly HeaderField[],
  body: Body,
  keys: readonly DkimKey[],
  signedAt: Date,
): Promise<Buffer> => {
  const all = [...fields, ...mimeFields];
  const signatures =
    keys.length > 0 ? await dkimFields(all, body.whole.subarray(body.from), keys, signedAt) : [];
  return writeHead(signatures, all, body);
};

const writeHead = (
  signatures: readonly string[],
  fields: readonly HeaderField[],
  { whole, from }: Body,
): Buffer => {
  let head = '';
  for (const signature of signatures) head += `${signature}\r\n`;
  for (const { sent } of fields) head += sent;
  head += '\r\n';
  const length = Buffer.byteLength(head);
  if (length > from) return Buffer.concat([Buffer.from(head), whole.subarray(from)]);
  whole.write(head, from - length);
  return whole.subarray(from - length);
};

const mostWordBytes = 45;

/** Human text for a header: as it is when it is ASCII, else RFC 2047 encoded words, folded. */
export const encodeHeaderText = (text: string, nameLength: number): string => {
  if (/^[ -~]*$/.test(text) && nameLength + text.length < 900 && !text.includes('=?'))
    return foldWords(text, nameLength);
  const words: string[] = [];
  let word = '';
  for (const char of text) {
    if (Buffer.byteLength(word + char) > mostWordBytes) {
      words.push(word);
      word = '';
    }
    word += char;
  }
  return [...words, word]
    .map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`)
    .join('\r\n ');
};

// RFC 5322 §2.1.1: lines should stay within 78 characters.
const foldWords = (text: string, nameLength: number): string => {
  let column = nameLength + 2;
  return text
    .split(' ')
    .map((word, index) => {
      if (index > 0 && word !== '' && column + 1 + word.length > 76) {
        column = 1 + word.length;
        return `\r\n ${word}`;
      }
      column += word.length + 1;
      return index === 0 ? word : ` ${word}`;
    })
    .join('');
};
