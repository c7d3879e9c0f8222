/**
 * What mail programs make of a mail that they darken themselves, without asking its style sheet.
 * None of them tells how; these follow what is seen of them, and what mailers have written up:
 * https://github.com/hteumeuleu/email-bugs/issues/68,
 * https://www.hteumeuleu.com/2019/dealing-with-outlook-com-s-dark-mode/
 */
import type { Page } from 'playwright-core';

/**
 * `all`: every colour's lightness is turned round (Gmail on iPhones, Outlook on Windows). `light`: light
 * backgrounds are darkened, dark ones stay, and text is lightened where it stands on a darkened one
 * (Gmail on Android). `outlook`: the same, each changed element is marked with `data-ogsc` or
 * `data-ogsb`, and the mail's own rules for what is so marked are heard (Outlook.com, Outlook's apps).
 */
export const darkeners = ['all', 'light', 'outlook'] as const;
export type Darkener = (typeof darkeners)[number];

/** Darkens the mail a page shows, in place. Borders keep their colour where a program leaves them be. */
export const darken = (page: Page, darkener: Darkener): Promise<unknown> =>
  page.evaluate(`(${darkenHere})(${JSON.stringify(darkener)})`);

/** The text of a page with the contrast it has (WCAG 2, 1 to 21), the worst first. */
export const measureContrast = (
  page: Page,
): Promise<readonly { readonly text: string; readonly contrast: number }[]> =>
  page.evaluate(`(${measureHere})()`);

// As text, since it runs in the page, which has none of what is around it here.
const colours = `
  const parse = (text) => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\\d.]+/g) ?? []).map(Number);
    return { r, g, b, a };
  };
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((v) => {
      const s = v / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const backgroundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.a > 0) return colour;
    }
    return { r: 255, g: 255, b: 255, a: 1 };
  };
  const lightness = ({ r, g, b }) => (Math.max(r, g, b) + Math.min(r, g, b)) / 510;
  // Hue and saturation stay; the lightness is mirrored, as by HSL.
  const turn = ({ r, g, b }) => {
    const shift = 255 - (Math.max(r, g, b) + Math.min(r, g, b));
    return 'rgb(' + [r, g, b].map((v) => Math.round(v + shift)).join() + ')';
  };
`;

const darkenHere = `(darkener) => {
  ${colours}
  for (const style of document.querySelectorAll('style')) {
    const isOurs = style.textContent.includes('data-ogsc') || style.textContent.includes('data-ogsb');
    if (style.textContent.includes('prefers-color-scheme') || (isOurs && darkener !== 'outlook'))
      style.remove();
    else style.textContent = style.textContent.replace(/color-scheme\\s*:[^;}]*;?/g, '');
  }
  for (const meta of document.querySelectorAll('meta[name*=color-scheme]')) meta.remove();
  document.documentElement.style.background = darkener === 'outlook' ? '#333' : '#121212';
  const all = [...document.body.querySelectorAll('*')];
  const before = all.map((element) => {
    const { color, backgroundColor, borderTopColor } = getComputedStyle(element);
    return { color, backgroundColor, borderTopColor, on: backgroundOf(element) };
  });
  all.forEach((element, index) => {
    const { color, backgroundColor, borderTopColor, on } = before[index];
    const background = parse(backgroundColor);
    const owns = (name) => element.style[name] !== '' || element.hasAttribute('bgcolor');
    const mark = (name, value) => darkener === 'outlook' && element.setAttribute(name, value);
    if (background.a > 0 && (darkener === 'all' || lightness(background) > 0.5)) {
      element.style.backgroundColor = turn(background);
      mark('data-ogsb', backgroundColor);
    }
    const isDarkened = darkener === 'all' || lightness(on) > 0.5;
    const text = parse(color);
    if (owns('color') && isDarkened && (darkener === 'all' || lightness(text) < 0.5)) {
      element.style.color = turn(text);
      mark('data-ogsc', color);
    }
    if (darkener === 'all' && parse(borderTopColor).a > 0)
      element.style.borderColor = turn(parse(borderTopColor));
  });
}`;

const measureHere = `() => {
  ${colours}
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { textContent, parentElement } = texts.currentNode;
    const text = textContent.trim();
    if (text === '' || parentElement.getClientRects().length === 0) continue;
    if (getComputedStyle(parentElement).opacity === '0') continue;
    const colour = parse(getComputedStyle(parentElement).color);
    found.push({ text, contrast: contrast(colour, backgroundOf(parentElement)) });
  }
  return found.sort((a, b) => a.contrast - b.contrast);
}`;
