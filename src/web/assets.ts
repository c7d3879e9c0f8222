/** The few files the pages need, read once and named by their content so that caches keep them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type Asset = {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
};

export type Assets = { readonly style: Asset; readonly script: Asset; readonly icon: Asset };

// In the order of the cascade: what comes later wins.
const styleParts = [
  'tokens',
  'base',
  'frame',
  'papers',
  'forms',
  'picker',
  'desk',
  'messages',
  'paper',
  'lists',
  'editions',
  'status',
  'print',
];
const scriptParts = ['zone', 'picker', 'week', 'preview', 'copy'];

export const readAssets = (): Assets => ({
  style: named('style', 'css', 'text/css; charset=utf-8', squeezeCss(join('style', styleParts))),
  script: named('script', 'js', 'text/javascript; charset=utf-8', join('script', scriptParts)),
  icon: named('icon', 'svg', 'image/svg+xml', read('icon.svg')),
});

const read = (file: string): string =>
  readFileSync(new URL(`assets/${file}`, import.meta.url), 'utf8');

// Each part of the script is a block of its own, so that its names stay its own.
const join = (kind: 'style' | 'script', parts: readonly string[]): string =>
  parts
    .map((part) =>
      kind === 'style' ? read(`style/${part}.css`) : `{\n${read(`script/${part}.js`)}}`,
    )
    .join('\n');

const named = (name: string, extension: string, contentType: string, body: string): Asset => {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 10);
  return { path: `/assets/${name}.${hash}.${extension}`, contentType, body };
};

// Comments and layout are for us. Nothing in the files depends on more than one space in a row.
const squeezeCss = (css: string): string =>
  css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .trim();
