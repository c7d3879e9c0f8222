/** The languages mails are written in, each with its message file in `templates/messages`. */

/** Names are each language's own, as its readers look for it in a list. */
export const languageNames = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  zh: '简体中文',
  ja: '日本語',
} as const;

export type Language = keyof typeof languageNames;

export const languages = Object.keys(languageNames) as readonly Language[];

export const defaultLanguage: Language = 'en';

/** `de`, or a tag of that language such as `de-AT`; `undefined` for a language we do not write. */
export const parseLanguage = (text: string): Language | undefined => {
  const primary = text.trim().toLowerCase().split(/[-_]/)[0];
  return languages.find((language) => language === primary);
};

const mostRanges = 20;

/** The best of our languages for an `Accept-Language` header (RFC 9110 §12.5.4). */
export const pickLanguage = (header: string | undefined): Language => {
  const ranges = (header ?? '')
    .split(',', mostRanges)
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';');
      const quality = parameters.map((text) => /^\s*q=(.*)$/i.exec(text)?.[1]).find(Boolean);
      return { language: parseLanguage(tag), quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    // Equals keep the order they were sent in, as browsers mean it.
    .sort((a, b) => b.quality - a.quality);
  return ranges.find(({ language }) => language !== undefined)?.language ?? defaultLanguage;
};
