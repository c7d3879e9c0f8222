/** What printers fetch of an edition, once for all mails that say it; plain JSON as orders are. */
import type { Db } from '../db/open.ts';
import type { BatchNews } from '../domain/batch.ts';
import type { Language } from '../domain/language.ts';
import type { PaperView } from '../mail/render.ts';
import { loadDigestPapers, loadEditionNews } from './digest-content.ts';
import { toPaperView, type WeekNews } from './digest-view.ts';
import type { MailKit } from './mail-kit.ts';
import type { PaperRef } from './orders.ts';

/** What all mails of an edition say of their day. Instants are milliseconds. */
export type EditionSheet = {
  readonly asOf: number;
  readonly rankedAt: number;
  readonly papersRead: number;
  readonly batches: readonly BatchNews[];
  /** What a week was, where the edition is of one. */
  readonly week?: WeekNews;
  /** Whether it was made of the bundled sample. */
  readonly sample: boolean;
};

type Answer<T> = T | Promise<T>;

/** Where printers ask. Whoever has no database asks somebody who has. */
export type Archive = {
  readonly sheetOf: (editionId: number) => Answer<EditionSheet>;
  /** Papers of an edition as mails show them, in the order asked for; their rank is the mail's. */
  readonly papersOf: (
    editionId: number,
    papers: readonly PaperRef[],
    language: Language,
  ) => Answer<readonly PaperView[]>;
};

/** The archive of a database. It throws where a paper or an edition is gone. */
export const openArchive = (
  db: Db,
  { baseUrl, templates }: Pick<MailKit, 'baseUrl' | 'templates'>,
): Archive => ({
  sheetOf: (editionId) => {
    const { edition, batches, week, sample } = loadEditionNews(db, editionId);
    return {
      asOf: edition.asOf.getTime(),
      rankedAt: edition.rankedAt.getTime(),
      papersRead: edition.papersRead,
      batches,
      ...(week && { week }),
      sample,
    };
  },
  papersOf: (editionId, refs, language) => {
    const papers = loadDigestPapers(db, editionId, refs);
    return papers.map((paper, index) => {
      if (!paper) throw new Error(`paper ${refs[index]?.paper} of edition ${editionId} is gone`);
      return toPaperView(paper, index + 1, baseUrl, templates.words[language]);
    });
  },
});
