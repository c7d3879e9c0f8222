/**
 * The plain list a trending page gives when its text is copied: perhaps a call to subscribe, then a
 * line with a title and a line with its abstract, over and over. There are no ids in it.
 */
import { composePaper } from './compose-paper.ts';
import type { SourceRecord } from './source-record.ts';
import { excerpt, RowError, readRow } from './source-record.ts';

type TextLine = { readonly number: number; readonly text: string };

// In real lists titles end below 150 characters and abstracts begin above 400.
const longestTitle = 250;
const isParagraph = (text: string): boolean => text.length > longestTitle;

// Short lines of prose end like this, titles hardly ever.
const sentenceEnd = /[.,:;]\s*$/;

// The button's label, glued to the first title or alone on its line.
const subscribeButton = /^\s*Subscribe(?=\p{Lu}|\d|\s*$)/u;

/**
 * The first line number of the list proper, or `undefined` when the beginning of a text is not such
 * a list: from there on, titles and abstracts take turns. Prose under headings does not.
 */
export const findListStart = (head: readonly TextLine[]): number | undefined => {
  const lines = head.filter(({ text }) => text.trim() !== '');
  const firstAbstract = lines.findIndex(({ text }) => isParagraph(text));
  if (firstAbstract < 1) return undefined;
  const button = lines.findIndex(
    ({ text }, at) => at < firstAbstract && subscribeButton.test(text),
  );
  const list = lines.slice(button === -1 ? firstAbstract - 1 : button);
  const inTurn = list.filter(({ text }, at) => {
    const before = at > 0 && isParagraph(list[at - 1]?.text ?? '');
    return isParagraph(text) ? at > 0 && !before : (at === 0 || before) && !sentenceEnd.test(text);
  });
  return inTurn.length >= 0.8 * list.length ? list[0]?.number : undefined;
};

export type TextListReader = {
  readonly read: (line: TextLine) => readonly SourceRecord[];
  /** The last title, when no abstract followed it. */
  readonly end: () => readonly SourceRecord[];
};

/** Takes the lines one by one, from the first of the file. */
export const createTextListReader = (startsAt: number): TextListReader => {
  let title: TextLine | undefined;
  const take = (abstract: string): readonly SourceRecord[] => {
    const held = title;
    title = undefined;
    if (held === undefined) return [];
    const raw = { arxivId: undefined, title: held.text, abstract };
    return readRow(held.number, () => [
      { kind: 'paper', line: held.number, paper: composePaper(raw) },
    ]);
  };
  return {
    read: ({ number, text: whole }) => {
      const text = number === startsAt ? whole.replace(subscribeButton, '') : whole;
      if (number < startsAt || text.trim() === '') return [];
      if (!isParagraph(text)) {
        const records = take('');
        title = { number, text };
        return records;
      }
      if (title !== undefined) return take(text);
      return readRow(number, () => {
        throw new RowError(`a paragraph without a title before it: "${excerpt(text, 40)}"`);
      });
    },
    end: () => take(''),
  };
};
