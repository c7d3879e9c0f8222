/**
 * What the well-known providers post of a mail's fate, made the verdicts of our own. A provider knows
 * whether it will try again, so a failure it calls temporary is none yet.
 * https://postmarkapp.com/developer/webhooks/webhooks-overview
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 * https://documentation.mailgun.com/docs/mailgun/user-manual/events/events
 */
import { type Bounce, type BounceVerdict, findAddress } from './bounce-message.ts';
import { judge } from './bounce-reason.ts';
import { type Fields, fieldsOf, listOf, textOf } from './json-fields.ts';

const bounceOf = (
  address: unknown,
  verdict: BounceVerdict,
  status: string,
  reason: string,
): readonly Bounce[] => {
  const recipient = findAddress(textOf(address));
  return recipient ? [{ recipient, verdict, status, reason }] : [];
};

const asked = (address: unknown, verdict: 'complaint' | 'opt-out'): readonly Bounce[] =>
  bounceOf(address, verdict, '', 'feedback');

/** A failure for good in the provider's eyes, whose words tell whether the address is at fault. */
const refused = (address: unknown, words: string, told: string): readonly Bounce[] => {
  const text = words.replace(/^smtp;\s*/i, '');
  const judgement = judge({ text, status: told, command: '', action: 'failed', category: '' });
  if (!judgement) return [];
  // The provider has seen the whole conversation: "user unknown" is no filter's pretence to it.
  const hard = judgement.verdict === 'hard' || judgement.reason === 'filtered';
  const reason = judgement.reason === 'filtered' ? 'userunknown' : judgement.reason;
  return bounceOf(address, hard ? 'hard' : 'soft', judgement.status, reason);
};

const postmarkHard = ['HardBounce', 'BadEmailAddress'];
const postmarkNothing = ['AutoResponder', 'ChallengeVerification', 'Subscribe', 'OpenRelayTest'];

export const readPostmark = (payload: unknown): readonly Bounce[] => {
  const event = fieldsOf(payload);
  const type = textOf(event['Type']);
  switch (textOf(event['RecordType'])) {
    case 'SpamComplaint':
      return asked(event['Email'], 'complaint');
    case 'SubscriptionChange':
      return event['SuppressSending'] === true && textOf(event['Origin']) === 'Recipient'
        ? asked(event['Recipient'], 'opt-out')
        : [];
    case 'Bounce': {
      if (postmarkNothing.includes(type)) return [];
      if (type === 'Unsubscribe') return asked(event['Email'], 'opt-out');
      if (type === 'SpamComplaint') return asked(event['Email'], 'complaint');
      const text = textOf(event['Details']) || textOf(event['Description']);
      const judged = refused(event['Email'], text, '');
      const verdict = postmarkHard.includes(type) ? 'hard' : 'soft';
      return judged.map((bounce) => ({ ...bounce, verdict }));
    }
    default:
      return [];
  }
};

export const readSendGrid = (payload: unknown): readonly Bounce[] =>
  listOf(payload).flatMap((event) => {
    const email = event['email'];
    const reason = textOf(event['reason']);
    switch (textOf(event['event'])) {
      case 'spamreport':
        return asked(email, 'complaint');
      case 'unsubscribe':
      case 'group_unsubscribe':
        return asked(email, 'opt-out');
      case 'dropped':
        return readSendGridDrop(email, reason);
      case 'bounce':
        return readSendGridBounce(event, reason);
      default:
        return [];
    }
  });

const readSendGridBounce = (event: Fields, reason: string): readonly Bounce[] => {
  const bounces = refused(event['email'], reason, textOf(event['status']));
  if (textOf(event['type']) === 'blocked')
    return bounces.map((bounce) => ({ ...bounce, verdict: 'soft' }));
  if (textOf(event['bounce_classification']) !== 'Invalid Address') return bounces;
  return bounces.map((bounce) => ({ ...bounce, verdict: 'hard', reason: 'userunknown' }));
};

/** Not sent at all, since SendGrid's own list has the address. */
const readSendGridDrop = (email: unknown, reason: string): readonly Bounce[] => {
  if (/^bounced address/i.test(reason)) return bounceOf(email, 'hard', '', 'userunknown');
  if (/^spam reporting address/i.test(reason)) return asked(email, 'complaint');
  return /^unsubscribed address/i.test(reason) ? asked(email, 'opt-out') : [];
};

export const readMailgun = (payload: unknown): readonly Bounce[] => {
  const event = fieldsOf(fieldsOf(payload)['event-data']);
  const recipient = event['recipient'];
  switch (textOf(event['event'])) {
    case 'complained':
      return asked(recipient, 'complaint');
    case 'unsubscribed':
      return asked(recipient, 'opt-out');
    case 'failed':
      return textOf(event['severity']) === 'permanent' ? readMailgunFailure(event) : [];
    default:
      return [];
  }
};

const readMailgunFailure = (event: Fields): readonly Bounce[] => {
  const recipient = event['recipient'];
  switch (textOf(event['reason'])) {
    case 'suppress-bounce':
      return bounceOf(recipient, 'hard', '', 'userunknown');
    case 'suppress-complaint':
      return asked(recipient, 'complaint');
    case 'suppress-unsubscribe':
      return asked(recipient, 'opt-out');
    // Tried for hours in vain: that is Mailgun's "permanent" too.
    case 'old':
      return bounceOf(recipient, 'soft', '', 'expired');
    default: {
      const status = fieldsOf(event['delivery-status']);
      const words = [status['code'], status['message'], status['description']].map(textOf);
      return refused(recipient, words.filter(Boolean).join(' '), textOf(status['enhanced-code']));
    }
  }
};
