/**
 * Reading what comes to the bounce address: a message → the recipients it tells of and what becomes
 * of them. Not a bounce (a person's mail, an automatic answer, news of a delivery) gives nothing.
 */
import { readFeedback } from './bounce-feedback.ts';
import { areIllFormed, type RecipientReport, readFields } from './bounce-fields.ts';
import { type Bounce, headerOf, listAddresses, type MailMessage } from './bounce-message.ts';
import { type Command, type Judgement, judge, type Refusal } from './bounce-reason.ts';
import { readNotification } from './bounce-ses.ts';
import { readReturnedRecipients, readText, splitReturned } from './bounce-text.ts';

/** Every recipient at most once, in the order of the report. */
export const readBounces = (message: MailMessage): readonly Bounce[] => {
  const feedback = readFeedback(message);
  if (feedback) return feedback;
  if (isAutomaticAnswer(message)) return [];
  const { own, fields, back } = splitMessage(message);
  const notified = readNotification(own);
  if (notified) return notified;
  if (areIllFormed(fields)) return [];
  const reports = readFields(fields);
  if (reports.length === 0 && !looksLikeBounce(message, own)) return [];
  const told = reports.length > 0 ? addWords(reports, own) : readWords(message, own, back);
  return told.flatMap(({ recipient, refusal }): Bounce[] => {
    const judgement = told.length > 1 ? judge(refusal) : judgeInContext(refusal, own);
    return judgement ? [{ recipient, ...judgement }] : [];
  });
};

/** Some reports give the reason before the address, or once for all: then the whole text tells. */
const judgeInContext = (refusal: Refusal, own: string): Judgement | undefined => {
  const judgement = judge(refusal);
  if (judgement?.reason !== 'undefined') return judgement;
  return judge({ ...refusal, text: `${refusal.text} ${own.slice(0, 4000)}` });
};

type Halves = { readonly own: string; readonly fields: string; readonly back: string };

/** Characters of each half that are looked at; what reports say stands at their start. */
const mostWords = 64 * 1024;

const enclosed = /^message\/(?:rfc822|partial|global)$|rfc822-header/;

const splitMessage = ({ parts }: MailMessage): Halves => {
  const own: string[] = [];
  const fields: string[] = [];
  const back: string[] = [];
  for (const part of parts) {
    if (enclosed.test(part.type)) back.push(part.text);
    else if (/delivery-status|disposition-notification/.test(part.type)) fields.push(part.text);
    else if (part.type === 'text/html') {
      if (own.length === 0) own.push(plainOf(part.text.slice(0, mostWords)));
    } else if (part.type.startsWith('text/') || part.type.startsWith('multipart/')) {
      const halves = splitReturned(unquote(part.text.slice(0, mostWords)));
      own.push(halves.own);
      back.push(halves.back);
    }
  }
  const words = own.join('\n').slice(0, mostWords);
  const all = fields.length > 0 ? fields.join('\n\n') : words;
  return { own: words, fields: all, back: back.join('\n').slice(0, mostWords) };
};

const plainOf = (html: string): string =>
  html
    // What is never closed goes on to the end, as in a browser: nobody looks for that end twice.
    .replace(/<(style|script)(?=[\s>/])[\s\S]*?(?:<\/\1>|$)/gi, '')
    .replace(/<(?:br|\/p|\/div|\/tr|\/h\d)\b[^<>]*>/gi, '\n')
    .replace(/<[^@<>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&nbsp;/g, ' ')
    .replace(/&amp;/g, '&');

/** A report that someone forwarded with marks before its lines, without the head of the forwarding. */
const unquote = (text: string): string => {
  if (!/^> ?From:.*MAILER-DAEMON/im.test(text)) return text;
  const plain = text.replace(/^>[> ]?/gm, '');
  return plain
    .slice(Math.max(0, plain.search(/^From:.*MAILER-DAEMON/im)))
    .replace(/^[\s\S]*?\n\s*\n/, '');
};

const isAutomaticAnswer = ({ headers, parts }: MailMessage): boolean => {
  if (parts.some((part) => /delivery-status/.test(part.type))) return false;
  // Some systems mark their reports as replies; a vacation notice is not the postmaster's.
  if ((isDaemon(headers) || isRole(headers)) && failureSubject.test(headerOf(headers, 'subject')))
    return false;
  if (/^auto-(?:replied|notified)/i.test(headerOf(headers, 'auto-submitted'))) return true;
  if (headers.has('x-autoreply') || headers.has('x-autorespond')) return true;
  if (/auto_reply|auto-reply/i.test(headerOf(headers, 'precedence'))) return true;
  return /^\s*(?:(?:re|fwd?)\s*:\s*)?(?:auto(?:matic|mated)?[- ]?(?:reply|response|answer|respon\w*)\b|out of (?:the )?office|vacation)/i.test(
    headerOf(headers, 'subject'),
  );
};

const isDaemon = (headers: MailMessage['headers']): boolean => {
  const from = headerOf(headers, 'from');
  return (
    /mailer[- ]?daemon|mail[ .]?deliver|delivery (?:sub)?system|mail system\b/i.test(from) ||
    /^[^<@]*<>\s*$/.test(from)
  );
};

const isRole = (headers: MailMessage['headers']): boolean =>
  /post_?master|administrator|sysadmin|no-?reply/i.test(headerOf(headers, 'from'));

const failureSubject =
  /undeliver|non-? ?deliver|not (?:be )?deliver|could not be|deliver\w* (?:\w+ )?(?:fail|error|problem|status|notif|report)|fail\w* (?:deliver|notice|to deliver|mail)|failure notice|returned (?:mail|e-?mail|message|to sender)|mail (?:system )?error|mail (?:deliver\w* )?fail|message (?:status|delivery)|bounce|warning: (?:could|message)|rejected|error sending|mail failed|unzustellbar|nicht zugestellt|non remis|no se (?:ha )?(?:podido|pudo)|mail from|aws notification/i;

/** What reports say in their text; a mail from a person, though it be the postmaster, does not. */
const failureWords =
  /(?:not|n't|un|unable to|could not|cannot|fail\w*|problems?|error\w*|trouble|difficult\w*)[^.]{0,60}(?:deliver|sen[dt]|reach|collected)|deliver\w*[^.]{0,40}(?:fail|error|problem|abort|delayed|reject)|(?:was|were|been|message) (?:rejected|returned|bounced|blocked)|unknown user|user unknown|no such user|failure reasons|account is disabled|invalid final delivery|undeliverable|mailbox full|user mailbox exceeds|(?:delivery|transmission) (?:report|status|failure)|transcript of session|errors? (?:occurred|message)/i;

const looksLikeBounce = ({ headers, parts }: MailMessage, own: string): boolean => {
  if (headers.has('x-failed-recipients') || isDaemon(headers)) return true;
  if (parts.some((part) => part.type === 'message/delivery-status')) return true;
  if (/^(?:begin forwarded message|forward)/im.test(own) && /mailer-daemon/i.test(own)) return true;
  if (!failureWords.test(own)) return false;
  const enclosesMail = parts.some((part) => enclosed.test(part.type));
  return enclosesMail || isRole(headers) || failureSubject.test(headerOf(headers, 'subject'));
};

/** Words of the report's text stand in where the fields say nothing of their own. */
const addWords = (reports: readonly RecipientReport[], own: string): readonly RecipientReport[] => {
  const texts = readText(own);
  return reports.map(({ recipient, refusal }) => {
    const mine = texts.filter((text) => text.recipient.toLowerCase() === recipient.toLowerCase());
    const words = mine.map((text) => text.text).join(' ');
    const command = commandOf(`${refusal.text} ${words}`) || commandOf(own);
    const category =
      refusal.category ||
      (/^\((?:.{0,80} no such user|unknown user)/i.test(words) ? 'bad-mailbox' : '');
    const text = isEmptyTalk(refusal.text) ? `${refusal.text} ${words || flat(own)}` : refusal.text;
    return { recipient, refusal: { ...refusal, text, command, category } };
  });
};

const flat = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 4000);

const isEmptyTalk = (text: string): boolean => text.replace(/[\d\s.;:-]|smtp/gi, '').length < 4;

const readWords = (message: MailMessage, own: string, back: string): readonly RecipientReport[] => {
  const failed = listAddresses(headerOf(message.headers, 'x-failed-recipients'));
  const texts = readText(own);
  const report = (recipient: string, text: string): RecipientReport => ({
    recipient,
    refusal: { ...emptyRefusal, text, command: commandOf(text) || commandOf(own) },
  });
  if (texts.length > 0) return texts.map(({ recipient, text }) => report(recipient, text));
  // A report inside a report: some providers wrap what their own servers say.
  const inner = failed.length > 0 ? [] : readFields(back);
  if (inner.length > 0) return addWords(inner, back);
  const others = failed.length > 0 ? failed : readReturnedRecipients(`${own}\n${back}`);
  return others.map((recipient) => report(recipient, flat(own)));
};

const emptyRefusal: Refusal = { text: '', status: '', command: '', action: '', category: '' };

const commands: readonly (readonly [Command, RegExp])[] = [
  [
    'RCPT',
    /\(state 14\)|rcpt[ _]to|after rcpt|smtp:rcpt|does not like recipient|\[rcpt_to\]|\brcpt\b/i,
  ],
  ['MAIL', /mail[ _]from\b|does not like sender|\[mail_from\]/i],
  [
    'DATA',
    /\(state 1[578]\)|end of data|after i sent the message|\bdata\b(?= command|\)|\]|\s*$)|>>> data|\.\.\. while .*data|after data|\(data\)/im,
  ],
  ['EHLO', /\b(?:ehlo|helo)\b/i],
  ['CONN', /initial connection|while connecting|connecting to|greeting/i],
];

/** The last command of a transcript, or the one the words name. */
const commandOf = (report: string): Command => {
  // Some reports list the whole envelope, which names no command that failed.
  const text = report.replace(/^ *(?:MAIL FROM|RCPT TO): .*$/gm, '');
  const transcript = [...text.matchAll(/>>> ?(RCPT|MAIL|DATA|EHLO|HELO|STARTTLS|\.)/gi)].at(
    -1,
  )?.[1];
  const named = transcript ?? /in reply to (?:the )?(?:end of )?(\w+)/i.exec(text)?.[1];
  const word = named?.toUpperCase();
  if (word === 'RCPT' || word === 'MAIL' || word === 'DATA' || word === 'EHLO') return word;
  if (word === 'HELO') return 'EHLO';
  if (word === '.') return 'DATA';
  return commands.find(([, pattern]) => pattern.test(text))?.[0] ?? '';
};
