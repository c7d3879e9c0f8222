/** The words of what is not a mail and speaks English: pages, feeds, the API, the command line. */
import { readFileSync } from 'node:fs';
import { createWords, type Messages } from '../domain/words.ts';

/** Those that come with Paperboy; an operator's own templates change the mails alone. */
export const english = createWords(
  'en',
  JSON.parse(
    readFileSync(new URL('../../templates/messages/en.json', import.meta.url), 'utf8'),
  ) as Messages,
);
