/** The mail a reader's program sends for `List-Unsubscribe: <mailto:…?subject=unsubscribe%20TOKEN>`. */
import { headerOf, type MailMessage } from './bounce-message.ts';

/** The token in the subject of an unsubscription; whether it is one of ours is not known yet. */
export const readUnsubscribeToken = ({ headers }: MailMessage): string | undefined =>
  /^\s*(?:(?:re|fwd?|aw|sv)\s*:\s*)*unsubscribe\s+([\w-]{43})\s*$/i.exec(
    headerOf(headers, 'subject'),
  )?.[1];
