/** The few files the pages need, read once and named by their content so that caches keep them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type Asset = {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
};

export type Assets = { readonly style: Asset; readonly script: Asset; readonly icon: Asset };

export const readAssets = (): Assets => ({
  style: readAsset('style', 'css', 'text/css; charset=utf-8', squeezeCss),
  script: readAsset('script', 'js', 'text/javascript; charset=utf-8'),
  icon: readAsset('icon', 'svg', 'image/svg+xml'),
});

const readAsset = (
  name: string,
  extension: string,
  contentType: string,
  prepare = (text: string): string => text,
): Asset => {
  const body = prepare(
    readFileSync(new URL(`assets/${name}.${extension}`, import.meta.url), 'utf8'),
  );
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 10);
  return { path: `/assets/${name}.${hash}.${extension}`, contentType, body };
};

// Comments and layout are for us. Nothing in the file depends on more than one space in a row.
const squeezeCss = (css: string): string =>
  css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .trim();
