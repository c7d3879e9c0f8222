/** Header fields and two encoded parts made one RFC 5322 message, signed where there is a key. */
import { type DkimKey, dkimFields } from './dkim.ts';

/** Header fields in the order they are sent, unfolded values already fit for a header. */
export type HeaderField = readonly [name: string, value: string];

/** A part's body in the form of `encodePiece`: ASCII. */
export type EncodedPart = string;

// Quoted-printable never holds an equals sign before an underscore, so this cannot be in a part.
const boundary = '=_paperboy_part';

const partHead = (type: string): string =>
  `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
const textHead = partHead('text/plain');
// The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
const htmlHead = `\r\n${partHead('text/html')}`;
const closing = `\r\n--${boundary}--\r\n`;

/** Room before the body: no header with two signatures comes near. */
const headRoom = 8 * 1024;

/** multipart/alternative of text and HTML. `signedAt` becomes the time of the keys' signatures. */
export const assembleMessage = async (
  fields: readonly HeaderField[],
  parts: { readonly text: EncodedPart; readonly html: EncodedPart },
  keys: readonly DkimKey[],
  signedAt: Date,
): Promise<Buffer> => {
  const encoded = textHead + parts.text + htmlHead + parts.html + closing;
  // The head is known once the body is hashed; with room left for it, nothing is copied twice.
  const whole = Buffer.allocUnsafe(headRoom + encoded.length);
  whole.write(encoded, headRoom, 'latin1');
  const body = whole.subarray(headRoom);
  const lines = [
    ...fields.map(([name, value]) => `${name}: ${value}`),
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
  ];
  const signatures = keys.length > 0 ? await dkimFields(lines, body, keys, signedAt) : [];
  const head = Buffer.from(`${[...signatures, ...lines].join('\r\n')}\r\n\r\n`);
  if (head.length > headRoom) return Buffer.concat([head, body]);
  head.copy(whole, headRoom - head.length);
  return whole.subarray(headRoom - head.length);
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
