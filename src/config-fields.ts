/** What single settings may hold, each with its own words for what is wrong. */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Parsed } from './domain/pace.ts';
import { parseEmail } from './domain/subscription.ts';
import { findCategory, isArchive } from './domain/taxonomy.ts';
import { parseSmtpUrl } from './mail/smtp-server.ts';
import { isSourceName, sourceNames } from './sources/live.ts';

export type Mailbox = { readonly name: string; readonly address: string };

export const parseUrl = (text: string): URL | undefined =>
  URL.canParse(text) ? new URL(text) : undefined;

/** Whether an address leads to this machine; one that is none counts as such. */
export const isLoopbackUrl = (text: string): boolean =>
  /^(localhost|\[::1\]|127(\.\d+){3})$/.test(parseUrl(text)?.hostname ?? 'localhost');

export const httpUrl = z
  .string()
  .refine((text) => /^https?:$/.test(parseUrl(text)?.protocol ?? ''), 'is not an http(s) address')
  .transform((text) => text.replace(/\/+$/, ''));

const list = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

export const commaList = z.string().transform(list);

/** Two keys may sign, RSA and Ed25519: selectors and files stand in the same order. */
export const pairKeys = (selectors: readonly string[], files: readonly string[]) =>
  selectors.map((selector, index) => ({ selector, privateKeyFile: files[index] ?? '' }));

/** What is wrong with the selectors beside the files, after the name `DKIM_SELECTOR`. */
export const unpairedKeys = (selector = '', file = ''): readonly string[] => {
  const [selectors, files] = [list(selector), list(file)];
  if (selector === '' || file === '') return [];
  if (selectors.length === 0 || selectors.length !== files.length)
    return [
      `names ${selectors.length} and DKIM_PRIVATE_KEY_FILE ${files.length}: each key takes a selector of its own`,
    ];
  return new Set(selectors).size < selectors.length
    ? ['names one twice: each key takes a selector of its own']
    : [];
};

export const mailbox = z.string().transform((text, context): Mailbox => {
  const match = /^\s*(?:"?([^"<>]*?)"?\s*<([^<>]+)>|([^<>\s]+))\s*$/.exec(text);
  const bare = match?.[2] ?? match?.[3] ?? '';
  // "paperboy@localhost" is no address of the world, but it is what a machine on its own has.
  const address = /^[\w.+-]+@localhost$/.test(bare) ? bare : parseEmail(bare);
  if (address) return { name: match?.[1]?.trim() ?? '', address };
  context.addIssue(`is not an address such as "Paperboy <papers@example.org>"`);
  return z.NEVER;
});

export const smtpUrl = z.string().superRefine((text, context) => {
  const parsed = parseSmtpUrl(text);
  if (parsed.kind === 'wrong') context.addIssue(parsed.reason);
});

export const imapUrl = z.string().refine((text) => {
  const url = parseUrl(text);
  return /^imaps?:$/.test(url?.protocol ?? '') && url?.hostname !== '' && url?.username !== '';
}, 'is not an address such as imaps://user:password@mail.example.org/INBOX');

export const emailAddress = z.string().transform((text, context) => {
  const email = parseEmail(text);
  if (email) return email;
  context.addIssue('is not an e-mail address');
  return z.NEVER;
});

export const parsedBy = <T>(parse: (text: string) => Parsed<T>) =>
  z.string().transform((text, context): T => {
    const parsed = parse(text);
    if (parsed.kind === 'ok') return parsed.value;
    for (const problem of parsed.problems) context.addIssue(problem);
    return z.NEVER;
  });

export const knownSources = z.string().transform((text, context) => {
  const names = list(text);
  const unknown = names.filter((name) => !isSourceName(name));
  for (const name of unknown)
    context.addIssue(`names no source "${name}" (there are: ${sourceNames.join(', ')})`);
  return [...new Set(names.filter(isSourceName))];
});

export const knownCategories = z.string().transform((text, context) => {
  const codes = list(text);
  for (const code of codes)
    if (!findCategory(code) && !isArchive(code)) context.addIssue(`"${code}" is no arXiv category`);
  return codes;
});

export const yesOrNo = z.enum(
  ['true', 'false', '1', '0', 'yes', 'no'],
  'is neither true nor false',
);
export const isYes = (text: string): boolean => ['true', '1', 'yes'].includes(text);

/** A number of days: a digest must be remembered for as long as its papers could come again. */
export const days = (least: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'is not a number of days')
    .transform(Number)
    .refine((count) => count >= least, `must be ${least} days or more`);

/** The mail templates that come with Paperboy, wherever it is started. */
export const ownTemplates = fileURLToPath(new URL('../templates', import.meta.url));
