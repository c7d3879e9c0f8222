/**
 * MJML, loaded only where it is needed: it takes half the service's start and a fifth of its memory,
 * and what it makes of the shipped templates is known when the house is built.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type mjml from 'mjml';

type Options = NonNullable<Parameters<typeof mjml>[1]> & { readonly includePath: string };
type Result = Awaited<ReturnType<typeof mjml>>;

/** Written by `npm run build` beside the compiled module; in the source tree there is none. */
const presetFile = fileURLToPath(new URL('skeletons.json', import.meta.url));

const readPreset = (): ReadonlyMap<string, string> =>
  new Map(
    existsSync(presetFile) ? Object.entries(JSON.parse(readFileSync(presetFile, 'utf8'))) : [],
  );

let preset: ReadonlyMap<string, string> | undefined;
const made = new Map<string, string>();

/** What MJML makes of a template, from the preset where it was built with just this text. */
export const mjml2html = async (text: string, options: Options): Promise<Result> => {
  preset ??= readPreset();
  const key = keyOf(text, options.includePath);
  const known = preset.get(key) ?? made.get(key);
  if (known !== undefined) return { html: known, errors: [] };
  const { default: compile } = await import('mjml');
  const result = await compile(text, options);
  if (result.errors.length === 0) made.set(key, result.html);
  return result;
};

/** What this process had MJML make, by a key over all it was made from. */
export const listMade = (): Readonly<Record<string, string>> => Object.fromEntries(made);

/** Takes over what another thread of this process had made. */
export const keepMade = (skeletons: Readonly<Record<string, string>>): void => {
  for (const [key, html] of Object.entries(skeletons)) made.set(key, html);
};

// Which partial a template includes is MJML's to know: a change in any of them makes it anew.
const keyOf = (text: string, root: string): string => {
  const hash = createHash('sha256').update(text);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  for (const name of names.filter((each) => /\.(?:mjml|html)$/.test(each)))
    hash.update(`\0${name}\0`).update(readFileSync(join(root, name)));
  return hash.digest('hex');
};
