/**
 * What Amazon SES tells of a mail, as JSON: in a mail that SNS sends, or posted to a webhook. Shape:
 * https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
import { type Bounce, findAddress } from './bounce-message.ts';
import { judge } from './bounce-reason.ts';
import { type Fields, fieldsOf, listOf, parseJson, textOf } from './json-fields.ts';

/** The notification in a text, which may be wrapped by SNS and folded; `undefined` where there is none. */
export const readNotification = (text: string): readonly Bounce[] | undefined => {
  if (!/notificationType|eventType/.test(text)) return undefined;
  const from = text.indexOf('{');
  const until = text.lastIndexOf('}');
  if (from < 0 || until < from) return undefined;
  const body = text.slice(from, until + 1);
  // Long lines are folded by some hops, which JSON does not allow inside a text.
  const parsed = parseJson(body) ?? parseJson(body.replace(/\n ?/g, ''));
  if (parsed === undefined) return undefined;
  const outer = fieldsOf(parsed);
  const inner = parseJson(textOf(outer['Message']));
  return readSesEvent(inner === undefined ? outer : fieldsOf(inner));
};

/** One notification or event of SES; anything else, and a delivery, gives nothing. */
export const readSesEvent = (event: Fields): readonly Bounce[] => {
  const kind = textOf(event['notificationType']) || textOf(event['eventType']);
  if (kind === 'Bounce') return readSesBounce(fieldsOf(event['bounce']));
  if (kind !== 'Complaint') return [];
  const complaint = fieldsOf(event['complaint']);
  if (textOf(complaint['complaintFeedbackType']) === 'not-spam') return [];
  return listOf(complaint['complainedRecipients']).flatMap((entry): Bounce[] => {
    const recipient = findAddress(textOf(entry['emailAddress']));
    return recipient ? [{ recipient, verdict: 'complaint', status: '', reason: 'feedback' }] : [];
  });
};

const readSesBounce = (bounce: Fields): readonly Bounce[] => {
  const kind = textOf(bounce['bounceType']);
  const subKind = textOf(bounce['bounceSubType']);
  return listOf(bounce['bouncedRecipients']).flatMap((entry): Bounce[] => {
    const recipient = findAddress(textOf(entry['emailAddress']));
    if (!recipient) return [];
    const code = textOf(entry['diagnosticCode']).replace(/^smtp;\s*/i, '');
    const status = textOf(entry['status']);
    const action = textOf(entry['action']);
    // SES sends nothing to what is on its own list; it was put there by a bounce for good.
    if (
      kind === 'Permanent' &&
      /^(?:General|NoEmail|(?:OnAccount)?SuppressionList|Suppressed)$/i.test(subKind)
    )
      return [{ recipient, verdict: 'hard', status, reason: 'userunknown' }];
    const judgement = judge({ text: code || subKind, status, command: '', action, category: '' });
    return judgement ? [{ recipient, ...judgement, verdict: 'soft' }] : [];
  });
};
