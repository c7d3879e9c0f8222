/** Invented reports in the manner of several mail systems. */

import { readBounces } from '../../src/domain/bounce.ts';
import type { Bounce } from '../../src/domain/bounce-message.ts';
import { parseMessage } from '../../src/mail/mime.ts';

export const read = (lines: readonly string[]): readonly Bounce[] =>
  readBounces(parseMessage(Buffer.from(lines.join('\r\n'))));

/** `recipient verdict reason`, what most tests look at. */
export const brief = (lines: readonly string[]): readonly string[] =>
  read(lines).map(({ recipient, verdict, reason }) => `${recipient} ${verdict} ${reason}`);

export type DsnBlock = Readonly<Record<string, string>>;

const fields = (block: DsnBlock): string[] =>
  Object.entries(block).map(([name, value]) => `${name}: ${value}`);

/** A whole RFC 3464 report; `to` is the address it comes to, `returned` what it encloses. */
export const dsn = (
  blocks: readonly DsnBlock[],
  { to = 'bounces@paperboy.example', returned = ['To: ada@reader.example', '', 'Hello'] } = {},
): readonly string[] => [
  'Return-Path: <>',
  'From: Mail Delivery System <MAILER-DAEMON@mx.reader.example>',
  `To: ${to}`,
  'Subject: Undelivered Mail Returned to Sender',
  'MIME-Version: 1.0',
  'Content-Type: multipart/report; report-type=delivery-status; boundary="=_cut"',
  '',
  '--=_cut',
  'Content-Type: text/plain; charset=us-ascii',
  '',
  'What you sent could not be delivered.',
  '--=_cut',
  'Content-Type: message/delivery-status',
  '',
  'Reporting-MTA: dns; mx.reader.example',
  '',
  ...blocks.flatMap((block) => [...fields(block), '']),
  '--=_cut',
  'Content-Type: message/rfc822',
  '',
  ...returned,
  '--=_cut--',
];

export const arf = (report: readonly string[], enclosed: readonly string[]): readonly string[] => [
  'From: <abuse-desk@provider.example>',
  'To: fbl@paperboy.example',
  'Subject: FW: your digest',
  'MIME-Version: 1.0',
  'Content-Type: multipart/report; report-type=feedback-report; boundary=cut',
  '',
  '--cut',
  'Content-Type: text/plain',
  '',
  'This is an e-mail abuse report.',
  '--cut',
  'Content-Type: message/feedback-report',
  '',
  ...report,
  '--cut',
  'Content-Type: message/rfc822',
  '',
  ...enclosed,
  '--cut--',
];

/** A report in words alone. */
export const words = (
  body: readonly string[],
  headers: readonly string[] = ['From: MAILER-DAEMON@mx.reader.example', 'Subject: failure notice'],
): readonly string[] => [...headers, '', ...body];
