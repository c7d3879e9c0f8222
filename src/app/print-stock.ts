/** What printers keep of an edition: what its mails say of their day, and each paper's block, once set. */
import type { Language } from '../domain/language.ts';
import { remembered } from '../lib/remembered.ts';
import type { Press } from '../mail/press.ts';
import type { Block } from '../mail/press-part.ts';
import type { Archive, EditionSheet } from './archive.ts';
import type { DigestOrder, PaperRef } from './orders.ts';

/** All of an edition that one digest asks for; blocks in its order. */
export type Supplies = { readonly sheet: EditionSheet; readonly blocks: readonly Block[] };

export type Stock = {
  /** `undefined` when something has to be fetched. */
  readonly known: (digest: DigestOrder, language: Language) => Supplies | undefined;
  readonly fetch: (digest: DigestOrder, language: Language) => Promise<Supplies>;
};

type Shelf = Map<number | string, Block>;

/** An edition in each language, and the one before in the usual one. */
const mostShelves = 8;
/** On a shelf; an edition of 200 topics has some thousands. */
const mostBlocks = 6_000;
/** Mails of the edition before may still be waiting, hardly ever those of one before that. */
const mostSheets = 4;

export const openStock = (archive: Archive, press: Press): Stock => {
  const sheets = new Map<number, EditionSheet>();
  const shelves = new Map<string, Shelf>();
  const shelfOf = (editionId: number, language: Language): Shelf =>
    remembered(shelves, mostShelves, `${language} ${editionId}`, () => new Map());
  const fetchSheet = async (editionId: number): Promise<EditionSheet> => {
    const fetched = await archive.sheetOf(editionId);
    return remembered(sheets, mostSheets, editionId, () => fetched);
  };
  /** Sets those blocks of a digest that are not on the shelf, fetched together. */
  const fill = async (shelf: Shelf, { editionId, papers }: DigestOrder, language: Language) => {
    if (shelf.size + papers.length > mostBlocks) shelf.clear();
    const missing = papers.filter((ref) => !shelf.has(refKey(ref)));
    const views = await archive.papersOf(editionId, missing, language);
    for (const [index, ref] of missing.entries()) {
      const view = views[index];
      if (!view) throw new Error(`the archive knows no paper ${ref.paper} of edition ${editionId}`);
      shelf.set(refKey(ref), press.set(view, language));
    }
  };
  return {
    known: ({ editionId, papers }, language) => {
      const sheet = sheets.get(editionId);
      const blocks = sheet && blocksOn(shelfOf(editionId, language), papers);
      return blocks && { sheet, blocks };
    },
    fetch: async (digest, language) => {
      const sheet = sheets.get(digest.editionId) ?? (await fetchSheet(digest.editionId));
      const shelf = shelfOf(digest.editionId, language);
      // Another mail may have cleared the shelf while this one waited.
      let blocks = blocksOn(shelf, digest.papers);
      while (!blocks) {
        await fill(shelf, digest, language);
        blocks = blocksOn(shelf, digest.papers);
      }
      return { sheet, blocks };
    },
  };
};

const refKey = ({ topicId, paper, like }: PaperRef): number | string =>
  like === undefined ? topicId * 2 ** 32 + paper : `${topicId} ${paper} ${like}`;

/** The blocks of a digest; `undefined` when one is not on the shelf. */
const blocksOn = (shelf: Shelf, papers: readonly PaperRef[]): readonly Block[] | undefined => {
  const blocks: Block[] = [];
  for (const ref of papers) {
    const block = shelf.get(refKey(ref));
    if (!block) return undefined;
    blocks.push(block);
  }
  return blocks;
};
