/** How a text is written: which way it runs, and in which letters. */

/** Scripts written from right to left (Unicode Standard Annex 9, the letters of classes R and AL). */
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]/u;

const firstLetter = (text: string): string => /\p{L}/u.exec(text)?.[0] ?? '';

/** Whether a text runs from right to left, by its first letter as browsers judge `dir="auto"`. */
export const runsLeftwards = (text: string): boolean => rightToLeft.test(firstLetter(text));

/** Whether it begins in Latin letters, as all but a few papers' titles do, which are English. */
export const isLatin = (text: string): boolean => /\p{Script=Latin}/u.test(firstLetter(text));
